import CQREncode

/// A QR code as a square of modules (ISO/IEC 18004), error correction level M, without its quiet zone.
public struct QRCode: Sendable {
    /// Modules on a side.
    public let side: Int
    private let modules: [UInt8]

    /// The light margin that ISO/IEC 18004 asks for, in modules on each side.
    public static let quietZone = 4

    /// Bytes of UTF-8 that version 40 holds at level M.
    static let capacity = 2331

    /// The smallest version that fits.
    /// - Returns: nil when the text is empty, or longer than 2331 bytes of UTF-8.
    public init?(_ text: String) {
        let bytes = [UInt8](text.utf8)
        guard !bytes.isEmpty, bytes.count <= Self.capacity,
            let code = QRcode_encodeData(Int32(bytes.count), bytes, 0, QR_ECLEVEL_M)
        else { return nil }
        defer { QRcode_free(code) }
        side = Int(code.pointee.width)
        modules = [UInt8](UnsafeBufferPointer(start: code.pointee.data, count: side * side))
    }

    /// Bit 0 of a module says dark (qrencode.h).
    public func isDark(x: Int, y: Int) -> Bool { modules[y * side + x] & 1 != 0 }

    /// The rows from the top, `1` for a dark module and `0` for a light one: for a page to draw.
    public var rows: [String] {
        (0..<side).map { y in String((0..<side).map { x in isDark(x: x, y: y) ? "1" : "0" }) }
    }
}
