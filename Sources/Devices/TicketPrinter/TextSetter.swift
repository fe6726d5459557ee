import CPangoCairo

/// Pango with its fonts, made once and kept warm: loading a font costs far more than drawing a ticket.
///
/// Not thread-safe, as Pango's font maps are not: used under the lock of `TicketDrawing`.
final class TextSetter {
    static let family = "Noto Sans"

    private let fontMap: UnsafeMutablePointer<PangoFontMap>
    private let context: OpaquePointer
    private let options: OpaquePointer

    init?(dotsPerInch: Int) {
        guard let fontMap = pango_cairo_font_map_new(), let options = cairo_font_options_create() else { return nil }
        guard let context = pango_font_map_create_context(fontMap) else {
            cairo_font_options_destroy(options)
            g_object_unref(fontMap)
            return nil
        }
        self.fontMap = fontMap
        self.context = context
        self.options = options
        pango_cairo_font_map_set_resolution(Self.cairoMap(fontMap), Double(dotsPerInch))
        // A print head knows black and white only: glyphs are rasterised to single dots by the font's own hints, so that
        // stems are equally thick and accents stay apart. Nothing is dithered.
        cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_NONE)
        cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_FULL)
        cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_ON)
        pango_cairo_context_set_font_options(context, options)
    }

    deinit {
        g_object_unref(UnsafeMutableRawPointer(context))
        cairo_font_options_destroy(options)
        g_object_unref(fontMap)
    }

    private static func cairoMap(_ map: UnsafeMutablePointer<PangoFontMap>) -> OpaquePointer { OpaquePointer(map) }

    /// A paragraph of at most `lines` lines, wrapped at words, and inside a word only between graphemes.
    func paragraph(
        _ text: String, points: Double, weight: TicketElement.Weight, alignment: TicketElement.Alignment, width: Int,
        lines: Int
    ) -> TextBlock? {
        guard let layout = pango_layout_new(context), let font = pango_font_description_new() else { return nil }
        defer { pango_font_description_free(font) }
        pango_font_description_set_family(font, Self.family)
        pango_font_description_set_weight(font, weight == .bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL)
        pango_font_description_set_size(font, Int32(points * Double(PANGO_SCALE)))
        pango_layout_set_font_description(layout, font)
        pango_layout_set_width(layout, Int32(width) * PANGO_SCALE)
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
        pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END)
        pango_layout_set_height(layout, -Int32(lines))
        pango_layout_set_line_spacing(layout, 0.92)
        pango_layout_set_alignment(layout, alignment.pango)
        pango_layout_set_text(layout, text, -1)
        return TextBlock(layout)
    }

    /// One bold line whose ink is `height` dots high.
    func headline(_ text: String, height: Int) -> TextBlock? {
        guard let layout = pango_layout_new(context), let font = pango_font_description_new() else { return nil }
        defer { pango_font_description_free(font) }
        pango_font_description_set_family(font, Self.family)
        pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD)
        pango_layout_set_single_paragraph_mode(layout, 1)
        pango_layout_set_text(layout, text, -1)
        let block = TextBlock(layout)
        // Measured once at a size at which rounding does not matter, then set to the size asked for.
        let probe = 1000.0
        pango_font_description_set_absolute_size(font, probe * Double(PANGO_SCALE))
        pango_layout_set_font_description(layout, font)
        let measured = Double(max(block.ink.height, 1))
        pango_font_description_set_absolute_size(font, probe * Double(height) / measured * Double(PANGO_SCALE))
        pango_layout_set_font_description(layout, font)
        return block
    }
}

/// A laid-out text and its size in dots.
final class TextBlock {
    struct Box {
        var x: Int
        var y: Int
        var width: Int
        var height: Int
    }

    let layout: OpaquePointer

    init(_ layout: OpaquePointer) {
        self.layout = layout
    }

    deinit { g_object_unref(UnsafeMutableRawPointer(layout)) }

    /// Where the black dots are.
    var ink: Box { extents.ink }
    /// What the lines take, with ascenders and descenders.
    var logical: Box { extents.logical }

    private var extents: (ink: Box, logical: Box) {
        var ink = PangoRectangle()
        var logical = PangoRectangle()
        pango_layout_get_pixel_extents(layout, &ink, &logical)
        func box(_ r: PangoRectangle) -> Box {
            Box(x: Int(r.x), y: Int(r.y), width: Int(r.width), height: Int(r.height))
        }
        return (box(ink), box(logical))
    }
}

extension TicketElement.Alignment {
    fileprivate var pango: PangoAlignment {
        switch self {
        case .left: PANGO_ALIGN_LEFT
        case .centre: PANGO_ALIGN_CENTER
        case .right: PANGO_ALIGN_RIGHT
        }
    }
}
