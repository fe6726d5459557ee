import CPangoCairo
import Peripherals
import QRCode

/// A strip of paper that is drawn from the top to the bottom.
struct TicketPage: ~Copyable {
    private let paper: PaperWidth
    private let tools: DrawingTools
    private let surface: OpaquePointer
    private let cairo: OpaquePointer
    /// The first free row.
    private(set) var y = 0
    /// Blank rows that are owed before the next element.
    private var space = 0
    /// What the last texts were like, for who checks a template.
    private(set) var inspection: Inspection?

    /// How texts came out of the layout.
    struct Inspection {
        /// The smallest and the largest letters, in points.
        var points: ClosedRange<Double>?
        /// Letters that no font has.
        var unknownGlyphs = 0
        /// Height of the number's ink, in dots.
        var numberHeight: Int?
    }

    /// Begins to look at texts, at some cost.
    mutating func inspect() { inspection = Inspection() }

    private mutating func look(at block: TextBlock, isNumber: Bool = false) {
        guard inspection != nil else { return }
        inspection?.unknownGlyphs += block.unknownGlyphs
        if isNumber {
            inspection?.numberHeight = block.ink.height
        } else if let range = block.points {
            let known = inspection?.points ?? range
            inspection?.points =
                min(known.lowerBound, range.lowerBound)...max(known.upperBound, range.upperBound)
        }
    }

    /// White at the left and the right, so that nothing is lost on a roll that runs askew.
    private var margin: Int { paper.dots(millimetres: 1.5) }
    private var innerWidth: Int { paper.dots - 2 * margin }

    init(paper: PaperWidth, tools: DrawingTools) throws(TicketDrawingError) {
        guard
            let surface = cairo_image_surface_create(
                CAIRO_FORMAT_A1, Int32(paper.dots), Int32(TicketDrawing.longest)),
            let cairo = cairo_create(surface)
        else { throw .cairo("no surface") }
        self.paper = paper
        self.tools = tools
        self.surface = surface
        self.cairo = cairo
        cairo_set_antialias(cairo, CAIRO_ANTIALIAS_NONE)
    }

    deinit {
        cairo_destroy(cairo)
        cairo_surface_destroy(surface)
    }

    mutating func add(_ element: TicketElement, of ticket: TicketContent) throws(TicketDrawingError) {
        switch element.kind {
        case .text: try addText(TicketText.markup(element.text ?? "", ticket), element.style)
        case .notes:
            for note in ticket.notes.prefix(8) {
                try addText(TicketText.escaped(TicketText.plain(note)), element.style)
                space = max(space, paper.dots(millimetres: 0.5))
            }
        case .columns: try addColumns(element, ticket)
        case .banner: try addBanner(TicketText.markup(element.text ?? "", ticket), element.style)
        case .number:
            let markup = TicketText.markup(element.text ?? "{number}", ticket, characters: 12)
            try addNumber(markup, millimetres: element.millimetres ?? 20)
        case .qr: try addQR(ticket.qr, millimetres: element.millimetres ?? 30)
        case .logo: try addLogo(element)
        case .rule:
            let thickness = max(1, paper.dots(millimetres: element.millimetres ?? 0.25))
            begin()
            fill(x: margin, y: y, width: innerWidth, height: thickness)
            try advance(thickness)
        case .space:
            space = max(space, paper.dots(millimetres: element.millimetres ?? 1))
        case .feed:
            begin()
            try advance(paper.dots(millimetres: element.millimetres ?? 1))
        }
    }

    /// The bitmap down to the last element.
    func finished() throws(TicketDrawingError) -> MonochromeBitmap {
        cairo_surface_flush(surface)
        let height = max(y, 1)
        let bytesPerRow = paper.dots / 8
        guard cairo_status(cairo) == CAIRO_STATUS_SUCCESS, let data = cairo_image_surface_get_data(surface) else {
            throw .cairo("status \(cairo_status(cairo).rawValue)")
        }
        let stride = Int(cairo_image_surface_get_stride(surface))
        let bytes = DotOrder.table.withUnsafeBufferPointer { table in
            [UInt8](unsafeUninitializedCapacity: bytesPerRow * height) { bytes, count in
                for row in 0..<height {
                    for column in 0..<bytesPerRow {
                        bytes[row * bytesPerRow + column] = table[Int(data[row * stride + column])]
                    }
                }
                count = bytesPerRow * height
            }
        }
        guard let bitmap = MonochromeBitmap(width: paper.dots, height: height, bytes: bytes) else {
            throw .cairo("rows of the wrong length")
        }
        return bitmap
    }

