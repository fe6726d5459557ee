/// How a ticket is laid out: its elements from the top to the bottom, each over the whole width.
///
/// The same shape stands in `kiosk-config/tickets/*.yaml`. An element whose text comes out empty takes no place.
public struct TicketTemplate: Sendable, Equatable {
    public var elements: [TicketElement]

    public init(elements: [TicketElement]) {
        self.elements = elements
    }

    /// What is drawn when nothing else is configured; equal to `kiosk-config/tickets/standard.yaml`.
    public static let standard = TicketTemplate(elements: [
        TicketElement(.banner, text: "{reprintMark}", points: 15),
        TicketElement(.space, millimetres: 2),
        TicketElement(.text, text: "{hall}", points: 11.5, weight: .bold, lines: 3),
        TicketElement(.space, millimetres: 1.5),
        TicketElement(.rule, millimetres: 0.5),
        TicketElement(.space, millimetres: 4),
        TicketElement(.number, text: "{number}", millimetres: 20),
        TicketElement(.space, millimetres: 4),
        TicketElement(.banner, text: "{className}", points: 20),
        TicketElement(.space, millimetres: 2),
        TicketElement(.text, text: "{procedure}", points: 14, weight: .bold, lines: 4),
        TicketElement(.space, millimetres: 1),
        TicketElement(.text, text: "{issuedAt}", points: 12),
        TicketElement(.space, millimetres: 2),
        TicketElement(.rule, millimetres: 0.25),
        TicketElement(.space, millimetres: 1.5),
        TicketElement(.notes, points: 12, lines: 3),
        TicketElement(.qr, millimetres: 34),
    ])

    /// Elements at most: more is a mistake.
    public static let mostElements = 60

    /// What keeps the template from being drawn legibly, one sentence each; empty when it is fine. Markup is checked
    /// where it is drawn.
    public var problems: [String] {
        var found: [String] = []
        if !elements.contains(where: { $0.kind == .number }) { found.append("the template has no element `number`") }
        if elements.count > Self.mostElements {
            found.append("the template has more than \(Self.mostElements) elements")
        }
        for (index, element) in elements.enumerated() {
            found += element.problems.map { "element \(index + 1) (\(element.kind.rawValue)): \($0.key) \($0.problem)" }
        }
        return found
    }
}

/// One element of a ticket. What does not concern its kind is ignored.
public struct TicketElement: Sendable, Equatable {
    public enum Kind: String, Sendable, CaseIterable {
        /// Wrapped text.
        case text
        /// Text in white on a black plate.
        case banner
        /// The ticket's number, `millimetres` high, as wide as fits.
        case number
        /// The notes, each a paragraph.
        case notes
        /// Two or three texts side by side.
        case columns
        /// The QR code, its side with the quiet zone at most `millimetres`.
        case qr
        /// A picture, `millimetres` high at most, dithered to black and white.
        case logo
        /// A line across the ticket, `millimetres` thick.
        case rule
        /// Blank paper, `millimetres` high, between what is printed: of two that meet the larger one counts, so that an
        /// element that comes out empty leaves no hole; none at the top or at the end.
        case space
        /// Blank paper, `millimetres` high, always.
        case feed
    }

    public enum Weight: String, Sendable, CaseIterable { case normal, bold }
    public enum Alignment: String, Sendable, CaseIterable { case left, centre, right }

    /// One of two or three texts side by side.
    public struct Column: Sendable, Equatable {
        public var text: String
        public var points: Double?
        public var weight: Weight?
        public var align: Alignment?
        /// How much of the width, against the others' shares; 1 when nil.
        public var share: Double?

        public init(
            _ text: String, points: Double? = nil, weight: Weight? = nil, align: Alignment? = nil, share: Double? = nil
        ) {
            self.text = text
            self.points = points
            self.weight = weight
            self.align = align
            self.share = share
        }
    }

    public var kind: Kind
    /// Pango markup with the fields of `TicketContent` in braces, for example `Procedure: <b>{procedure}</b>`. What fills
    /// a field is never taken for markup.
    public var text: String?
    /// Size of the text; 10 at least.
    public var points: Double?
    public var weight: Weight?
    public var align: Alignment?
    /// Lines at most; what does not fit ends in an ellipsis.
    public var lines: Int?
    public var millimetres: Double?
    public var columns: [Column]
    public var logo: TicketLogo?

    public init(
        _ kind: Kind, text: String? = nil, points: Double? = nil, weight: Weight? = nil, align: Alignment? = nil,
        lines: Int? = nil, millimetres: Double? = nil, columns: [Column] = [], logo: TicketLogo? = nil
    ) {
        self.kind = kind
        self.text = text
        self.points = points
        self.weight = weight
        self.align = align
        self.lines = lines
        self.millimetres = millimetres
        self.columns = columns
        self.logo = logo
    }

    /// Nothing smaller than this, in points, is legible for old eyes at 203 dpi.
    public static let smallestPoints = 10.0
    public static let largestPoints = 72.0
    /// Millimetres: read across a hall.
    public static let smallestNumber = 14.0
    /// What may stand in braces: the fields of `TicketContent` that are texts.
    public static let fields = ["hall", "number", "className", "procedure", "issuedAt", "reprintMark", "qr"]
}

/// A picture for tickets: the bytes of a PNG file.
///
/// A class so that what is made of it can be kept by its identity; two are equal when their bytes are.
public final class TicketLogo: Sendable, Equatable {
    public let png: [UInt8]
    /// A logo has some kilobytes.
    public static let mostBytes = 1 << 20

    public init(png: [UInt8]) {
        self.png = png
    }

    public static func == (left: TicketLogo, right: TicketLogo) -> Bool {
        left === right || left.png == right.png
    }
}
