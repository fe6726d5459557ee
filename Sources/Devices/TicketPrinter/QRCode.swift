import CQREncode

/// A QR code as a square of modules (ISO/IEC 18004), error correction level M, without its quiet zone.
struct QRCode {
    /// Modules on a side.
    let side: Int
    private let modules: [UInt8]

    /// The light margin that ISO/IEC 18004 asks for, in modules on each side.
    static let quietZone = 4

    /// Bytes of UTF-8 that version 40 holds at level M.
    static let capacity = 2331

    init(_ text: String) throws(TicketDrawingError) {
        let bytes = [UInt8](text.utf8)
        guard !bytes.isEmpty, bytes.count <= Self.capacity else { throw .qrTextTooLong(bytes: bytes.count) }
        guard let code = QRcode_encodeData(Int32(bytes.count), bytes, 0, QR_ECLEVEL_M) else {
            throw .qrTextTooLong(bytes: bytes.count)
        }
        defer { QRcode_free(code) }
        side = Int(code.pointee.width)
        modules = [UInt8](UnsafeBufferPointer(start: code.pointee.data, count: side * side))
    }

    /// Bit 0 of a module says dark (qrencode.h).
    func isDark(x: Int, y: Int) -> Bool { modules[y * side + x] & 1 != 0 }
}
