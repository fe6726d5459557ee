import CPangoCairo
import Peripherals
import QRCode

/// Fills pages from the top to the bottom. Lengths are points, 72 to the inch.
final class A4Flow {
    /// ISO 216: 210 mm × 297 mm.
    static let width = 210 * millimetre
    static let height = 297 * millimetre
    static let millimetre = 72 / 25.4

    // Decree 30/2020/NĐ-CP, appendix I: 30 to 35 mm at the left for the binding, 15 to 20 at the right, 20 to 25 else.
    static let left = 30 * millimetre
    private static let right = width - 15 * millimetre
    private static let top = 20 * millimetre
    private static let bottom = height - 20 * millimetre
    private static let measure = right - left
    /// Above the foot line.
    private static let floor = bottom - 22

    /// The one being filled; the first is 1.
    private(set) var page = 1
    private let cairo: OpaquePointer
    private let setter: A4TextSetter
    private let footer: String
    private let pageLabel: String
    /// nil while they are being counted.
    private let pages: Int?
    private var y = A4Flow.top

    init(_ cairo: OpaquePointer, footer: String, pageLabel: String, pages: Int?) throws(A4DrawingError) {
        guard let setter = A4TextSetter(cairo) else { throw .cairo("no font map") }
        self.cairo = cairo
        self.setter = setter
        self.footer = footer
        self.pageLabel = pageLabel
        self.pages = pages
    }

    /// The head of the first page, and the title.
    func begin(_ document: A4Document) throws(A4DrawingError) {
        let gap = 16.0
        let column = (Self.measure - gap) / 2
        let head = [(document.issuer, Self.left), (document.reference, Self.left + column + gap)].map { lines, x in
            (setter.text(lines.joined(separator: "\n"), .head, width: column, alignment: .centre), x)
        }
        for (block, x) in head { block.draw(x: x, y: y) }
        y += (head.map(\.0.height).max() ?? 0) + 22
        try paragraph(document.title, .title, alignment: .centre, after: 2)
        if let subtitle = document.subtitle { try paragraph(subtitle, .body, alignment: .centre, after: 4) }
        y += 12
    }

    func add(_ block: A4Document.Block) throws(A4DrawingError) {
        switch block {
        case .heading(let text):
            y += 8
            // Never alone at the foot of a page.
            try need(56)
            try paragraph(text, .heading, after: 4)
        case .paragraph(let text): try paragraph(text, .body, after: 6)
        case .note(let text): try paragraph(text, .note, after: 4)
        case .field(let label, let value): try field(label, value)
        case .prominent(let label, let value): try prominent(label, value)
        case .list(let lines): try list(lines)
        case .qr(let text, let caption): try qr(text, caption)
        case .signatures(let signatures): try sign(signatures)
        }
    }

    /// The last page is done.
    func end() { foot() }

    // MARK: Pages

    /// Begins a new page unless so much is left on this one.
    private func need(_ height: Double) throws(A4DrawingError) {
        guard y + height > Self.floor, y > Self.top else { return }
        foot()
        guard page < A4Drawing.pageLimit else { throw .tooLong }
        cairo_show_page(cairo)
        page += 1
        y = Self.top
    }

    private func foot() {
        rule(at: Self.bottom - 16, thickness: 0.5)
        let label = pageLabel.replacingOccurrences(of: "{pages}", with: pages.map(String.init) ?? "00")
            .replacingOccurrences(of: "{page}", with: String(page))
        setter.text(footer, .note, width: Self.measure * 0.72, lines: 1).draw(x: Self.left, y: Self.bottom - 13)
        setter.text(label, .note, width: Self.measure * 0.26, alignment: .right, lines: 1)
            .draw(x: Self.right - Self.measure * 0.26, y: Self.bottom - 13)
    }

    private func rule(at y: Double, thickness: Double) {
        cairo_set_line_width(cairo, thickness)
        cairo_move_to(cairo, Self.left, y)
        cairo_line_to(cairo, Self.right, y)
        cairo_stroke(cairo)
    }

    // MARK: Blocks

    private func paragraph(
        _ text: String, _ style: A4TextStyle, alignment: A4TextSetter.Alignment = .left, after: Double
    ) throws(A4DrawingError) {
        guard !text.isEmpty else { return }
        try pour(setter.text(text, style, width: Self.measure, alignment: alignment), x: Self.left)
        y += after
    }

