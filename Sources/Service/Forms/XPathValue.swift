import CXML2

/// The result of an expression, copied out of libxml2.
enum XPathValue {
    case text(String)
    case number(Double)
    case boolean(Bool)
    /// Nodes in document order; valid as long as the evaluation that gave them.
    case nodes([xmlNodePtr])

    /// Takes the object over and frees it.
    init(consuming object: xmlXPathObjectPtr) {
        defer { xmlXPathFreeObject(object) }
        switch object.pointee.type {
        case XPATH_BOOLEAN: self = .boolean(object.pointee.boolval != 0)
        case XPATH_NUMBER: self = .number(object.pointee.floatval)
        case XPATH_NODESET, XPATH_XSLT_TREE:
            guard let set = object.pointee.nodesetval else {
                self = .nodes([])
                return
            }
            xmlXPathNodeSetSort(set)
            let count = Int(set.pointee.nodeNr)
            self = .nodes((0..<count).compactMap { set.pointee.nodeTab[$0] })
        default: self = .text(object.pointee.stringval.map { String(cString: $0) } ?? "")
        }
    }

    /// XPath's string() (XPath 1.0, 4.2).
    var text: String {
        switch self {
        case .text(let text): return text
        case .boolean(let value): return value ? "true" : "false"
        case .nodes(let nodes): return nodes.first.map(Self.content) ?? ""
        case .number(let number):
            guard let text = xmlXPathCastNumberToString(number) else { return "" }
            defer { kiosk_xml_free(text) }
            return String(cString: text)
        }
    }

    /// XPath's boolean() (XPath 1.0, 4.3).
    var boolean: Bool {
        switch self {
        case .text(let text): !text.isEmpty
        case .boolean(let value): value
        case .nodes(let nodes): !nodes.isEmpty
        case .number(let number): !number.isNaN && number != 0
        }
    }

    /// ODK's number: ISO dates count as days.
    var number: Double {
        switch self {
        case .number(let number): number
        case .boolean(let value): value ? 1 : 0
        case .text, .nodes: Self.number(text)
        }
    }

    static func number(_ text: String) -> Double {
        let text = text.trimmed
        if let moment = FormDates.moment(text) { return moment.number }
        // XPath 1.0, clause 3.7: digits with at most one point, perhaps a minus before them; no plus, no exponent.
        guard text.utf8.allSatisfy("-.0123456789".utf8.contains), !text.hasSuffix("-."), text != "." else {
            return .nan
        }
        return Double(text.hasSuffix(".") ? text + "0" : text) ?? .nan
    }

    /// A date by number of days or by ISO text.
    var moment: FormDates.Moment? {
        if case .number(let number) = self {
            return FormDates.date(days: number).map {
                .init(date: $0, secondsOfDay: (number - number.rounded(.down)) * 86_400)
            }
        }
        return FormDates.moment(text.trimmed)
    }

    static func content(_ node: xmlNodePtr) -> String {
        guard let text = xmlNodeGetContent(node) else { return "" }
        defer { kiosk_xml_free(text) }
        return String(cString: text)
    }
}
