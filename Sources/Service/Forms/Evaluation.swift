import CXML2
import Foundation

/// One pass over a form's expressions with given values. Lives for one call on one thread; libxml2's documents and
/// context are made at its beginning and freed at its end, and nothing of them leaves it.
final class Evaluation {
    /// What a session hands in.
    struct Input {
        var model: FormModel
        var language: String
        var secondary: [String: [String: String]]
        var now: Date
        var timeZone: TimeZone
        var uuid: @Sendable () -> UUID
    }

    /// libxml2 counts operations of an expression; no honest one comes near.
    private static let operationLimit: UInt = 1_000_000

    let input: Input
    var model: FormModel { input.model }
    /// By node, as typed: what a person can see and correct.
    private(set) var values: [String]
    private(set) var origins: [Int: String]
    private(set) var relevant: [Bool]
    /// Expressions that libxml2 gave up on; for the log.
    private(set) var faults: [FormError.Fault] = []

    let document: xmlDocPtr
    let secondaryDocuments: [String: xmlDocPtr]
    private let context: xmlXPathContextPtr
    private var elements: [xmlNodePtr] = []
    /// The node whose expression is evaluated: what `current()` and `once()` mean.
    private(set) var currentNode: Int = 0
    private var lastError = ""

    /// nil when there is no memory.
    init?(_ input: Input, values: [String], origins: [Int: String]) {
        MarkupReader.prepareLibrary()
        guard let document = xmlNewDoc("1.0"), let context = xmlXPathNewContext(document) else { return nil }
        self.input = input
        self.values = values
        self.origins = origins
        self.document = document
        self.context = context
        relevant = [Bool](repeating: true, count: values.count)
        var secondary: [String: xmlDocPtr] = [:]
        for (name, element) in input.model.instances { secondary[name] = Self.document(of: element) }
        for (name, fields) in input.secondary { secondary[name] = Self.document(of: fields) }
        secondaryDocuments = secondary
        buildInstance()
        context.pointee.userData = Unmanaged.passUnretained(self).toOpaque()
        context.pointee.opLimit = Self.operationLimit
        context.pointee.error = { data, error in
            guard let data, let message = error?.pointee.message else { return }
            Unmanaged<Evaluation>.fromOpaque(data).takeUnretainedValue().lastError = String(cString: message).trimmed
        }
        registerFunctions(context)
    }

    deinit {
        xmlXPathFreeContext(context)
        xmlFreeDoc(document)
        for other in secondaryDocuments.values { xmlFreeDoc(other) }
    }

    // MARK: Documents

    private func buildInstance() {
        for node in model.nodes {
            guard let element = xmlNewDocNode(document, nil, node.name, nil) else { return }
            if let parent = node.parent {
                xmlAddChild(elements[parent], element)
            } else {
                xmlDocSetRootElement(document, element)
            }
            elements.append(element)
        }
    }

    private static func document(of element: MarkupElement) -> xmlDocPtr? {
        guard let document = xmlNewDoc("1.0") else { return nil }
        func add(_ element: MarkupElement, to parent: xmlNodePtr?) {
            guard let node = xmlNewDocNode(document, nil, element.name, nil) else { return }
            if let parent { xmlAddChild(parent, node) } else { xmlDocSetRootElement(document, node) }
            for child in element.elements { add(child, to: node) }
            if element.elements.isEmpty { xmlNodeAddContent(node, element.text.trimmed) }
        }
        if let root = element.elements.first { add(root, to: nil) }
        return document
    }