    // MARK: Elements

    /// Leaves the blank that is owed, none at the top. Called before anything is put on the paper.
    private mutating func begin() {
        if y > 0 { y += space }
        space = 0
    }

    private mutating func addText(_ markup: String, _ style: TextSetter.Style) throws(TicketDrawingError) {
        guard !markup.isEmpty else { return }
        let block = try paragraph(markup, style, width: innerWidth)
        begin()
        show(block, x: margin, y: y)
        try advance(block.logical.height)
    }

    /// Texts side by side, each in its share of the width, their first lines level.
    private mutating func addColumns(_ element: TicketElement, _ ticket: TicketContent) throws(TicketDrawingError) {
        let gap = paper.dots(millimetres: 2)
        let shares = element.columns.map { $0.share ?? 1 }
        let total = shares.reduce(0, +)
        let room = Double(innerWidth - gap * (shares.count - 1))
        var blocks: [(block: TextBlock, x: Int)] = []
        var x = Double(margin)
        for (column, share) in zip(element.columns, shares) {
            let width = room * share / total
            let markup = TicketText.markup(column.text, ticket)
            if !markup.isEmpty {
                let block = try paragraph(
                    markup, column.style(lines: element.lines), width: max(8, Int(width)))
                blocks.append((block, Int(x)))
            }
            x += width + Double(gap)
        }
        guard let height = blocks.map(\.block.logical.height).max() else { return }
        begin()
        for (block, x) in blocks { show(block, x: x, y: y) }
        try advance(height)
    }

    private mutating func addBanner(_ markup: String, _ style: TextSetter.Style) throws(TicketDrawingError) {
        guard !markup.isEmpty else { return }
        let inset = paper.dots(millimetres: 4)
        let block = try paragraph(markup, style, width: innerWidth - 2 * inset)
        let ink = block.ink
        let padding = paper.dots(millimetres: 2.5)
        let width = min(innerWidth, ink.width + 2 * inset + padding)
        let height = ink.height + 2 * padding
        begin()
        plate(x: (paper.dots - width) / 2, y: y, width: width, height: height, radius: paper.dots(millimetres: 2))
        cairo_set_operator(cairo, CAIRO_OPERATOR_DEST_OUT)
        show(block, x: margin + inset, y: y + padding - ink.y)
        cairo_set_operator(cairo, CAIRO_OPERATOR_OVER)
        try advance(height)
    }

    private mutating func addLogo(_ element: TicketElement) throws(TicketDrawingError) {
        guard let logo = element.logo else { throw .logo("it is missing") }
        let height = paper.dots(millimetres: element.millimetres ?? 12)
        let dots = try tools.dots(of: logo, width: innerWidth, height: max(height, 1))
        let x =
            switch element.align ?? .centre {
            case .left: margin
            case .centre: (paper.dots - dots.width) / 2
            case .right: paper.dots - margin - dots.width
            }
        begin()
        cairo_mask_surface(cairo, dots.surface, Double(x), Double(y))
        try advance(dots.height)
    }

    private mutating func addNumber(_ markup: String, millimetres: Double) throws(TicketDrawingError) {
        guard !markup.isEmpty else { throw .template("the ticket has no number") }
        // Two dots more, which rounding may take.
        let lowest = paper.dots(millimetres: TicketElement.smallestNumber) + 2
        let tallest = max(lowest, paper.dots(millimetres: millimetres))
        guard let probe = tools.setter.headline(markup, height: tallest) else { throw .cairo("no layout") }
        // Too long a number is set smaller, down to what is still read across the hall; then it is made narrower.
        let room = Double(innerWidth) / Double(max(probe.ink.width, 1))
        let height = room < 1 ? max(lowest, Int(Double(tallest) * room)) : tallest
        guard let block = tools.setter.headline(markup, height: height) else { throw .cairo("no layout") }
        look(at: block, isNumber: true)
        let ink = block.ink
        let squeeze = min(1, Double(innerWidth) / Double(max(ink.width, 1)))
        begin()
        cairo_save(cairo)
        cairo_translate(cairo, (Double(paper.dots) - Double(ink.width) * squeeze) / 2, Double(y))
        cairo_scale(cairo, squeeze, 1)
        cairo_translate(cairo, Double(-ink.x), Double(-ink.y))
        pango_cairo_layout_path(cairo, block.layout)
        cairo_fill(cairo)
        cairo_restore(cairo)
        try advance(ink.height)
    }

