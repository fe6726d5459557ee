/// Turns the XForm's elements into a ``FormModel`` and collects every fault on the way.
struct FormLoader {
    private let known: [String: Set<String>]
    private(set) var faults: [FormError.Fault] = []
    private(set) var id = ""
    private(set) var version = ""
    private(set) var title = ""
    private(set) var languages: [FormLanguage] = []
    private(set) var external: Set<String> = []
    var model = FormModel(nodes: [], index: [:], instances: [:], texts: [:])
    private var checker = XPathChecker(nodes: [], internalInstances: [], externalInstances: [:])

    init(known: [String: Set<String>]) { self.known = known }

    mutating func load(_ html: MarkupElement) {
        guard html.name == "html", let head = html.first("head"), let body = html.first("body"),
            let modelElement = head.first("model")
        else {
            return fault(html.line, "this is not an XForm", "Convert the form with scripts/forms")
        }
        title = head.first("title")?.text.trimmed ?? ""
        check(attributes: modelElement, known: ["odk:xforms-version"])
        loadInstances(modelElement)
        guard !model.nodes.isEmpty else { return }
        checker.nodes = Set(model.index.keys)
        checker.internalInstances = Set(model.instances.keys)
        checker.externalInstances = known.filter { external.contains($0.key) }
        for element in modelElement.elements {
            switch element.name {
            case "instance": break
            case "itext": loadTexts(element)
            case "bind": loadBind(element)
            case "setvalue":
                if let change = setValue(element, events: ["odk-instance-first-load"]) {
                    model.firstLoad.append(change)
                }
            default: unsupported(element)
            }
        }
        loadBody(body)
        if faults.isEmpty { orderCalculations() }
    }

    // MARK: Faults

    mutating func fault(_ line: Int, _ problem: String, _ remedy: String) {
        faults.append(.init(line: line, problem: problem, remedy: remedy))
    }

    mutating func unsupported(_ element: MarkupElement) {
        let remedy =
            switch element.name {
            case "repeat": "Repeats are not supported yet: write the questions out as often as they are needed"
            case "upload": "Papers are scanned as components of the procedure, not as questions"
            default: "Use the question types that kiosk-config/forms/README.md lists"
            }
        fault(element.line, "<\(element.name)> is not supported", remedy)
    }

    mutating func check(attributes element: MarkupElement, known: Set<String>) {
        for name in element.attributes.keys.sorted() where !known.contains(name) {
            fault(
                element.line, "the attribute \(name) of <\(element.name)> is not supported",
                "Take the column or setting that makes it out of the form")
        }
    }

    mutating func expression(_ source: String?, at path: String, _ line: Int) -> XPathExpression? {
        guard let source else { return nil }
        switch checker.check(source, context: path, line: line) {
        case .success(let expression): return expression
        case .failure(let list):
            faults += list.faults
            return nil
        }
    }

    /// The node a `ref` or `nodeset` names; only absolute paths, as pyxform writes them.
    mutating func node(_ reference: String?, _ element: MarkupElement) -> Int? {
        guard let path = reference?.trimmed, !path.isEmpty else {
            fault(element.line, "<\(element.name)> names no question", "Convert the form again with scripts/forms")
            return nil
        }
        guard let index = model.index[path] else {
            fault(element.line, "<\(element.name)> names \(path), which is not in the instance", "Correct the name")
            return nil
        }
        return index
    }

    // MARK: Instances

    private mutating func loadInstances(_ modelElement: MarkupElement) {
        let instances = modelElement.elements.filter { $0.name == "instance" }
        guard let primary = instances.first, let root = primary.elements.first, primary.elements.count == 1 else {
            return fault(modelElement.line, "the form has no instance", "Convert the form again with scripts/forms")
        }
        id = root.attributes["id"] ?? ""
        version = root.attributes["version"] ?? ""
        if id.isEmpty { fault(root.line, "the form has no id", "Set form_id on the settings sheet") }
        addNode(root, parent: nil)
        for instance in instances.dropFirst() {
            check(attributes: instance, known: ["id", "src"])
            let name = instance.attributes["id"] ?? ""
            if let source = instance.attributes["src"] {
                if source == "jr://file/\(name).xml", known[name] != nil {
                    external.insert(name)
                } else {
                    fault(
                        instance.line, "the kiosk has no external data “\(name)” (\(source))",
                        "Known: \(known.keys.sorted().joined(separator: ", ")), as xml-external on the survey sheet")
                }
            } else if name.isEmpty || model.instances[name] != nil {
                fault(instance.line, "a secondary instance has no name of its own", "Name each list once")
            } else {
                model.instances[name] = instance
            }
        }
    }

    private mutating func addNode(_ element: MarkupElement, parent: Int?) {
        let path = (parent.map { model.nodes[$0].path } ?? "") + "/" + element.name
        if element.name.contains(where: { ":{}".contains($0) }) {
            return fault(element.line, "the node \(path) has a namespace", "Use plain names")
        }
        check(attributes: element, known: parent == nil ? ["id", "version"] : [])
        if model.index[path] != nil {
            return fault(element.line, "the name \(path) stands twice", "Give each question its own name")
        }
        let index = model.nodes.count
        let initial = element.elements.isEmpty ? element.text.trimmed : ""
        model.nodes.append(
            FormNode(
                path: path, name: element.name, parent: parent, initial: initial, attributes: element.attributes,
                line: element.line))
        model.index[path] = index
        if let parent { model.nodes[parent].children.append(index) }
        for child in element.elements { addNode(child, parent: index) }
    }

