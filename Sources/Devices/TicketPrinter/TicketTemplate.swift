import Peripherals

/// How a ticket is laid out: its elements from the top to the bottom, all over the whole width.
///
/// The same shape stands in `kiosk-config/tickets/*.yaml`. An element whose text comes out empty takes no place.
public struct TicketTemplate: Sendable, Equatable, Codable {
    public var elements: [TicketElement]

    public init(elements: [TicketElement]) {
        self.elements = elements
    }

    /// What is drawn when nothing else is configured; equal to `kiosk-config/tickets/standard.yaml`.
    public static let standard = TicketTemplate(elements: [
        TicketElement(.banner, text: "{reprintMark}", points: 15),
        TicketElement(.text, text: "{hall}", points: 11.5, weight: .bold, lines: 3),
        TicketElement(.space, millimetres: 1.5),
        TicketElement(.rule, millimetres: 0.5),
        TicketElement(.space, millimetres: 4),
        TicketElement(.number, text: "{number}", millimetres: 22),
        TicketElement(.space, millimetres: 4),
        TicketElement(.banner, text: "{className}", points: 20),
        TicketElement(.text, text: "{procedure}", points: 14, weight: .bold, lines: 4),
        TicketElement(.space, millimetres: 1),
        TicketElement(.text, text: "{issuedAt}", points: 12),
        TicketElement(.space, millimetres: 2),
        TicketElement(.rule, millimetres: 0.25),
        TicketElement(.space, millimetres: 1.5),
        TicketElement(.notes, points: 12, lines: 3),
        TicketElement(.qr, millimetres: 34),
    ])

    /// What keeps the template from being drawn legibly, one sentence each; empty when it is fine.
    public var problems: [String] {
        var found: [String] = []
        if !elements.contains(where: { $0.kind == .number }) { found.append("the template has no element `number`") }
        if elements.count > 60 { found.append("the template has more than 60 elements") }
        for (index, element) in elements.enumerated() {
            found += element.problems.map { "element \(index + 1) (\(element.kind.rawValue)): \($0)" }
        }
        return found
    }
}

/// One element of a ticket. What does not concern its kind is ignored.
public struct TicketElement: Sendable, Equatable, Codable {
    public enum Kind: String, Sendable, Codable {
        /// Wrapped text.
        case text
        /// Text in white on a black plate.
        case banner
        /// The ticket's number, `millimetres` high, as wide as fits.
        case number
        /// The notes, each a paragraph.
        case notes
        /// The QR code, its side with the quiet zone at most `millimetres`.
        case qr
        /// A line across the ticket, `millimetres` thick.
        case rule
        /// Blank paper, `millimetres` high.
        case space
    }

    public enum Weight: String, Sendable, Codable { case normal, bold }
    public enum Alignment: String, Sendable, Codable { case left, centre, right }

    public var kind: Kind
    /// Fixed text with the fields of `TicketContent` in braces, for example `{procedure}`.
    public var text: String?
    /// Size of the text; 10 at least.
    public var points: Double?
    public var weight: Weight?
    public var align: Alignment?
    /// Lines at most; what does not fit ends in an ellipsis.
    public var lines: Int?
    public var millimetres: Double?

    public init(
        _ kind: Kind, text: String? = nil, points: Double? = nil, weight: Weight? = nil, align: Alignment? = nil,
        lines: Int? = nil, millimetres: Double? = nil
    ) {
        self.kind = kind
        self.text = text
        self.points = points
        self.weight = weight
        self.align = align
        self.lines = lines
        self.millimetres = millimetres
    }

    /// Nothing smaller than this is legible for old eyes at 203 dpi.
    static let smallestPoints = 10.0
    /// Read across a hall.
    static let smallestNumber = 14.0

    var problems: [String] {
        var found: [String] = []
        if let points, !(Self.smallestPoints...72).contains(points) { found.append("points must be 10 to 72") }
        if let lines, !(1...20).contains(lines) { found.append("lines must be 1 to 20") }
        if let millimetres, !(0...100).contains(millimetres) { found.append("millimetres must be 0 to 100") }
        if kind == .number, let millimetres, millimetres < Self.smallestNumber {
            found.append("a number must be at least 14 mm high")
        }
        if let text, let unknown = Self.unknownField(in: text) { found.append("unknown field {\(unknown)}") }
        return found
    }

    private static let fields = ["hall", "number", "className", "procedure", "issuedAt", "reprintMark", "qr"]

    private static func unknownField(in text: String) -> String? {
        text.split(separator: "{", omittingEmptySubsequences: false).dropFirst()
            .map { String($0.prefix { $0 != "}" }) }
            .first { !fields.contains($0) }
    }

    /// The text with the ticket's fields filled in, at most `limit` characters.
    func filled(from ticket: TicketContent, limit: Int = 400) -> String {
        guard let text else { return "" }
        var result = ""
        for (index, part) in text.split(separator: "{", omittingEmptySubsequences: false).enumerated() {
            guard index > 0, let end = part.firstIndex(of: "}") else {
                result += part
                continue
            }
            result += Self.value(of: part[..<end], in: ticket) + part[part.index(after: end)...]
        }
        return String(result.prefix(limit))
    }

    private static func value(of field: Substring, in ticket: TicketContent) -> String {
        switch field {
        case "hall": ticket.hall
        case "number": ticket.number
        case "className": ticket.className
        case "procedure": ticket.procedure
        case "issuedAt": ticket.issuedAt
        case "reprintMark": ticket.reprintMark ?? ""
        case "qr": ticket.qr
        default: ""
        }
    }
}
