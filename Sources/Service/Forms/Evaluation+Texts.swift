import CXML2

/// Labels, hints and choices in the present language.
extension Evaluation {
    func text(_ text: FormText?, at index: Int) -> String? {
        switch text {
        case nil: nil
        case .itext(let id)?: self.text(id: id, at: index)
        case .inline(let parts)?: render(parts, at: index)
        }
    }

    func text(id: String, at index: Int) -> String? {
        model.texts[input.language]?[id].flatMap { $0.plain.isEmpty ? nil : render($0.plain, at: index) }
    }

    func guidance(_ text: FormText?, at index: Int) -> String? {
        guard case .itext(let id)? = text else { return nil }
        return model.texts[input.language]?[id]?.guidance.map { render($0, at: index) }
    }

    private func render(_ parts: [FormTextPart], at index: Int) -> String {
        parts.map { part in
            switch part {
            case .text(let text): text
            case .output(let expression): evaluate(expression, at: index)?.text ?? ""
            }
        }.joined()
    }

    // MARK: Choices

    func optionValues(of control: FormControl) -> [String] {
        switch control.choices {
        case nil: []
        case .items(let items)?: items.map(\.value)
        case .itemset(let nodes, let value, _, _)?:
            itemNodes(nodes, at: control.node).map { child(value, of: $0) }
        }
    }

    func options(of control: FormControl) -> [(value: String, label: String)] {
        switch control.choices {
        case nil: return []
        case .items(let items)?:
            return items.map { ($0.value, text($0.label, at: control.node) ?? $0.value) }
        case .itemset(let nodes, let value, let label, let isText)?:
            return itemNodes(nodes, at: control.node).map { node in
                let name = child(label, of: node)
                let shown = isText ? text(id: name, at: control.node) ?? name : name
                return (child(value, of: node), shown)
            }
        }
    }

    private func itemNodes(_ expression: XPathExpression, at index: Int) -> [xmlNodePtr] {
        if case .nodes(let nodes)? = evaluate(expression, at: index) { nodes } else { [] }
    }

    private func child(_ name: String, of node: xmlNodePtr) -> String {
        var child = node.pointee.children
        while let current = child {
            if current.pointee.type == XML_ELEMENT_NODE, String(cString: current.pointee.name) == name {
                return XPathValue.content(current)
            }
            child = current.pointee.next
        }
        return ""
    }

    /// `jr:choice-name(value, 'path')`: the label of a value that was chosen in another question.
    func choiceName(_ value: String, path: String) -> String {
        guard let index = model.index[path], let control = model.controls[index] else { return value }
        return options(of: control).first { $0.value == value }?.label ?? value
    }
}
