/// A page's markup. Text and attribute values are escaped when they are written, and there is no way to put raw markup
/// in, so nothing from a dossier can become markup.
indirect enum HTML: Sendable {
    case text(String)
    case element(StaticString, [Attribute], [HTML])

    /// The attributes that pages here use.
    enum Attribute: Sendable {
        case lang(String)
        case `class`(String)
        case href(String)
        case rel(String)
        case scope(String)
        case datetime(String)
        case charset(String)
        case name(String)
        case content(String)

        fileprivate var pair: (String, String) {
            switch self {
            case .lang(let value): ("lang", value)
            case .class(let value): ("class", value)
            case .href(let value): ("href", value)
            case .rel(let value): ("rel", value)
            case .scope(let value): ("scope", value)
            case .datetime(let value): ("datetime", value)
            case .charset(let value): ("charset", value)
            case .name(let value): ("name", value)
            case .content(let value): ("content", value)
            }
        }
    }

    static func tag(_ name: StaticString, _ attributes: [Attribute], _ children: [HTML]) -> HTML {
        .element(name, attributes, children)
    }

    static func tag(_ name: StaticString, _ attributes: [Attribute], _ text: String) -> HTML {
        .element(name, attributes, [.text(text)])
    }

    /// The whole document.
    var document: String {
        var out = "<!doctype html>\n"
        write(to: &out)
        return out
    }

    private func write(to out: inout String) {
        switch self {
        case .text(let text): Self.escape(text, to: &out)
        case .element(let name, let attributes, let children):
            out += "<\(name)"
            for (key, value) in attributes.map(\.pair) {
                out += " \(key)=\""
                Self.escape(value, to: &out)
                out += "\""
            }
            out += ">"
            if ["meta", "link", "br", "img"].contains("\(name)") { return }
            for child in children { child.write(to: &out) }
            out += "</\(name)>"
        }
    }

    private static func escape(_ text: String, to out: inout String) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "'": out += "&#39;"
            default: out.unicodeScalars.append(scalar)
            }
        }
    }
}
