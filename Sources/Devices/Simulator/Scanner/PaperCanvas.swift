import CPangoCairo

/// Ink colours of papers, 0 to 1.
package struct Ink: Sendable, Equatable {
    package var red: Double
    package var green: Double
    package var blue: Double
    package var alpha: Double

    package init(red: Double, green: Double, blue: Double, alpha: Double = 1) {
        self.red = red
        self.green = green
        self.blue = blue
        self.alpha = alpha
    }

    package static let print = Ink(red: 0.09, green: 0.09, blue: 0.11)
    package static let faint = Ink(red: 0.45, green: 0.45, blue: 0.47)
    /// A ball-point pen.
    package static let pen = Ink(red: 0.08, green: 0.17, blue: 0.60)
    /// The hall's and the hospital's stamps.
    package static let stamp = Ink(red: 0.83, green: 0.10, blue: 0.13, alpha: 0.82)
}

/// Draws on paper in millimetres, with text by Pango.
package struct PaperCanvas {
    package let context: OpaquePointer

    package init(context: OpaquePointer) {
        self.context = context
    }

    package enum Alignment {
        case left
        case centre
        case right
    }

    package func ink(_ ink: Ink) {
        cairo_set_source_rgba(context, ink.red, ink.green, ink.blue, ink.alpha)
    }

    /// Writes one line; `x`, `y` is the baseline's left end, middle or right end.
    ///
    /// - Parameter size: height of the font in millimetres (1 pt is 0.353 mm).
    /// - Returns: the width of the line.
    @discardableResult
    package func text(
        _ text: String, x: Double, y: Double, size: Double, family: String = "Noto Serif", bold: Bool = false,
        italic: Bool = false, ink: Ink = .print, align: Alignment = .left, spacing: Double = 0
    ) -> Double {
        let layout = pango_cairo_create_layout(context)
        defer { g_object_unref(UnsafeMutableRawPointer(layout)) }
        let font = pango_font_description_new()
        defer { pango_font_description_free(font) }
        pango_font_description_set_family(font, family)
        pango_font_description_set_absolute_size(font, size * Double(PANGO_SCALE))
        pango_font_description_set_weight(font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL)
        pango_font_description_set_style(font, italic ? PANGO_STYLE_ITALIC : PANGO_STYLE_NORMAL)
        pango_layout_set_font_description(layout, font)
        pango_layout_set_text(layout, text, -1)
        if spacing != 0 {
            let attributes = pango_attr_list_new()
            pango_attr_list_insert(attributes, pango_attr_letter_spacing_new(Int32(spacing * Double(PANGO_SCALE))))
            pango_layout_set_attributes(layout, attributes)
            pango_attr_list_unref(attributes)
        }
        var extents = PangoRectangle()
        pango_layout_get_extents(layout, nil, &extents)
        let width = Double(extents.width) / Double(PANGO_SCALE)
        let baseline = Double(pango_layout_get_baseline(layout)) / Double(PANGO_SCALE)
        let left =
            switch align {
            case .left: x
            case .centre: x - width / 2
            case .right: x - width
            }
        self.ink(ink)
        cairo_move_to(context, left, y - baseline)
        pango_cairo_show_layout(context, layout)
        return width
    }

    package func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, width: Double = 0.2, ink: Ink = .print) {
        self.ink(ink)
        cairo_set_line_width(context, width)
        cairo_move_to(context, x1, y1)
        cairo_line_to(context, x2, y2)
        cairo_stroke(context)
    }

    package func dots(_ x1: Double, _ x2: Double, y: Double) {
        ink(.faint)
        cairo_save(context)
        cairo_set_line_width(context, 0.22)
        cairo_set_line_cap(context, CAIRO_LINE_CAP_ROUND)
        var pattern = [0.0, 0.9]
        cairo_set_dash(context, &pattern, 2, 0)
        cairo_move_to(context, x1, y)
        cairo_line_to(context, max(x1, x2), y)
        cairo_stroke(context)
        cairo_restore(context)
    }

    package func fill(_ ink: Ink, x: Double, y: Double, width: Double, height: Double, radius: Double = 0) {
        path(x: x, y: y, width: width, height: height, radius: radius)
        self.ink(ink)
        cairo_fill(context)
    }

    package func outline(
        _ ink: Ink, x: Double, y: Double, width: Double, height: Double, radius: Double = 0, line: Double = 0.2
    ) {
        path(x: x, y: y, width: width, height: height, radius: radius)
        self.ink(ink)
        cairo_set_line_width(context, line)
        cairo_stroke(context)
    }

    package func circle(_ ink: Ink, x: Double, y: Double, radius: Double, line: Double? = nil) {
        cairo_new_path(context)
        cairo_arc(context, x, y, radius, 0, 2 * .pi)
        self.ink(ink)
        if let line {
            cairo_set_line_width(context, line)
            cairo_stroke(context)
        } else {
            cairo_fill(context)
        }
    }

    /// A five-pointed star.
    package func star(_ ink: Ink, x: Double, y: Double, radius: Double) {
        cairo_new_path(context)
        for index in 0..<10 {
            let reach = index.isMultiple(of: 2) ? radius : radius * 0.382
            let (sine, cosine) = Self.direction(Double(index) * .pi / 5)
            cairo_line_to(context, x + reach * sine, y - reach * cosine)
        }
        cairo_close_path(context)
        self.ink(ink)
        cairo_fill(context)
    }

    /// Turns and moves what `draw` draws around a point.
    package func turned(_ angle: Double, x: Double, y: Double, _ draw: () -> Void) {
        cairo_save(context)
        cairo_translate(context, x, y)
        cairo_rotate(context, angle)
        draw()
        cairo_restore(context)
    }

    private func path(x: Double, y: Double, width: Double, height: Double, radius: Double) {
        cairo_new_path(context)
        guard radius > 0 else { return cairo_rectangle(context, x, y, width, height) }
        cairo_arc(context, x + width - radius, y + radius, radius, -.pi / 2, 0)
        cairo_arc(context, x + width - radius, y + height - radius, radius, 0, .pi / 2)
        cairo_arc(context, x + radius, y + height - radius, radius, .pi / 2, .pi)
        cairo_arc(context, x + radius, y + radius, radius, .pi, 1.5 * .pi)
        cairo_close_path(context)
    }

    /// Sine and cosine, from Cairo's own matrix: no mathematics library needed.
    package static func direction(_ angle: Double) -> (sine: Double, cosine: Double) {
        var matrix = cairo_matrix_t()
        cairo_matrix_init_rotate(&matrix, angle)
        return (matrix.yx, matrix.xx)
    }
}
