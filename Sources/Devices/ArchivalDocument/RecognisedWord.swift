/// A word on a page, and where.
public struct RecognisedWord: Sendable, Equatable {
    /// NFC, without spaces.
    public var text: String
    /// Pixels from the upper left corner of the picture.
    public var left: Int
    public var right: Int
    /// The base line under the word; pixels from the upper edge.
    public var baseline: Int
    /// The highest and lowest pixel of its line.
    public var lineTop: Int
    public var lineBottom: Int
    /// 0 to 100.
    public var confidence: Double
    public var endsLine: Bool

    public init(
        text: String, left: Int, right: Int, baseline: Int, lineTop: Int, lineBottom: Int, confidence: Double,
        endsLine: Bool
    ) {
        (self.text, self.left, self.right, self.baseline) = (text, left, right, baseline)
        (self.lineTop, self.lineBottom) = (lineTop, lineBottom)
        (self.confidence, self.endsLine) = (confidence, endsLine)
    }
}