    private mutating func addQR(_ text: String, millimetres: Double) throws(TicketDrawingError) {
        guard !text.isEmpty else { return }
        guard let code = QRCode(text) else { throw .qrTextTooLong(bytes: text.utf8.count) }
        let modules = code.side + 2 * QRCode.quietZone
        let wanted = min(paper.dots(millimetres: millimetres), paper.dots)
        // Under 4 dots (half a millimetre) telephones begin to fail on thermal paper: rather larger than asked for.
        let dot = max(4, wanted / modules)
        guard modules * dot <= paper.dots else { throw .qrTextTooLong(bytes: text.utf8.count) }
        begin()
        let left = (paper.dots - code.side * dot) / 2
        let top = y + QRCode.quietZone * dot
        for row in 0..<code.side {
            for column in 0..<code.side where code.isDark(x: column, y: row) {
                cairo_rectangle(
                    cairo, Double(left + column * dot), Double(top + row * dot), Double(dot), Double(dot))
            }
        }
        cairo_fill(cairo)
        try advance(modules * dot)
    }

    // MARK: Ink

    /// A text that is too long for its lines is set smaller, as small as old eyes can read, before it ends in an ellipsis.
    private mutating func paragraph(
        _ markup: String, _ style: TextSetter.Style, width: Int
    ) throws(TicketDrawingError) -> TextBlock {
        guard var block = tools.setter.paragraph(markup, style, width: width) else { throw .cairo("no layout") }
        var style = style
        while block.isCut, style.points > TicketElement.smallestPoints {
            style.points = max(TicketElement.smallestPoints, style.points * 0.88)
            guard let smaller = tools.setter.paragraph(markup, style, width: width) else { throw .cairo("no layout") }
            // Markup may have made a part of it smaller still.
            guard let points = smaller.points, points.lowerBound > TicketElement.smallestPoints - 0.2 else { break }
            block = smaller
        }
        look(at: block)
        return block
    }

    private func show(_ block: TextBlock, x: Int, y: Int) {
        cairo_move_to(cairo, Double(x), Double(y))
        pango_cairo_show_layout(cairo, block.layout)
    }

    private func fill(x: Int, y: Int, width: Int, height: Int) {
        cairo_rectangle(cairo, Double(x), Double(y), Double(width), Double(height))
        cairo_fill(cairo)
    }

    private func plate(x: Int, y: Int, width: Int, height: Int, radius: Int) {
        let (left, top, right, bottom) = (Double(x), Double(y), Double(x + width), Double(y + height))
        let r = Double(min(radius, height / 2, width / 2))
        cairo_new_path(cairo)
        cairo_arc(cairo, right - r, top + r, r, -.pi / 2, 0)
        cairo_arc(cairo, right - r, bottom - r, r, 0, .pi / 2)
        cairo_arc(cairo, left + r, bottom - r, r, .pi / 2, .pi)
        cairo_arc(cairo, left + r, top + r, r, .pi, 3 * .pi / 2)
        cairo_close_path(cairo)
        cairo_fill(cairo)
    }

    private mutating func advance(_ dots: Int) throws(TicketDrawingError) {
        y += max(0, dots)
        if y > TicketDrawing.longest { throw .tooLong(dots: y) }
    }
}

extension TicketElement {
    fileprivate var style: TextSetter.Style {
        TextSetter.Style(
            points: points ?? 12, weight: kind == .banner ? .bold : weight ?? .normal, align: align ?? .centre,
            lines: lines ?? 2)
    }
}

extension TicketElement.Column {
    fileprivate func style(lines: Int?) -> TextSetter.Style {
        TextSetter.Style(points: points ?? 12, weight: weight ?? .normal, align: align ?? .left, lines: lines ?? 2)
    }
}