    /// Line after line, over as many pages as they take.
    private func pour(_ block: A4Text, x: Double) throws(A4DrawingError) {
        for line in block.lines {
            try need(line.height)
            block.draw(line, x: x, y: y)
            y += line.height
        }
    }

    private func field(_ label: String, _ value: String) throws(A4DrawingError) {
        let gap = 10.0
        let labelWidth = Self.measure * 0.42
        let name = setter.text(String(label.prefix(400)), .body, width: labelWidth)
        let answer = setter.text(value, .answer, width: Self.measure - labelWidth - gap)
        // Kept together where a page can hold it.
        let whole = max(name.height, answer.height)
        try need(min(whole, Self.floor - Self.top))
        let (startPage, start) = (page, y)
        name.draw(x: Self.left, y: y)
        try pour(answer, x: Self.left + labelWidth + gap)
        if page == startPage { y = max(y, start + name.height) }
        y += 2.5
        cairo_set_source_rgb(cairo, 0.6, 0.6, 0.6)
        rule(at: y, thickness: 0.4)
        cairo_set_source_rgb(cairo, 0, 0, 0)
        y += 2.5
    }

    private func prominent(_ label: String, _ value: String) throws(A4DrawingError) {
        let name = setter.text(label, .body, width: Self.measure - 24)
        let answer = setter.text(value, .prominent, width: Self.measure - 24)
        let height = name.height + answer.height + 16
        try need(height + 6)
        cairo_set_line_width(cairo, 1)
        cairo_rectangle(cairo, Self.left, y, Self.measure, height)
        cairo_stroke(cairo)
        name.draw(x: Self.left + 12, y: y + 7)
        answer.draw(x: Self.left + 12, y: y + 8 + name.height)
        y += height + 8
    }

    private func list(_ lines: [String]) throws(A4DrawingError) {
        for (index, line) in lines.enumerated() {
            let number = setter.text("\(index + 1).", .body, width: 24)
            let text = setter.text(line, .body, width: Self.measure - 26)
            try need(min(text.height, Self.floor - Self.top))
            number.draw(x: Self.left, y: y)
            try pour(text, x: Self.left + 26)
            y += 3
        }
        y += 3
    }

    private func qr(_ text: String, _ caption: String) throws(A4DrawingError) {
        guard let code = QRCode(text) else { throw .qrTextTooLong }
        let side = 34 * Self.millimetre
        try need(side + 8)
        let module = side / Double(code.side)
        for row in 0..<code.side {
            for column in 0..<code.side where code.isDark(x: column, y: row) {
                cairo_rectangle(
                    cairo, Self.left + 6 + Double(column) * module, y + 4 + Double(row) * module, module, module)
            }
        }
        // Neighbouring modules meet without a hair between them.
        cairo_set_antialias(cairo, CAIRO_ANTIALIAS_NONE)
        cairo_fill(cairo)
        cairo_set_antialias(cairo, CAIRO_ANTIALIAS_DEFAULT)
        let beside = setter.text(caption, .body, width: Self.measure - side - 30, lines: 8)
        beside.draw(x: Self.left + side + 26, y: y + 4 + max(0, (side - beside.height) / 2))
        y += side + 12
    }

    private func sign(_ signatures: [A4Document.Signature]) throws(A4DrawingError) {
        guard !signatures.isEmpty else { return }
        let column = Self.measure / Double(max(2, signatures.count))
        let columns = signatures.prefix(3).map { signature in
            [
                setter.text(signature.above, .italic, width: column - 10, alignment: .centre, lines: 2),
                setter.text(signature.title, .heading, width: column - 10, alignment: .centre, lines: 3),
                setter.text(signature.hint, .italic, width: column - 10, alignment: .centre, lines: 2),
            ]
        }
        let heights = (0..<3).map { row in columns.map { $0[row].height }.max() ?? 0 }
        // Room for the hand.
        try need(heights.reduce(16, +) + 70)
        y += 16
        // A single signature stands at the right, where it is looked for.
        let first = signatures.count == 1 ? Self.left + column : Self.left
        for row in 0..<3 {
            for (index, texts) in columns.enumerated() {
                texts[row].draw(x: first + Double(index) * column + 5, y: y)
            }
            y += heights[row]
        }
        y += 70
    }
}
