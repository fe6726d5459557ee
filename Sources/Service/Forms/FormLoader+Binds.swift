extension FormLoader {
    private static let bindAttributes: Set<String> = [
        "nodeset", "type", "relevant", "required", "readonly", "constraint", "calculate", "jr:requiredMsg",
        "jr:constraintMsg", "jr:preload", "jr:preloadParams",
    ]

    mutating func loadBind(_ element: MarkupElement) {
        check(attributes: element, known: Self.bindAttributes)
        guard let index = node(element.attributes["nodeset"], element) else { return }
        let path = model.nodes[index].path
        var bind = FormBind()
        func source(_ name: String) -> String? { element.attributes[name] }
        bind.type = valueType(element)
        bind.relevant = expression(source("relevant"), at: path, element.line)
        bind.required = expression(source("required"), at: path, element.line)
        bind.readOnly = expression(source("readonly"), at: path, element.line)
        bind.constraint = expression(source("constraint"), at: path, element.line)
        bind.calculate = expression(source("calculate"), at: path, element.line)
        bind.requiredMessage = text(reference: source("jr:requiredMsg"), element: nil, element.line)
        bind.constraintMessage = text(reference: source("jr:constraintMsg"), element: nil, element.line)
        bind.preload = preload(element)
        checkCalculate(bind, at: path, element)
        model.nodes[index].bind = bind
    }

    private mutating func valueType(_ element: MarkupElement) -> FormBind.ValueType {
        switch element.attributes["type"]?.split(separator: ":").last.map(String.init) {
        case nil, "string"?, "select1"?, "select"?: return .string
        case "int"?, "integer"?: return .int
        case "decimal"?: return .decimal
        case "date"?: return .date
        case "dateTime"?: return .dateTime
        case "boolean"?: return .boolean
        case let type?:
            fault(
                element.line, "the type \(type) is not supported",
                "Use text, integer, decimal, date, select_one, select_multiple, note or calculate")
            return .string
        }
    }

    private mutating func preload(_ element: MarkupElement) -> FormBind.Preload? {
        switch (element.attributes["jr:preload"], element.attributes["jr:preloadParams"]) {
        case (nil, _): return nil
        case ("uid", _): return .uid
        case ("date", "today"): return .today
        case ("timestamp", "start"): return .start
        case ("timestamp", "end"): return .end
        case (let kind?, let parameter):
            fault(
                element.line, "the preloaded value \(kind) \(parameter ?? "") is not supported",
                "A kiosk has no such property: take the row out")
            return nil
        }
    }

    /// A calculation is done again and again: it must give the same every time.
    private mutating func checkCalculate(_ bind: FormBind, at path: String, _ element: MarkupElement) {
        guard let calculate = bind.calculate else { return }
        if calculate.source.contains("uuid("), !calculate.source.trimmed.hasPrefix("once(") {
            fault(element.line, "uuid() would change with every answer at \(path)", "Write once(uuid())")
        }
    }

    /// - Parameter events: those that make sense where the element stands.
    mutating func setValue(_ element: MarkupElement, events: Set<String>) -> FormSetValue? {
        check(attributes: element, known: ["ref", "event", "value"])
        guard let target = node(element.attributes["ref"], element) else { return nil }
        let wanted = (element.attributes["event"] ?? "").split(separator: " ").map(String.init)
        guard !wanted.isEmpty, wanted.allSatisfy(events.contains) else {
            fault(
                element.line, "the event “\(wanted.joined(separator: " "))” is not supported here",
                "Use a default or a trigger column")
            return nil
        }
        let value = expression(element.attributes["value"], at: model.nodes[target].path, element.line)
        return FormSetValue(target: target, value: value, text: element.text.trimmed)
    }
}
