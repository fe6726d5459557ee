import CXML2
import Foundation

/// The functions of the ODK XForms specification that libxml2 does not have.
extension Evaluation {
    func registerFunctions(_ context: xmlXPathContextPtr) {
        for name in XPathFunctions.added.keys.map(XPathFunctions.compiledName) + ["kiosk-number", "kiosk-root"] {
            xmlXPathRegisterFunc(context, name) { parser, count in
                guard let parser, let context = parser.pointee.context, let data = context.pointee.userData,
                    let name = context.pointee.function
                else { return }
                Unmanaged<Evaluation>.fromOpaque(data).takeUnretainedValue()
                    .call(String(cString: name), parser, count: Int(count))
            }
        }
    }

    private func call(_ name: String, _ parser: xmlXPathParserContextPtr, count: Int) {
        var arguments: [XPathValue] = []
        for _ in 0..<count {
            guard let object = valuePop(parser) else { return }
            arguments.append(XPathValue(consuming: object))
        }
        let plain = name.hasPrefix("odk-") ? String(name.dropFirst(4)) : name
        let result = value(of: plain, Array(arguments.reversed()))
        let object: xmlXPathObjectPtr? =
            switch result {
            case .text(let text): xmlXPathNewString(text)
            case .number(let number): xmlXPathNewFloat(number)
            case .boolean(let value): xmlXPathNewBoolean(value ? 1 : 0)
            case .nodes(let nodes): Self.set(of: nodes)
            }
        if let object { valuePush(parser, object) }
    }

    private static func set(of nodes: [xmlNodePtr]) -> xmlXPathObjectPtr? {
        guard let object = xmlXPathNewNodeSet(nil) else { return nil }
        if object.pointee.nodesetval == nil { object.pointee.nodesetval = xmlXPathNodeSetCreate(nil) }
        for node in nodes { xmlXPathNodeSetAdd(object.pointee.nodesetval, node) }
        return object
    }

    private func value(of name: String, _ arguments: [XPathValue]) -> XPathValue {
        switch name {
        case "kiosk-root": return .nodes([Self.node(document)])
        case "instance": return .nodes(secondaryDocuments[arguments[0].text].map { [Self.node($0)] } ?? [])
        case "current": return .nodes([nodePointer(currentNode)])
        case "if": return arguments[0].boolean ? arguments[1] : arguments[2]
        case "once": return currentValue().isEmpty ? arguments[0] : .text(currentValue())
        case "coalesce": return .text(arguments[0].text.isEmpty ? arguments[1].text : arguments[0].text)
        case "uuid": return .text(input.uuid().uuidString.lowercased())
        case "jr-itext": return .text(text(id: arguments[0].text, at: currentNode) ?? "")
        case "jr-choice-name": return .text(choiceName(arguments[0].text, path: arguments[1].text.trimmed))
        case "today", "now", "date", "decimal-date-time", "format-date", "format-date-time":
            return dateValue(of: name, arguments)
        case "kiosk-number", "number", "abs", "int", "pow", "round", "min", "max":
            return Self.numberValue(of: name, arguments)
        default: return Self.textValue(of: name, arguments)
        }
    }

    private static func node(_ document: xmlDocPtr) -> xmlNodePtr {
        UnsafeMutableRawPointer(document).assumingMemoryBound(to: xmlNode.self)
    }

    private func dateValue(of name: String, _ arguments: [XPathValue]) -> XPathValue {
        switch name {
        case "today": return .text(FormDates.today(input.now, input.timeZone))
        case "now": return .text(FormDates.local(input.now, input.timeZone))
        case "date": return .text(arguments[0].moment?.date.description ?? "")
        case "decimal-date-time": return .number(arguments[0].moment?.number ?? .nan)
        default: return .text(arguments[0].moment.map { FormDates.format($0, arguments[1].text) } ?? "")
        }
    }

    private static func numberValue(of name: String, _ arguments: [XPathValue]) -> XPathValue {
        let first = arguments[0].number
        switch name {
        case "abs": return .number(abs(first))
        case "int": return .number(first.rounded(.towardZero))
        case "pow": return .number(pow(first, arguments[1].number))
        case "round":
            let scale = pow(10, arguments.count > 1 ? max(-15, min(15, arguments[1].number)) : 0)
            return .number((first * scale + 0.5).rounded(.down) / scale)
        case "min", "max":
            let numbers = arguments.flatMap(\.all).map(XPathValue.number).filter { !$0.isNaN }
            return .number((name == "min" ? numbers.min() : numbers.max()) ?? .nan)
        default: return .number(first)
        }
    }

    private static func textValue(of name: String, _ arguments: [XPathValue]) -> XPathValue {
        let first = arguments[0].text
        func words() -> [Substring] { first.split { $0.isWhitespace } }
        switch name {
        case "boolean-from-string": return .boolean(first == "1" || first.lowercased() == "true")
        case "concat": return .text(arguments.flatMap(\.all).joined())
        case "count-non-empty": return .number(Double(arguments[0].all.count { !$0.isEmpty }))
        case "count-selected": return .number(Double(words().count))
        case "ends-with": return .boolean(first.hasSuffix(arguments[1].text))
        case "join": return .text(arguments.dropFirst().flatMap(\.all).joined(separator: first))
        case "regex": return .boolean(matches(first, arguments[1].text))
        case "selected": return .boolean(words().contains(Substring(arguments[1].text.trimmed)))
        case "selected-at":
            let (words, at) = (words(), arguments[1].number)
            return .text(at >= 0 && at < Double(words.count) ? String(words[Int(at)]) : "")
        case "substr":
            return .text(substring(first, arguments[1].number, arguments.count > 2 ? arguments[2].number : nil))
        default: return .text("")
        }
    }

    /// From 0; negative positions count from the end; `end` is not included.
    private static func substring(_ text: String, _ start: Double, _ end: Double?) -> String {
        let count = Double(text.count)
        func bounded(_ position: Double) -> Int {
            guard !position.isNaN else { return 0 }
            return Int(max(0, min(count, position < 0 ? count + position : position)))
        }
        let (from, to) = (bounded(start), bounded(end ?? count))
        return from < to ? String(text.dropFirst(from).prefix(to - from)) : ""
    }

    // MARK: Regular expressions

    /// ODK matches the whole text, as Java's `matches` does.
    private static func matches(_ text: String, _ pattern: String) -> Bool {
        guard let expression = try? NSRegularExpression(pattern: "^(?:\(pattern))$") else { return false }
        let whole = NSRange(text.startIndex..., in: text)
        return expression.firstMatch(in: text, range: whole)?.range == whole
    }

    static func isRegularExpression(_ pattern: String) -> Bool {
        (try? NSRegularExpression(pattern: "^(?:\(pattern))$")) != nil
    }
}

extension XPathValue {
    /// The texts of all nodes, or the one value's.
    fileprivate var all: [String] {
        if case .nodes(let nodes) = self { nodes.map(Self.content) } else { [text] }
    }
}
