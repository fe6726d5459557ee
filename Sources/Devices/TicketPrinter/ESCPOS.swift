/// The ESC/POS commands that the driver sends, as bytes. Names are those of Epson's reference.
public enum ESCPOS {
    static let dle: UInt8 = 0x10
    static let eot: UInt8 = 0x04
    static let esc: UInt8 = 0x1B
    static let gs: UInt8 = 0x1D

    /// `ESC @`: forget settings and what waits in the print buffer.
    public static let initialise: [UInt8] = [esc, 0x40]

    /// `DLE EOT n`: one byte of status at once, past everything that waits.
    public static func realTimeStatus(_ request: ESCPOSStatus.Request) -> [UInt8] { [dle, eot, request.rawValue] }

    /// `GS a n`: four bytes of status whenever something changes. Bit 1 online, bit 2 errors, bit 3 paper.
    public static func automaticStatus(_ on: Bool) -> [UInt8] { [gs, 0x61, on ? 0b1110 : 0] }

    /// `GS r 1`: the paper sensor's status, when everything before has been worked off.
    public static let paperSensorStatus: [UInt8] = [gs, 0x72, 1]

    /// `ESC d n`: advance by n lines of the printer's own height, about 4 mm each.
    static func feed(lines: UInt8) -> [UInt8] { [esc, 0x64, lines] }

    /// Motion units below the picture before the cut, here dots.
    public static let cutFeed: UInt8 = 24

    /// `GS V 66 n`: advance to the cutter and n units further, then cut but for a point.
    public static func cut(afterUnits units: UInt8 = cutFeed) -> [UInt8] { [gs, 0x56, 66, units] }

    /// The end of a ticket: `GS V 65 n`, `GS V 66 n`, or without a cutter lines enough to pass the edge where it is torn.
    static func end(_ cut: PrinterCapabilities.Cut) -> [UInt8] {
        switch cut {
        case .none: feed(lines: 5)
        case .partial: self.cut()
        case .full: [gs, 0x56, 65, cutFeed]
        }
    }

    /// `GS ( H`, function 48: echo these four bytes when everything before is printed.
    public static func fence(_ id: FenceID) -> [UInt8] { [gs, 0x28, 0x48, 6, 0, 48, 48] + id.bytes }

    /// A whole ticket: pieces that each end with a complete command, the last ends with the cut.
    public static func ticket(_ bitmap: MonochromeBitmap, capabilities: PrinterCapabilities) -> [[UInt8]] {
        var pieces = RasterBands.pieces(
            bitmap, height: capabilities.bandHeight, bytes: capabilities.bandBytes)
        pieces[0] = initialise + pieces[0]
        pieces[pieces.count - 1] += end(capabilities.cut)
        return pieces
    }
}

/// Four bytes that a printer echoes, different from those of other jobs.
///
/// Only the letters `@` to `O` are used although 20h to 7Eh are allowed: their bit 4 is clear, so that a real-time
/// status or an automatic one that arrives in the middle of the echo can't be taken for a part of it.
public struct FenceID: Sendable, Hashable {
    public let bytes: [UInt8]

    public init(_ number: UInt16) {
        bytes = (0..<4).map { 0x40 | UInt8(number >> (12 - 4 * $0) & 0xF) }
    }

    /// - Returns: nil when the bytes are not those of an id made here.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 4, bytes.allSatisfy({ $0 & 0xF0 == 0x40 }) else { return nil }
        self.bytes = [UInt8](bytes)
    }
}
