/// What one model of printer can do. The same shape stands in `kiosk-config/devices/printers.yaml`.
public struct PrinterCapabilities: Sendable, Equatable, Codable {
    /// How a printer says that everything before is on paper.
    public enum Proof: String, Sendable, Codable {
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

    public var paper: PaperWidth
    /// Rows in one `GS v 0`; cheap printers lose rows of taller pictures.
    public var bandHeight: Int
    public var proof: Proof
    /// Whether `GS a` may be used: the only status that arrives while the printer takes no more bytes.
    public var automaticStatus: Bool

    public init(
        paper: PaperWidth = .mm80, bandHeight: Int = 128, proof: Proof = .learn, automaticStatus: Bool = true
    ) {
        self.paper = paper
        self.bandHeight = min(max(bandHeight, 8), 255)
        self.proof = proof
        self.automaticStatus = automaticStatus
    }

    /// For a printer that nobody has described: 80 mm, small bands, and ask it.
    public static let standard = PrinterCapabilities()
}
