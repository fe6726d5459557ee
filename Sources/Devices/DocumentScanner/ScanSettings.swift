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

/// How to scan. What the scanner cannot do is replaced by the nearest that it can.
public struct ScanSettings: Sendable, Equatable, Codable {
    public var source: ScanSource
    public var mode: ScanMode
    /// Dots per inch; 200 or more for papers of record.
    public var resolution: Int
    /// JPEG quality, 1 to 100.
    public var quality: Int
    /// A batch longer than this is refused.
    public var maximumPages: Int
    /// Options of the back end by their SANE names, set after all others: a device's quirks.
    public var options: [String: String]

    public init(
        source: ScanSource = .automatic, mode: ScanMode = .colour, resolution: Int = 300, quality: Int = 85,
        maximumPages: Int = 60, options: [String: String] = [:]
    ) {
        self.source = source
        self.mode = mode
        self.resolution = resolution
        self.quality = quality
        self.maximumPages = maximumPages
        self.options = options
    }

    /// Values that no scanner and no memory of a kiosk can serve are an error, not a surprise later.
    public func validate() throws(ScanRequestError) {
        guard (50...1200).contains(resolution) else { throw .outOfRange("resolution", 50...1200) }
        guard (1...100).contains(quality) else { throw .outOfRange("quality", 1...100) }
        guard (1...500).contains(maximumPages) else { throw .outOfRange("maximumPages", 1...500) }
    }
}