    private static func document(of fields: [String: String]) -> xmlDocPtr? {
        guard let document = xmlNewDoc("1.0"), let root = xmlNewDocNode(document, nil, "root", nil) else { return nil }
        xmlDocSetRootElement(document, root)
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
            guard let node = xmlNewDocNode(document, nil, name, nil) else { continue }
            xmlAddChild(root, node)
            xmlNodeAddContent(node, AnswerReader.clean(value, isLong: true))
        }
        return document
    }

    /// Sets what expressions read.
    private func show(_ text: String, at index: Int) {
        xmlNodeSetContent(elements[index], nil)
        if !text.isEmpty { xmlNodeAddContent(elements[index], text) }
    }

    // MARK: Calculation

    /// Relevance, calculations and choices, in the order that makes one pass enough.
    func calculate() {
        for index in model.order {
            let node = model.nodes[index]
            relevant[index] =
                (node.parent.map { relevant[$0] } ?? true)
                && (node.bind.relevant.map { boolean($0, at: index) } ?? true)
            guard node.children.isEmpty else { continue }
            guard relevant[index] else {
                show("", at: index)  // what is not relevant counts as empty; its answer waits
                continue
            }
            show(readable(index), at: index)
            if let calculate = node.bind.calculate, let value = evaluate(calculate, at: index) {
                set(value, at: index, from: calculate)
            }
            keepOffered(index)
        }
    }

    /// Gives a node a value that an expression made.
    func set(_ value: XPathValue, at index: Int, from expression: XPathExpression?) {
        let text = stored(value, as: model.nodes[index].bind.type)
        guard text != values[index] else { return }
        values[index] = text
        show(readable(index), at: index)
        origins[index] = text.isEmpty ? nil : expression?.instances.first { input.secondary[$0] != nil }
    }

    /// The value as expressions see it: empty while it is not of its type.
    private func readable(_ index: Int) -> String {
        guard model.controls[index]?.kind == .input else { return values[index] }
        if case .success(let value) = AnswerReader.value(values[index], model.nodes[index].bind.type, isLong: true) {
            return value
        }
        return ""
    }

    private func stored(_ value: XPathValue, as type: FormBind.ValueType) -> String {
        switch type {
        case .date:
            return value.moment.map { $0.date.description } ?? (value.text.isEmpty ? "" : value.text)
        case .int:
            if case .number(let number) = value {
                return number.isFinite && abs(number) < 1e15 ? String(Int(number)) : ""
            }
            return value.text
        case .decimal:
            if case .number(let number) = value { return number.isFinite ? value.text : "" }
            return value.text
        case .string, .dateTime, .boolean: return value.text.precomposedStringWithCanonicalMapping
        }
    }

    /// Takes away selected options that are no longer offered.
    private func keepOffered(_ index: Int) {
        guard let control = model.controls[index], control.kind != .input, !values[index].isEmpty else { return }
        let offered = Set(optionValues(of: control))
        let chosen = values[index].split(separator: " ").map(String.init)
        let kept = chosen.filter(offered.contains)
        guard kept.count != chosen.count else { return }
        values[index] = kept.joined(separator: " ")
        if kept.isEmpty { origins[index] = nil }
        show(values[index], at: index)
    }

    // MARK: Expressions

    func boolean(_ expression: XPathExpression, at index: Int) -> Bool {
        evaluate(expression, at: index)?.boolean ?? false
    }

    /// nil when libxml2 gives up; the fault is kept.
    func evaluate(_ expression: XPathExpression, at index: Int) -> XPathValue? {
        evaluate(expression, on: elements[index], for: index)
    }

    /// Also used by functions in the middle of another evaluation, hence the saved state.
    func evaluate(_ expression: XPathExpression, on node: xmlNodePtr, for index: Int) -> XPathValue? {
        let saved = (
            context.pointee.node, context.pointee.doc, context.pointee.contextSize, context.pointee.proximityPosition,
            context.pointee.function, context.pointee.opCount, currentNode
        )
        defer {
            context.pointee.node = saved.0
            context.pointee.doc = saved.1
            context.pointee.contextSize = saved.2
            context.pointee.proximityPosition = saved.3
            context.pointee.function = saved.4
            context.pointee.opCount = saved.5
            currentNode = saved.6
        }
        context.pointee.node = node
        context.pointee.doc = document
        context.pointee.contextSize = 1
        context.pointee.proximityPosition = 1
        currentNode = index
        guard let compiled = xmlXPathCtxtCompile(context, expression.compiled) else {
            return giveUp(expression, at: index)
        }
        defer { xmlXPathFreeCompExpr(compiled) }
        guard let object = xmlXPathCompiledEval(compiled, context) else { return giveUp(expression, at: index) }
        return XPathValue(consuming: object)
    }

    private func giveUp(_ expression: XPathExpression, at index: Int) -> XPathValue? {
        faults.append(
            .init(
                line: model.nodes[index].line,
                problem: "the expression “\(expression.source)” cannot be evaluated (\(lastError))",
                remedy: "Write it more simply"))
        return nil
    }

    func nodePointer(_ index: Int) -> xmlNodePtr { elements[index] }
    func currentValue() -> String { values[currentNode] }
}
