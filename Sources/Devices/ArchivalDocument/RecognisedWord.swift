/// A word on a page, and where.
struct RecognisedWord: Sendable, Equatable {
    /// NFC, without spaces.
    var text: String
    /// Pixels from the upper left corner of the picture.
    var left: Int
    var right: Int
    /// The base line under the word; pixels from the upper edge.
    var baseline: Int
    /// The highest and lowest pixel of its line.
    var lineTop: Int
    var lineBottom: Int
    /// 0 to 100.
    var confidence: Double
    var endsLine: Bool
}
