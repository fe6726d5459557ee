import CZBar
import Peripherals

/// QR and bar codes on a page, by zbar.
enum CodeReader {
    static let codeLimit = 16

    /// Only symbologies with a checksum: others are "read" in lines of text.
    private static let symbologies = [ZBAR_QRCODE, ZBAR_CODE128, ZBAR_EAN13]

    static func codes(in plane: Plane) -> [PageCode] {
        guard let scanner = zbar_image_scanner_create(), let image = zbar_image_create() else { return [] }
        defer {
            zbar_image_destroy(image)
            zbar_image_scanner_destroy(scanner)
        }
        zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0)
        for symbology in symbologies { zbar_image_scanner_set_config(scanner, symbology, ZBAR_CFG_ENABLE, 1) }
        // zbar guesses character sets otherwise, and breaks Vietnamese.
        zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_BINARY, 1)
        for density in [ZBAR_CFG_X_DENSITY, ZBAR_CFG_Y_DENSITY] {
            zbar_image_scanner_set_config(scanner, ZBAR_NONE, density, 2)
        }
        // The format's name as zbar writes it: four letters, the first one lowest.
        zbar_image_set_format(image, 0x3030_3859)
        zbar_image_set_size(image, UInt32(plane.width), UInt32(plane.height))
        return plane.samples.withUnsafeBytes { bytes in
            zbar_image_set_data(image, bytes.baseAddress, UInt(bytes.count), nil)
            guard zbar_scan_image(scanner, image) > 0 else { return [] }
            return codes(of: image)
        }
    }

    private static func codes(of image: OpaquePointer) -> [PageCode] {
        var codes: [PageCode] = []
        var symbol = zbar_image_first_symbol(image)
        while let current = symbol, codes.count < codeLimit {
            let length = Int(zbar_symbol_get_data_length(current))
            if length > 0, length <= PageCode.textLimit, let data = zbar_symbol_get_data(current),
                let name = zbar_get_symbol_name(zbar_symbol_get_type(current))
            {
                let bytes = UnsafeRawBufferPointer(start: data, count: length)
                if let text = String(validating: bytes, as: UTF8.self) {
                    let code = PageCode(symbology: String(cString: name), text: text)
                    if !codes.contains(code) { codes.append(code) }
                }
            }
            symbol = zbar_symbol_next(current)
        }
        return codes
    }
}

extension PageCode {
    /// The QR code of a Viet Nam identity card (thẻ căn cước): number of twelve digits, old number, name, date of birth,
    /// sex, address, date of issue, separated by bars; newer cards append more. Whether the card is genuine is not asked.
    var isIdentityCard: Bool {
        let fields = text.split(separator: "|", omittingEmptySubsequences: false)
        guard symbology == "QR-Code", fields.count >= 7 else { return false }
        return Self.isDigits(fields[0], 12) && (fields[1].isEmpty || Self.isDigits(fields[1], 9))
            && Self.isDigits(fields[3], 8) && Self.isDigits(fields[6], 8)
    }

    private static func isDigits(_ text: Substring, _ count: Int) -> Bool {
        text.utf8.count == count && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}
