import CPangoCairo
import Peripherals

/// Pango with its fonts, made once and kept warm: loading a font costs far more than drawing a ticket.
///
/// Not thread-safe, as Pango's font maps are not: used under the lock of `TicketDrawing`.
final class TextSetter {
    static let family = "Noto Sans"

    struct Style {
        var points = 12.0
        var weight = TicketElement.Weight.normal
        var align = TicketElement.Alignment.centre
        /// Lines at most; what does not fit ends in an ellipsis.
        var lines = 2
    }

    private let fontMap: UnsafeMutablePointer<PangoFontMap>
    private let context: OpaquePointer
    private let options: OpaquePointer
    private let dotsPerInch: Int

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
        self.dotsPerInch = dotsPerInch
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

    /// A paragraph of Pango markup, wrapped at words, and inside a word only between graphemes.
    func paragraph(_ markup: String, _ style: Style, width: Int) -> TextBlock? {
        guard let layout = pango_layout_new(context), let font = pango_font_description_new() else { return nil }
        defer { pango_font_description_free(font) }
        pango_font_description_set_family(font, Self.family)
        pango_font_description_set_weight(font, style.weight == .bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL)
        pango_font_description_set_size(font, Int32(style.points * Double(PANGO_SCALE)))
        pango_layout_set_font_description(layout, font)
        pango_layout_set_width(layout, Int32(width) * PANGO_SCALE)
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
        pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END)
        pango_layout_set_height(layout, -Int32(style.lines))
        pango_layout_set_line_spacing(layout, 0.92)
        pango_layout_set_alignment(layout, style.align.pango)
        pango_layout_set_markup(layout, markup, -1)
        return TextBlock(layout, dotsPerInch: dotsPerInch)
    }

    /// One bold line of Pango markup whose ink is `height` dots high.
    func headline(_ markup: String, height: Int) -> TextBlock? {
        guard let layout = pango_layout_new(context), let font = pango_font_description_new() else { return nil }
        defer { pango_font_description_free(font) }
        pango_font_description_set_family(font, Self.family)
        pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD)
        pango_layout_set_single_paragraph_mode(layout, 1)
        pango_layout_set_markup(layout, markup, -1)
        let block = TextBlock(layout, dotsPerInch: dotsPerInch)
        // Measured once at a size at which rounding does not matter, then set to the size asked for.
        let probe = 1000.0
        pango_font_description_set_absolute_size(font, probe * Double(PANGO_SCALE))
        pango_layout_set_font_description(layout, font)
        let measured = Double(max(block.ink.height, 1))
        pango_font_description_set_absolute_size(font, probe * Double(height) / measured * Double(PANGO_SCALE))
        pango_layout_set_font_description(layout, font)
        return block
    }

    /// Why a text is no Pango markup, in Pango's words; nil when it is.
    static func fault(inMarkup markup: String) -> String? {
        var error: UnsafeMutablePointer<GError>?
        guard pango_parse_markup(markup, -1, 0, nil, nil, nil, &error) == 0 else { return nil }
        defer { if let error { g_error_free(error) } }
        return error.map { String(cString: $0.pointee.message) } ?? "it can't be parsed"
    }

    /// Whether markup asks for colours or transparency, which a print head does not have.
    static func hasColours(_ markup: String) -> Bool {
        var attributes: OpaquePointer?
        guard pango_parse_markup(markup, -1, 0, &attributes, nil, nil, nil) != 0, let attributes else { return false }
        defer { pango_attr_list_unref(attributes) }
        let kinds: [PangoAttrType] = [
            PANGO_ATTR_FOREGROUND, PANGO_ATTR_BACKGROUND, PANGO_ATTR_FOREGROUND_ALPHA, PANGO_ATTR_BACKGROUND_ALPHA,
        ]
        guard let iterator = pango_attr_list_get_iterator(attributes) else { return false }
        defer { pango_attr_iterator_destroy(iterator) }
        repeat {
            if kinds.contains(where: { pango_attr_iterator_get(iterator, $0) != nil }) { return true }
        } while pango_attr_iterator_next(iterator) != 0
        return false
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
    private let dotsPerInch: Int

    init(_ layout: OpaquePointer, dotsPerInch: Int) {
        self.layout = layout
        self.dotsPerInch = dotsPerInch
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

    /// The smallest and the largest size of its letters as they came out of the layout, whatever markup asked for; nil
    /// without letters.
    var points: ClosedRange<Double>? {
        guard let iterator = pango_layout_get_iter(layout) else { return nil }
        defer { pango_layout_iter_free(iterator) }
        var range: ClosedRange<Double>?
        repeat {
            guard let run = pango_layout_iter_get_run_readonly(iterator),
                let font = run.pointee.item.pointee.analysis.font,
                let description = pango_font_describe_with_absolute_size(font)
            else { continue }
            defer { pango_font_description_free(description) }
            let dots = Double(pango_font_description_get_size(description)) / Double(PANGO_SCALE)
            let points = dots * 72 / Double(dotsPerInch)
            range = range.map { min($0.lowerBound, points)...max($0.upperBound, points) } ?? points...points
        } while pango_layout_iter_next_run(iterator) != 0
        return range
    }

    /// Whether it ends in an ellipsis.
    var isCut: Bool { pango_layout_is_ellipsized(layout) != 0 }

    /// Where each line begins, in bytes of its text.
    var lineStarts: [Int] {
        (0..<pango_layout_get_line_count(layout)).compactMap { number in
            pango_layout_get_line_readonly(layout, number).map { Int($0.pointee.start_index) }
        }
    }

    /// Letters that no font of this machine has.
    var unknownGlyphs: Int { Int(pango_layout_get_unknown_glyphs_count(layout)) }
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
