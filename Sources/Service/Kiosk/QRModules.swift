import CQREncode

/// A QR code as rows of `0` and `1`, for a screen to draw.
enum QRModules {
    /// Error correction M, the smallest version that fits.
    /// - Returns: nil when the text is too long for a QR code.
    static func rows(of text: String) -> [String]? {
        guard let code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M) else { return nil }
        defer { QRcode_free(code) }
        let width = Int(code.pointee.width)
        guard width > 0, let modules = code.pointee.data else { return nil }
        return (0..<width).map { row in
            String((0..<width).map { modules[row * width + $0] & 1 == 1 ? "1" : "0" })
        }
    }
}
