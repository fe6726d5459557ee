/// Writes an expression for libxml2, with ODK's differences from XPath 1.0 made explicit.
///
/// - ODK compares and calculates with dates as numbers of days: what stands in a numeric place goes through
///   `kiosk-number()`, which understands ISO dates.
/// - An absolute path always means the form's own instance, also inside a predicate on a secondary instance:
///   it begins with `kiosk-root()`.
/// - ODK's functions get names of their own, since libxml2 does not let `concat` or `round` be replaced:
///   `jr:choice-name` becomes `odk-jr-choice-name`.
enum XPathPrinter {
    static func print(_ syntax: XPathSyntax) -> String {
        switch syntax {
        case .literal(let text): return text.contains("'") ? "\"\(text)\"" : "'\(text)'"
        case .number(let text): return text
        case .negative(let inner): return "(-\(number(inner)))"
        case .call(let name, let arguments):
            let printed = arguments.map(print).joined(separator: ", ")
            return "\(XPathFunctions.compiledName(name))(\(printed))"
        case .binary(let operation, let left, let right):
            switch operation {
            case "<", "<=", ">", ">=", "+", "-", "*", "div", "mod":
                return "(\(number(left)) \(operation) \(number(right)))"
            case "=" where isArithmetic(left) || isArithmetic(right),
                "!=" where isArithmetic(left) || isArithmetic(right):
                return "(\(number(left)) \(operation) \(number(right)))"
            default:
                return "(\(print(left)) \(operation) \(print(right)))"
            }
        case .path(let path): return print(path)
        }
    }

    private static func number(_ syntax: XPathSyntax) -> String {
        switch syntax {
        case .number, .negative: print(syntax)
        default: isArithmetic(syntax) ? print(syntax) : "kiosk-number(\(print(syntax)))"
        }
    }

    private static func isArithmetic(_ syntax: XPathSyntax) -> Bool {
        if case .binary(let operation, _, _) = syntax { return ["+", "-", "*", "div", "mod"].contains(operation) }
        if case .negative = syntax { return true }
        return false
    }

    private static func print(_ path: XPathSyntax.Path) -> String {
        var text: String
        switch path.start {
        case .root: text = "kiosk-root()"
        case .context: text = ""
        case .expression(let inner, let predicates):
            if case .call = inner { text = print(inner) } else { text = "(\(print(inner)))" }
            text += predicates.map { "[\(print($0))]" }.joined()
        }
        for (index, step) in path.steps.enumerated() {
            let isFirst = index == 0 && text.isEmpty
            text += isFirst ? (step.descends ? ".//" : "") : (step.descends ? "//" : "/")
            text += step.test + step.predicates.map { "[\(print($0))]" }.joined()
        }
        return text
    }
}
