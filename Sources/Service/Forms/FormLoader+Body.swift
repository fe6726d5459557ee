extension FormLoader {
    /// Appearances the kiosk's screens know; others would be ignored in silence, so they are faults.
    private static let appearances: Set<String> = ["field-list", "multiline", "minimal", "numbers"]

    mutating func loadBody(_ body: MarkupElement) {
        check(attributes: body, known: [])
        model.body = body.elements.compactMap { item($0) }
        if model.controls.isEmpty, faults.isEmpty {
            fault(body.line, "the form has no question", "Write at least one on the survey sheet")
        }
    }

    private mutating func item(_ element: MarkupElement) -> FormBodyItem? {
        switch element.name {
        case "group": return group(element).map { .group($0) }
        case "input": return control(element, .input).map { .control($0) }
        case "select1": return control(element, .selectOne).map { .control($0) }
        case "select": return control(element, .selectMultiple).map { .control($0) }
        default:
            unsupported(element)
            return nil
        }
    }

    private mutating func group(_ element: MarkupElement) -> FormGroup? {
        check(attributes: element, known: ["ref", "nodeset", "appearance"])
        let reference = element.attributes["ref"] ?? element.attributes["nodeset"]
        let index = reference == nil ? nil : node(reference, element)
        let appearance = appearance(element)
        let label = element.first("label")
        return FormGroup(
            node: index, label: text(reference: label?.attributes["ref"], element: label, element.line),
            isFieldList: appearance.contains("field-list"),
            items: element.elements.filter { $0.name != "label" }.compactMap { item($0) }, line: element.line)
    }

    private mutating func appearance(_ element: MarkupElement) -> Set<String> {
        let words = Set((element.attributes["appearance"] ?? "").split(separator: " ").map(String.init))
        for word in words.subtracting(Self.appearances).sorted() {
            fault(
                element.line, "the appearance “\(word)” is not supported",
                "Known: \(Self.appearances.sorted().joined(separator: ", "))")
        }
        return words
    }

    private mutating func control(_ element: MarkupElement, _ kind: FormControl.Kind) -> FormControl? {
        check(attributes: element, known: ["ref", "appearance"])
        guard let index = node(element.attributes["ref"], element) else { return nil }
        guard model.controls[index] == nil, model.nodes[index].children.isEmpty else {
            fault(element.line, "\(model.nodes[index].path) is asked twice", "Ask each question once")
            return nil
        }
        let type = model.nodes[index].bind.type
        if type == .dateTime || type == .boolean {
            fault(element.line, "a question of type \(type.rawValue) is not supported", "Ask a date, or a choice")
        }
        let (label, hint) = (element.first("label"), element.first("hint"))
        var control = FormControl(
            node: index, kind: kind,
            label: text(reference: label?.attributes["ref"], element: label, element.line),
            hint: text(reference: hint?.attributes["ref"], element: hint, element.line),
            appearance: appearance(element), choices: nil, changes: [])
        if control.label == nil {
            fault(element.line, "\(model.nodes[index].path) has no label", "Write one in every language")
        }
        var items: [(value: String, label: FormText)] = []
        for child in element.elements {
            switch child.name {
            case "label", "hint": break
            case "item" where kind != .input: if let item = choice(child) { items.append(item) }
            case "itemset" where kind != .input: control.choices = itemset(child, at: model.nodes[index].path)
            case "setvalue":
                if let change = setValue(child, events: ["xforms-value-changed"]) { control.changes.append(change) }
            default: unsupported(child)
            }
        }
        if kind != .input, control.choices == nil { control.choices = .items(items) }
        model.controls[index] = control
        return control
    }

    private mutating func choice(_ item: MarkupElement) -> (value: String, label: FormText)? {
        let label = item.first("label")
        guard let value = item.first("value")?.text.trimmed, !value.isEmpty,
            let text = text(reference: label?.attributes["ref"], element: label, item.line)
        else {
            fault(item.line, "a choice has no name or no label", "Write both on the choices sheet")
            return nil
        }
        return (value, text)
    }

    private mutating func itemset(_ element: MarkupElement, at path: String) -> FormControl.Choices? {
        check(attributes: element, known: ["nodeset"])
        guard let nodes = expression(element.attributes["nodeset"], at: path, element.line) else { return nil }
        guard let value = element.first("value")?.attributes["ref"],
            let label = element.first("label")?.attributes["ref"], value.wholeMatch(of: /[\w.-]+/) != nil,
            let match = label.wholeMatch(of: /(?:jr:itext\(([\w.-]+)\)|([\w.-]+))/),
            let name = match.output.1 ?? match.output.2
        else {
            fault(element.line, "the choices at \(path) name no value or label", "Convert the form again")
            return nil
        }
        return .itemset(nodes: nodes, value: value, label: String(name), isText: match.output.1 != nil)
    }
}
