import Peripherals

/// What a screen shows, after the calculation.
extension Evaluation {
    func pages() -> [FormPage] { pages(model.body, title: nil) }

    private func pages(_ items: [FormBodyItem], title: String?) -> [FormPage] {
        items.flatMap { item -> [FormPage] in
            switch item {
            case .control(let control):
                guard relevant[control.node] else { return [] }
                return [FormPage(id: model.nodes[control.node].path, title: title, questions: [question(control)])]
            case .group(let group):
                guard isRelevant(group) else { return [] }
                let label = self.label(of: group)
                guard group.isFieldList else { return pages(group.items, title: label ?? title) }
                let questions = questions(group.items)
                return questions.isEmpty
                    ? [] : [FormPage(id: id(of: group), title: label ?? title, questions: questions)]
            }
        }
    }

    private func isRelevant(_ group: FormGroup) -> Bool { group.node.map { relevant[$0] } ?? true }
    private func id(of group: FormGroup) -> String { group.node.map { model.nodes[$0].path } ?? "group-\(group.line)" }
    private func label(of group: FormGroup) -> String? {
        text(group.label, at: group.node ?? 0).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// All on one page; the label of a group inside becomes a note.
    private func questions(_ items: [FormBodyItem]) -> [FormQuestion] {
        items.flatMap { item -> [FormQuestion] in
            switch item {
            case .control(let control): return relevant[control.node] ? [question(control)] : []
            case .group(let group):
                guard isRelevant(group) else { return [] }
                let inner = questions(group.items)
                guard !inner.isEmpty, let label = label(of: group) else { return inner }
                return [note(path: id(of: group), label: label)] + inner
            }
        }
    }

    private func note(path: String, label: String) -> FormQuestion {
        FormQuestion(
            path: path, label: label, control: .note, value: "", required: false, readOnly: true, options: [],
            appearance: [])
    }

    private func question(_ control: FormControl) -> FormQuestion {
        let index = control.node
        let node = model.nodes[index]
        let chosen = Set(values[index].split(separator: " ").map(String.init))
        let isReadOnly = isReadOnly(index)
        return FormQuestion(
            path: node.path, label: text(control.label, at: index) ?? "", hint: text(control.hint, at: index),
            guidance: guidance(control.hint, at: index), control: kind(of: control), value: values[index],
            required: node.bind.required.map { boolean($0, at: index) } ?? false, readOnly: isReadOnly,
            options: options(of: control).map {
                FormOption(value: $0.value, label: $0.label, isSelected: chosen.contains($0.value))
            },
            problem: problem(control, isReadOnly: isReadOnly), appearance: control.appearance, origin: origins[index])
    }

    func isReadOnly(_ index: Int) -> Bool {
        var next: Int? = index
        while let here = next {
            if let expression = model.nodes[here].bind.readOnly, boolean(expression, at: here) { return true }
            next = model.nodes[here].parent
        }
        return false
    }

    func kind(of control: FormControl) -> FormQuestion.Control {
        let node = model.nodes[control.node]
        switch control.kind {
        case .selectOne: return .selectOne
        case .selectMultiple: return .selectMultiple
        case .input:
            if node.bind.readOnly?.source.trimmed == "true()", node.bind.calculate == nil, values[control.node].isEmpty
            {
                return .note
            }
            switch node.bind.type {
            case .int: return .integer
            case .decimal: return .decimal
            case .date: return .date
            case .string, .dateTime, .boolean: return control.appearance.contains("multiline") ? .longText : .text
            }
        }
    }

    /// A person cannot mend what is read-only and empty, so nothing is asked of it.
    private func problem(_ control: FormControl, isReadOnly: Bool) -> FormProblem? {
        let (index, node) = (control.node, model.nodes[control.node])
        let value = values[index]
        if value.isEmpty {
            guard !isReadOnly, let required = node.bind.required, boolean(required, at: index) else { return nil }
            return .init(path: node.path, kind: .required, message: text(node.bind.requiredMessage, at: index))
        }
        if control.kind == .input {
            let isLong = control.appearance.contains("multiline")
            if case .failure(let refusal) = AnswerReader.value(value, node.bind.type, isLong: isLong) {
                return .init(path: node.path, kind: refusal.kind, message: nil)
            }
        }
        if let constraint = node.bind.constraint, !boolean(constraint, at: index) {
            return .init(path: node.path, kind: .constraint, message: text(node.bind.constraintMessage, at: index))
        }
        return nil
    }
}