    // MARK: Texts

    private mutating func loadTexts(_ itext: MarkupElement) {
        for translation in itext.elements {
            guard translation.name == "translation", let full = translation.attributes["lang"] else {
                unsupported(translation)
                continue
            }
            check(attributes: translation, known: ["lang", "default"])
            let language = FormLanguage(full, isDefault: translation.attributes["default"] != nil)
            if model.texts[language.code] != nil {
                fault(translation.line, "the language \(language.code) stands twice", "Give each its own code")
            }
            var texts: [String: FormTexts] = [:]
            for text in translation.elements { texts[text.attributes["id"] ?? ""] = formTexts(text) }
            model.texts[language.code] = texts
            languages.append(language)
        }
        languages = languages.filter(\.isDefault) + languages.filter { !$0.isDefault }
        checkTranslations(itext.line)
    }

    private mutating func formTexts(_ text: MarkupElement) -> FormTexts {
        var texts = FormTexts(plain: [])
        for value in text.elements {
            switch value.attributes["form"] {
            case nil, "markdown"?: texts.plain = parts(value)
            case "guidance"?: texts.guidance = parts(value)
            case let form?:
                fault(value.line, "texts of the form “\(form)” are not supported", "Take the media column out")
            }
        }
        return texts
    }

    /// Every text in every language. pyxform writes "-" where a translation is missing.
    private mutating func checkTranslations(_ line: Int) {
        let all = Set(model.texts.values.flatMap(\.keys))
        for language in languages {
            let missing = all.filter { id in
                guard let text = model.texts[language.code]?[id] else { return true }
                if case .text("-")? = text.plain.first, text.plain.count == 1 { return true }
                return text.plain.isEmpty && text.guidance == nil
            }.sorted()
            guard !missing.isEmpty else { continue }
            fault(
                line, "the language \(language.code) lacks \(missing.joined(separator: ", "))",
                "Write these texts in the column of \(language.name)")
        }
    }

    mutating func parts(_ element: MarkupElement) -> [FormTextPart] {
        var parts: [FormTextPart] = []
        for content in element.content {
            switch content {
            case .text(let text): parts.append(.text(text.collapsed))
            case .element(let output) where output.name == "output":
                let source = output.attributes["value"] ?? output.attributes["ref"] ?? ""
                let root = model.nodes.first?.path ?? "/"
                if let expression = expression(source, at: root, output.line) { parts.append(.output(expression)) }
            case .element(let other): unsupported(other)
            }
        }
        if case .text(let text)? = parts.first { parts[0] = .text(String(text.trimmingPrefix { $0.isWhitespace })) }
        if case .text(let text)? = parts.last { parts[parts.count - 1] = .text(text.trimmedEnd) }
        return parts.filter { if case .text("") = $0 { false } else { true } }
    }

    /// A label, hint or message: `jr:itext('id')` or a text on the spot.
    mutating func text(reference: String?, element: MarkupElement?, _ line: Int) -> FormText? {
        if let reference {
            guard let match = reference.wholeMatch(of: /\s*jr:itext\('([^']*)'\)\s*/) else {
                return .inline([.text(reference)])
            }
            let id = String(match.output.1)
            guard languages.isEmpty || languages.contains(where: { model.texts[$0.code]?[id] != nil }) else {
                fault(line, "there is no text “\(id)”", "Convert the form again with scripts/forms")
                return nil
            }
            return .itext(id)
        }
        return element.map { .inline(parts($0)) }
    }

    // MARK: Order

    private mutating func orderCalculations() {
        switch CalculationOrder.find(in: model) {
        case .success(let order): model.order = order
        case .failure(let cycle):
            let line = cycle.nodes.first.map { model.nodes[$0].line } ?? 1
            let names = cycle.nodes.map { model.nodes[$0].path }.joined(separator: " → ")
            fault(line, "questions depend on each other in a circle: \(names)", "Break the circle in one of them")
        }
    }
}

extension FormLanguage {
    /// `Tiếng Việt (vi)`, as XLSForm recommends, or a bare code.
    init(_ full: String, isDefault: Bool) {
        if let match = full.wholeMatch(of: /(.*?)\s*\(([A-Za-z0-9-]+)\)\s*/) {
            self.init(code: String(match.output.2), name: String(match.output.1), isDefault: isDefault)
        } else {
            self.init(code: full, name: full, isDefault: isDefault)
        }
    }
}

extension StringProtocol {
    var trimmed: String { String(drop { $0.isWhitespace }).trimmedEnd }
    var trimmedEnd: String { String(self[..<(lastIndex { !$0.isWhitespace }.map(index(after:)) ?? startIndex)]) }
    /// Runs of blanks that hold no line break become one blank; line breaks stay.
    var collapsed: String {
        split(separator: "\n", omittingEmptySubsequences: false).map { line in
            var result = ""
            for character in line where !(character.isWhitespace && result.last == " ") {
                result.append(character.isWhitespace ? " " : character)
            }
            return result
        }.joined(separator: "\n")
    }
}
