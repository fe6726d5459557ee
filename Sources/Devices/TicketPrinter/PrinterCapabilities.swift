import USB

/// What one model of printer can do. `kiosk-config/devices/printers.yaml` describes models with the same words.
public struct PrinterCapabilities: Sendable, Equatable {
    /// How a printer says that everything before is on paper.
    public enum Proof: String, Sendable {
        /// It echoes `GS ( H` when all before it is printed.
        case fence
        /// It answers `GS r 1` when it has worked off all before it.
        case status
        /// It goes idle in its automatic status when all is printed.
        case idle
        /// It can't. A ticket is *transmitted*, never *printed*.
        case none
        /// Ask the printer when it is idle for the first time.
        case learn
    }

    public enum Cut: String, Sendable {
        /// No cutter: the ticket is fed past the edge where it is torn off.
        case none
        /// One point stays, so that the ticket does not fall down.
        case partial
        case full
    }

    public var paper: PaperWidth
    /// Rows in one `GS v 0`; cheap printers lose rows of taller pictures.
    public var bandHeight: Int
    /// Bytes of dots in one `GS v 0`: what a cheap printer's buffer takes.
    public var bandBytes: Int
    public var cut: Cut
    public var proof: Proof
    /// Whether `GS a` may be used: the only status that arrives while the printer takes no more bytes.
    public var automaticStatus: Bool
    /// Whether it tells that the roll ends soon; nil when nobody knows.
    public var hasNearEndSensor: Bool?

    public init(
        paper: PaperWidth = .mm80, bandHeight: Int = 128, bandBytes: Int = 4096, cut: Cut = .partial,
        proof: Proof = .learn, automaticStatus: Bool = true, hasNearEndSensor: Bool? = nil
    ) {
        self.paper = paper
        self.bandHeight = min(max(bandHeight, 8), 255)
        self.bandBytes = min(max(bandBytes, 512), 65_535)
        self.cut = cut
        self.proof = proof
        self.automaticStatus = automaticStatus
        self.hasNearEndSensor = hasNearEndSensor
    }

    /// For a printer that nobody has described: 80 mm, small bands, and ask it.
    public static let standard = PrinterCapabilities()
}

/// What a printer can do, by what it says of itself: looked up when it is plugged in, and again when it was opened and
/// told its IEEE 1284 id.
public typealias PrinterLookup = @Sendable (USBDeviceInfo, IEEE1284ID?) -> PrinterCapabilities
