import CPangoCairo
import Foundation

/// The kinds of letters on a page. Nothing that has to be read is under 11 points.
enum A4TextStyle {
    case title, heading, head, body, answer, prominent, italic, note

    var points: Double {
        switch self {
        case .title: 16
        case .prominent: 17
        case .heading: 12
        case .head, .body, .answer, .italic: 11.5
        case .note: 10
        }
    }

    var isBold: Bool {
        switch self {
        case .title, .heading, .prominent, .head, .answer: true
        case .body, .italic, .note: false
        }
    }
}

/// Pango for one page's context. Used on one thread, as Pango's font maps must be.
final class A4TextSetter {
    enum Alignment { case left, centre, right }

    private static let family = "Noto Sans"

    private let cairo: OpaquePointer
    private let fontMap: UnsafeMutablePointer<PangoFontMap>
    private let context: OpaquePointer

    init?(_ cairo: OpaquePointer) {
        guard let fontMap = pango_cairo_font_map_new() else { return nil }
        guard let context = pango_font_map_create_context(fontMap), let options = cairo_font_options_create() else {
            g_object_unref(fontMap)
            return nil
        }
        self.cairo = cairo
        self.fontMap = fontMap
        self.context = context
        // A point of Pango is a point of the page; letters keep their true widths.
        pango_cairo_font_map_set_resolution(OpaquePointer(fontMap), 72)
        cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
        cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
        pango_cairo_context_set_font_options(context, options)
        cairo_font_options_destroy(options)
        pango_context_set_round_glyph_positions(context, 0)
    }

    deinit {
        g_object_unref(UnsafeMutableRawPointer(context))
        g_object_unref(fontMap)
    }

    /// Wraps at words, and inside a word only between graphemes.
    /// - Parameter lines: at most so many, the last with an ellipsis; nil as many as it takes.
    func text(
        _ text: String, _ style: A4TextStyle, width: Double, alignment: Alignment = .left, lines: Int? = nil
    ) -> A4Text {
        let layout = pango_layout_new(context)
        let font = pango_font_description_new()
        pango_font_description_set_family(font, Self.family)
        pango_font_description_set_weight(font, style.isBold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL)
        pango_font_description_set_style(font, style == .italic ? PANGO_STYLE_ITALIC : PANGO_STYLE_NORMAL)
        pango_font_description_set_size(font, Int32(style.points * Double(PANGO_SCALE)))
        pango_layout_set_font_description(layout, font)
        pango_font_description_free(font)
        pango_layout_set_width(layout, Int32(width * Double(PANGO_SCALE)))
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
        pango_layout_set_alignment(layout, alignment.pango)
        if let lines {
            pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END)
            pango_layout_set_height(layout, -Int32(lines))
        }
        pango_layout_set_text(layout, Self.bounded(text), -1)
        return A4Text(layout, cairo: cairo, width: width)
    }

    private static func bounded(_ text: String) -> String {
        text.count <= A4Drawing.textLimit ? text : text.prefix(A4Drawing.textLimit - 1) + "…"
    }
}

extension A4TextSetter.Alignment {
    fileprivate var pango: PangoAlignment {
        switch self {
        case .left: PANGO_ALIGN_LEFT
        case .centre: PANGO_ALIGN_CENTER
        case .right: PANGO_ALIGN_RIGHT
        }
    }
}

/// A laid-out text; lengths are points.
final class A4Text {
    struct Line {
        fileprivate var index: Int32
        /// From the left edge of the text, by its alignment.
        fileprivate var x: Double
        /// From the line's top.
        fileprivate var baseline: Double
        var height: Double
    }

    private let layout: OpaquePointer?
    private let cairo: OpaquePointer
    let lines: [Line]

    fileprivate init(_ layout: OpaquePointer?, cairo: OpaquePointer, width: Double) {
        self.layout = layout
        self.cairo = cairo
        var lines: [Line] = []
        if let iterator = pango_layout_get_iter(layout) {
            defer { pango_layout_iter_free(iterator) }
            let scale = Double(PANGO_SCALE)
            repeat {
                var box = PangoRectangle()
                pango_layout_iter_get_line_extents(iterator, nil, &box)
                let top = Double(box.y) / scale
                lines.append(
                    Line(
                        index: Int32(lines.count), x: Double(box.x) / scale,
                        baseline: Double(pango_layout_iter_get_baseline(iterator)) / scale - top,
                        height: Double(box.height) / scale))
            } while pango_layout_iter_next_line(iterator) != 0
        }
        self.lines = lines
    }

    deinit { if let layout { g_object_unref(UnsafeMutableRawPointer(layout)) } }

    var height: Double { lines.reduce(0) { $0 + $1.height } }

    func draw(x: Double, y: Double) {
        var y = y
        for line in lines {
            draw(line, x: x, y: y)
            y += line.height
        }
    }

    func draw(_ line: Line, x: Double, y: Double) {
        guard let text = pango_layout_get_line_readonly(layout, line.index) else { return }
        cairo_move_to(cairo, x + line.x, y + line.baseline)
        pango_cairo_show_layout_line(cairo, text)
    }
}
