import CXML2

/// An element of a libxml2 tree while it is being built; the document owns it.
struct XMLElement {
    private let node: xmlNodePtr

    init(_ node: xmlNodePtr) { self.node = node }

    /// Puts this element into a namespace that it declares itself.
    func enter(_ prefix: String, _ namespace: String) { xmlSetNs(node, xmlNewNs(node, namespace, prefix)) }

    func declare(_ prefix: String, _ namespace: String) { _ = xmlNewNs(node, namespace, prefix) }

    /// A child in the namespace of `prefix`, which `namespace` declares there; without a prefix in its parent's.
    @discardableResult
    func add(_ name: String, _ prefix: String? = nil, _ namespace: String? = nil, text: String? = nil) -> XMLElement {
        guard let child = xmlNewDocNode(node.pointee.doc, nil, name, nil) else { return self }
        xmlAddChild(node, child)
        let element = XMLElement(child)
        if let prefix, let namespace {
            element.enter(prefix, namespace)
        } else {
            xmlSetNs(child, prefix.map { xmlSearchNs(node.pointee.doc, node, $0) } ?? node.pointee.ns)
        }
        if let text { element.setText(text) }
        return element
    }

    func setText(_ text: String) { xmlAddChild(node, xmlNewDocText(node.pointee.doc, Self.legal(text))) }

    /// An attribute of RDF's.
    func setAttribute(_ name: String, _ value: String) {
        xmlSetNsProp(node, xmlSearchNs(node.pointee.doc, node, "rdf"), name, value)
    }

    func setLanguage(_ language: String) { xmlNodeSetLang(node, language) }

    /// What XML 1.0 (2.2) can hold: the code on a paper may hold anything.
    static func legal(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.filter {
                    switch $0.value {
                    case 0x9, 0xA, 0xD, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
                    default: false
                    }
                }))
    }
}
