/// A paper for people, of a page or a few: what stands on it, not where. All texts are in the reader's language.
///
/// ```swift
/// let slip = A4Document(title: "PHIẾU NỘP HỒ SƠ", blocks: [.field(label: "Mã hồ sơ", value: "H21-…"), .qr("H21-…")])
/// ```
public struct A4Document: Sendable, Equatable {
    /// At the top left, one line each: the agency and its hall.
    public var issuer: [String]
    /// At the top right, one line each: what form or number it is.
    public var reference: [String]
    public var title: String
    public var subtitle: String?
    public var blocks: [Block]
    /// At the foot of every page, left of the page number: for example the dossier's code.
    public var footer: String
    /// How a page is numbered: `{page}` and `{pages}` are filled in.
    public var pageLabel: String

    public enum Block: Sendable, Equatable {
        case heading(String)
        case paragraph(String)
        /// A label and what was answered, beside each other; a long value wraps.
        case field(label: String, value: String)
        /// A value that must be read at once, for example the dossier's code.
        case prominent(label: String, value: String)
        /// Numbered lines.
        case list([String])
        /// A QR code with what it says below.
        case qr(String, caption: String)
        /// Place and date above, a title, and room for signatures below: one column each.
        case signatures([Signature])
        /// A remark in smaller letters.
        case note(String)
    }

    public struct Signature: Sendable, Equatable {
        /// For example place and date.
        public var above: String
        public var title: String
        public var hint: String
        public init(above: String = "", title: String, hint: String) {
            self.above = above
            self.title = title
            self.hint = hint
        }
    }

    public init(
        issuer: [String] = [], reference: [String] = [], title: String, subtitle: String? = nil, blocks: [Block],
        footer: String = "", pageLabel: String = "{page}/{pages}"
    ) {
        self.issuer = issuer
        self.reference = reference
        self.title = title
        self.subtitle = subtitle
        self.blocks = blocks
        self.footer = footer
        self.pageLabel = pageLabel
    }
}
