/// What is known about a generated scan because it was made that way.
public struct CorpusTruth: Sendable, Codable, Equatable {
    public struct Point: Sendable, Codable, Equatable {
        public var x: Double
        public var y: Double
    }

    /// The file's name in a folder of the corpus.
    public var file = ""
    public var name: String
    /// Pixels of the picture, and dots per inch.
    public var width: Int
    public var height: Int
    public var resolution: Int
    /// Degrees that the paper lies turned clockwise, beside whole quarter turns.
    public var angle: Double
    /// Clockwise quarter turns, 0 to 3, how the paper lies in the picture.
    public var quarterTurns: Int
    /// The paper's corners in pixels of the picture: clockwise from the top left of the upright paper.
    public var corners: [Point]
    /// Millimetres of the upright paper.
    public var paperWidth: Double
    public var paperHeight: Double
    public var isBlank: Bool
    /// Texts of the QR and bar codes.
    public var codes: [String]
    /// Paragraphs in reading order, one a line.
    public var text: String
}

/// A generated scan and the truth about it.
public struct CorpusScan: Sendable {
    public var jpeg: [UInt8]
    public var truth: CorpusTruth
}
