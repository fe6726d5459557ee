import CPangoCairo

/// The printer's own font, for hosts that send text: ASCII, 12 × 24 dots a letter.
enum LineText {
    static func rows(_ text: [UInt8], width: Int) -> [[UInt8]] {
        let height = ESCPOSInterpreter.lineHeight
        guard !text.isEmpty, let surface = cairo_image_surface_create(CAIRO_FORMAT_A8, Int32(width), Int32(height)),
            let cairo = cairo_create(surface)
        else { return [[UInt8]](repeating: [], count: height) }
        defer {
            cairo_destroy(cairo)
            cairo_surface_destroy(surface)
        }
        cairo_select_font_face(cairo, "monospace", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL)
        cairo_set_font_size(cairo, 20)
        for (index, byte) in text.prefix(width / 12).enumerated() {
            cairo_move_to(cairo, Double(index * 12), 22)
            cairo_show_text(cairo, (0x20...0x7E).contains(byte) ? String(UnicodeScalar(byte)) : "?")
        }
        cairo_surface_flush(surface)
        guard let data = cairo_image_surface_get_data(surface) else { return [] }
        let stride = Int(cairo_image_surface_get_stride(surface))
        return (0..<height).map { y in
            (0..<width / 8).map { column in
                (0..<8).reduce(UInt8(0)) { $0 << 1 | (data[y * stride + column * 8 + $1] > 127 ? 1 : 0) }
            }
        }
    }
}
