import CZBar
import Peripherals

/// QR and bar codes on a page, by zbar.
enum CodeReader {
    static let codeLimit = 16

    /// Only symbologies with a checksum, and that the tests have: others are "read" in lines of text. zbar knows no Data Matrix,
    /// and reads no PDF417 in Debian 12.
    private static let symbologies = [ZBAR_QRCODE, ZBAR_CODE128, ZBAR_EAN13]

    /// Looks where ink is as dense as in codes; text is less dense.
    static func codes(on analysis: PageAnalysis) -> [PageCode] {
        let dense = TileMask(dense: analysis.ink)
        var codes: [PageCode] = []
        for area in dense.areas().prefix(areaLimit) where mayBeCode(area) {
            let picture = analysis.crop(area, of: dense)
            for code in Self.codes(in: picture) where !codes.contains(code) && codes.count < codeLimit {
                codes.append(code)
            }
        }
        return codes
    }

    private static let areaLimit = 8

    /// Tiles of 3 mm: a square of a centimetre, or a strip twice as long.
    private static func mayBeCode(_ area: InkPiece) -> Bool {
        let (short, long) = (min(area.width, area.height), max(area.width, area.height))
        return short >= 3 || short == 2 && long >= 6
    }

    static func codes(in plane: Plane) -> [PageCode] {
        guard let scanner = zbar_image_scanner_create(), let image = zbar_image_create() else { return [] }
        defer {
            zbar_image_destroy(image)
            zbar_image_scanner_destroy(scanner)
        }
        zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0)
        for symbology in symbologies { zbar_image_scanner_set_config(scanner, symbology, ZBAR_CFG_ENABLE, 1) }
        // Every third line of the picture is enough: at 300 dpi it is a quarter of a millimetre.
        zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_X_DENSITY, 3)
        zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_Y_DENSITY, 3)
        // zbar guesses character sets otherwise, and breaks Vietnamese.
        zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_BINARY, 1)
        // The format's name as zbar writes it: "Y800", the first letter lowest.
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

extension TileMask {
    /// Tiles of which more than a third is ink, with their surroundings: codes, photographs, thick rules.
    init(dense ink: InkPicture) {
        let size = 3 * ink.dotsPerMillimetre
        let (columns, rows) = (max(1, Int(Double(ink.width) / size)), max(1, Int(Double(ink.height) / size)))
        let isUsed = (0..<columns * rows).map { index in
            let (column, row) = (index % columns, index / columns)
            let across = column * ink.width / columns..<(column + 1) * ink.width / columns
            let down = row * ink.height / rows..<(row + 1) * ink.height / rows
            return ink.count(across, down) * 100 >= 36 * across.count * down.count
        }
        self.init(columns: columns, rows: rows, isUsed: isUsed)
    }
}

extension PageAnalysis {
    /// The part of the picture around some tiles of the page, in its full resolution and not straightened.
    func crop(_ area: InkPiece, of mask: TileMask) -> Plane {
        let scale = picture.resolution / resolution
        let map = outline.placement(scale: scale, quarterTurns: 0)
        let tile = (x: Double(page.width) / Double(mask.columns), y: Double(page.height) / Double(mask.rows))
        // A tile more on each side: the quiet zone, and what of the code fills only a part of a tile.
        let (left, right) = (Double(area.x - 2) * tile.x, Double(area.x + area.width + 2) * tile.x)
        let (top, bottom) = (Double(area.y - 2) * tile.y, Double(area.y + area.height + 2) * tile.y)
        let corners = [map(left, top), map(right, top), map(left, bottom), map(right, bottom)]
        let xs = corners.map { min(max(Int($0.x), 0), picture.width) }
        let ys = corners.map { min(max(Int($0.y), 0), picture.height) }
        let (minX, maxX) = (xs.min() ?? 0, xs.max() ?? 0)
        let (minY, maxY) = (ys.min() ?? 0, ys.max() ?? 0)
        let line = picture.width
        let rows = (minY..<maxY).map { $0 * line + minX..<$0 * line + maxX }
        return Plane(width: maxX - minX, height: maxY - minY, samples: picture.luminance.joined(rows))
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
