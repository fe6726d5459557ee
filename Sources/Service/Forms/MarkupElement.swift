/// An element of a parsed XForm, free of libxml2.
struct MarkupElement: Sendable {
    enum Content: Sendable {
        case text(String)
        case element(MarkupElement)
    }

    /// The local name, with a well-known prefix unless it is of XForms or XHTML: `bind`, `jr:…`, `orx:meta`, `{uri}x`.
    var name: String
    /// By name, written in the same way.
    var attributes: [String: String]
    var content: [Content]
    /// Counted from 1.
    var line: Int

    var elements: [MarkupElement] {
        content.compactMap { if case .element(let element) = $0 { element } else { nil } }
    }

    var text: String {
        content.map {
            switch $0 {
            case .text(let text): text
            case .element(let element): element.text
            }
        }.joined()
    }

    func first(_ name: String) -> MarkupElement? { elements.first { $0.name == name } }
}
