/// What a document scanner is and can do, as it says itself.
public struct ScannerSummary: Sendable, Codable, Equatable {
    public var product: String
    /// The name of now in SANE; it may be another one after a power cycle.
    public var name: String
    public var serial: String?
    /// Where it is plugged in, for example `1-1.4`.
    public var port: String?
    /// Where a driverless scanner answers.
    public var address: String?
    public var abilities: ScannerAbilities
    /// The last scan since the daemon started.
    public var lastScan: LastScan?

    /// How a scan ended.
    public struct LastScan: Sendable, Codable, Equatable {
        /// ISO 8601.
        public var endedAt: String
        public var pages: Int
        public var milliseconds: Int
        /// ``ScanError/code``; nil for a good end.
        public var error: String?

        public init(endedAt: String, pages: Int, milliseconds: Int, error: String?) {
            self.endedAt = endedAt
            self.pages = pages
            self.milliseconds = milliseconds
            self.error = error
        }
    }

    public init(
        product: String, name: String, serial: String?, port: String?, address: String?, abilities: ScannerAbilities,
        lastScan: LastScan?
    ) {
        self.product = product
        self.name = name
        self.serial = serial
        self.port = port
        self.address = address
        self.abilities = abilities
        self.lastScan = lastScan
    }
}

/// What a scanner offers for choice.
public struct ScannerAbilities: Sendable, Codable, Equatable {
    public var sources: [Source]
    /// The names of modes as the scanner says them.
    public var modes: [String]

    public struct Source: Sendable, Codable, Equatable {
        /// As the scanner names it; empty when it has only one.
        public var name: String
        /// What of ``ScanSource`` it serves.
        public var kind: ScanSource?
        /// Dots per inch: every choice, or the lowest and the highest of a range.
        public var resolutions: [Int]
        public var isRange: Bool
        /// The largest paper in millimetres; nil when the scanner does not say.
        public var width: Int?
        public var height: Int?

        public init(
            name: String, kind: ScanSource?, resolutions: [Int], isRange: Bool, width: Int?, height: Int?
        ) {
            self.name = name
            self.kind = kind
            self.resolutions = resolutions
            self.isRange = isRange
            self.width = width
            self.height = height
        }
    }

    public init(sources: [Source], modes: [String]) {
        self.sources = sources
        self.modes = modes
    }
}
