/// The functions that a form may call, and how many arguments each takes: those of XPath 1.0 that libxml2 brings, and
/// those of the ODK XForms specification that ``Evaluation`` adds.
enum XPathFunctions {
    static let core: [String: ClosedRange<Int>] = [
        "boolean": 1...1, "ceiling": 1...1, "contains": 2...2, "count": 1...1, "false": 0...0, "floor": 1...1,
        "last": 0...0, "name": 0...1, "local-name": 0...1, "normalize-space": 0...1, "not": 1...1, "position": 0...0,
        "starts-with": 2...2, "string": 0...1, "string-length": 0...1, "substring": 2...3, "substring-after": 2...2,
        "substring-before": 2...2, "sum": 1...1, "translate": 3...3, "true": 0...0,
    ]

    static let added: [String: ClosedRange<Int>] = [
        "abs": 1...1, "boolean-from-string": 1...1, "coalesce": 2...2, "concat": 1...64, "count-non-empty": 1...1,
        "count-selected": 1...1, "current": 0...0, "date": 1...1, "decimal-date-time": 1...1, "ends-with": 2...2,
        "format-date": 2...2, "format-date-time": 2...2, "if": 3...3, "instance": 1...1, "int": 1...1, "join": 2...64,
        "jr:choice-name": 2...2, "jr:itext": 1...1, "max": 1...64, "min": 1...64, "now": 0...0, "number": 1...1,
        "once": 1...1, "pow": 2...2, "regex": 2...2, "round": 1...2, "selected": 2...2, "selected-at": 2...2,
        "substr": 2...3, "today": 0...0, "uuid": 0...0,
    ]

    static func arity(_ name: String) -> ClosedRange<Int>? { added[name] ?? core[name] }

    /// The name that libxml2 knows a function by.
    static func compiledName(_ name: String) -> String {
        added[name] == nil ? name : "odk-" + name.replacing(":", with: "-")
    }
}
