import CPangoCairo
import Simulator

/// Writes paragraphs onto a paper from top to bottom, and keeps what it wrote.
struct PaperWriter {
    let canvas: PaperCanvas
    /// Millimetres from the top where the next line begins.
    var y: Double
    private(set) var text: [String] = []

    /// Millimetres of a typographic point.
    static let point = 0.3528

    init(canvas: PaperCanvas, y: Double = 20) {
        self.canvas = canvas
        self.y = y
    }

    struct Style {
        /// Typographic points.
        var size = 12.0
        var family = "Noto Serif"
        var bold = false
        var italic = false
        var ink = Ink.print
        var align = PaperCanvas.Alignment.left
    }

    /// One line at a place of its own; the next paragraph begins where it would have begun.
    mutating func line(_ words: String, x: Double, y: Double, _ style: Style = Style()) {
        canvas.text(
            words, x: x, y: y, size: style.size * Self.point, family: style.family, bold: style.bold,
            italic: style.italic, ink: style.ink, align: style.align)
        text.append(words)
    }

    /// A paragraph between two margins, in as many lines as it needs.
    mutating func paragraph(_ words: String, left: Double, right: Double, _ style: Style = Style()) {
        let layout = pango_cairo_create_layout(canvas.context)
        defer { g_object_unref(UnsafeMutableRawPointer(layout)) }
        let font = pango_font_description_new()
        defer { pango_font_description_free(font) }
        let size = style.size * Self.point
        pango_font_description_set_family(font, style.family)
        pango_font_description_set_absolute_size(font, size * Double(PANGO_SCALE))
        pango_font_description_set_weight(font, style.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL)
        pango_font_description_set_style(font, style.italic ? PANGO_STYLE_ITALIC : PANGO_STYLE_NORMAL)
        pango_layout_set_font_description(layout, font)
        pango_layout_set_width(layout, Int32((right - left) * Double(PANGO_SCALE)))
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD)
        pango_layout_set_alignment(layout, style.align == .centre ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT)
        pango_layout_set_text(layout, words, -1)
        canvas.ink(style.ink)
        cairo_move_to(canvas.context, left, y)
        pango_cairo_show_layout(canvas.context, layout)
        var extents = PangoRectangle()
        pango_layout_get_extents(layout, nil, &extents)
        y += Double(extents.height) / Double(PANGO_SCALE) + size * 0.45
        text.append(words)
    }
}
