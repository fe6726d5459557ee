/// Where the paper lies.
public enum ScanSource: String, Sendable, Codable, CaseIterable {
    /// The feeder when the scanner has one, else the glass. An empty feeder does not fall back to the glass: a picture
    /// of nothing helps nobody.
    case automatic
    case feeder
    /// The feeder, both sides.
    case duplex
    case flatbed
}

public enum ScanMode: String, Sendable, Codable, CaseIterable {
    case colour
    case grey
}

/// How much of the bed or of the feeder's way is scanned.
public enum ScanPaper: String, Sendable, Codable, CaseIterable {
    /// All that the scanner has, up to ``longest``: for papers of any size, and to see that two sheets went in at once.
    case automatic = "auto"
    case a4
    case a5
    case a6
    case letter
    case legal

    /// Millimetres: ISO 216, and ANSI/ASME Y14.1 for letter and legal. nil for ``automatic``.
    public var size: (width: Double, height: Double)? {
        switch self {
        case .automatic: nil
        case .a4: (210, 297)
        case .a5: (148, 210)
        case .a6: (105, 148)
        case .letter: (215.9, 279.4)
        case .legal: (215.9, 355.6)
        }
    }

    /// Millimetres. Feeders that take papers of metres exist; no paper of record is longer than A3.
    public static let longest = 432.0
}

/// What a scan is to use instead of what the kiosk's settings say; nil: what they say.
public struct ScanChoices: Sendable, Codable, Equatable {
    public var source: ScanSource?
    public var mode: ScanMode?
    public var paper: ScanPaper?
    /// Dots per inch, within ``resolutions``.
    public var resolution: Int?

    public static let resolutions = 50...1200

    public init(
        source: ScanSource? = nil, mode: ScanMode? = nil, paper: ScanPaper? = nil, resolution: Int? = nil
    ) {
        self.source = source
        self.mode = mode
        self.paper = paper
        self.resolution = resolution
    }
}
