import Peripherals

/// How to scan. What the scanner cannot do is replaced by the nearest that it can.
public struct ScanSettings: Sendable, Equatable, Codable {
    public var source: ScanSource
    public var mode: ScanMode
    public var paper: ScanPaper
    /// Dots per inch; 200 or more for papers of record.
    public var resolution: Int
    /// JPEG quality, 1 to 100.
    public var quality: Int
    /// A batch longer than this is refused.
    public var maximumPages: Int
    /// Options of the back end by their SANE names, set after all others: a device's quirks.
    public var options: [String: String]

    public init(
        source: ScanSource = .automatic, mode: ScanMode = .colour, paper: ScanPaper = .a4, resolution: Int = 300,
        quality: Int = 85, maximumPages: Int = 60, options: [String: String] = [:]
    ) {
        self.source = source
        self.mode = mode
        self.paper = paper
        self.resolution = resolution
        self.quality = quality
        self.maximumPages = maximumPages
        self.options = options
    }

    /// Values that no scanner and no memory of a kiosk can serve are an error, not a surprise later.
    public func validate() throws(ScanRequestError) {
        guard ScanChoices.resolutions.contains(resolution) else {
            throw .outOfRange("resolution", ScanChoices.resolutions)
        }
        guard (1...100).contains(quality) else { throw .outOfRange("quality", 1...100) }
        guard (1...500).contains(maximumPages) else { throw .outOfRange("maximumPages", 1...500) }
    }

    /// The settings with what somebody chose for one scan.
    func with(_ choices: ScanChoices) -> ScanSettings {
        var settings = self
        settings.source = choices.source ?? source
        settings.mode = choices.mode ?? mode
        settings.paper = choices.paper ?? paper
        settings.resolution = choices.resolution ?? resolution
        return settings
    }
}
