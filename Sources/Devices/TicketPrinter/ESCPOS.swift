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

    /// `ESC J n`: advance the paper by n vertical motion units.
    public static func feed(units: UInt8) -> [UInt8] { [esc, 0x4A, units] }

    /// Motion units below the picture before the cut, here dots.
    public static let cutFeed: UInt8 = 24

    /// `GS V 66 n`: advance to the cutter and n units further, then cut.
    public static func cut(afterUnits units: UInt8 = cutFeed) -> [UInt8] { [gs, 0x56, 66, units] }

    /// `GS ( H`, function 48: echo these four bytes when everything before is printed.
    public static func fence(_ id: FenceID) -> [UInt8] { [gs, 0x28, 0x48, 6, 0, 48, 48] + id.bytes }

    /// `GS v 0`: the picture as bands of at most `height` rows, each a complete command.
    public static func graphics(_ bitmap: MonochromeBitmap, bandHeight height: Int) -> [[UInt8]] {
        let height = min(max(height, 1), 255)
        return stride(from: 0, to: bitmap.height, by: height).map { top in
            let rows = min(height, bitmap.height - top)
            let width = bitmap.bytesPerRow
            var band: [UInt8] = [gs, 0x76, 0x30, 0, UInt8(width & 0xFF), UInt8(width >> 8 & 0xFF), UInt8(rows), 0]
            band += bitmap.bytes[top * width..<(top + rows) * width]
            return band
        }
    }

    /// A whole ticket: pieces that each end with a complete command, the last ends with the cut.
    public static func ticket(_ bitmap: MonochromeBitmap, capabilities: PrinterCapabilities) -> [[UInt8]] {
        var pieces = graphics(bitmap, bandHeight: capabilities.bandHeight)
        pieces[0] = initialise + pieces[0]
        pieces[pieces.count - 1] += cut()
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
