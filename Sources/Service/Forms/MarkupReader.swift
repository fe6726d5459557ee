import CXML2
import Foundation

/// Reads XML within bounds: no network, no document type, no entities, a limit on size, depth and count.
enum MarkupReader {
    static let maximumBytes = 2 << 20
    static let maximumElements = 50_000
    static let maximumDepth = 64

    /// libxml2 must be initialised once before threads use it (xmlInitParser).
    private static let initialised: Void = xmlInitParser()

    static func prepareLibrary() { _ = initialised }

    static func read(_ data: Data) throws(FormError.Fault) -> MarkupElement {
        prepareLibrary()
        guard data.count <= maximumBytes else {
            throw .init(problem: "the file has more than \(maximumBytes) bytes", remedy: "Split the form")
        }
        guard let context = xmlNewParserCtxt() else {
            throw .init(problem: "no memory to read the form", remedy: "Free memory and start again")
        }
        defer { xmlFreeParserCtxt(context) }
        let options =
            XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
            | XML_PARSE_NOCDATA.rawValue
        let document = data.withUnsafeBytes { bytes in
            xmlCtxtReadMemory(
                context, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count), nil, "UTF-8",
                Int32(bitPattern: options))
        }
        guard let document else {
            let error = xmlCtxtGetLastError(context)?.pointee
            let message = error?.message.map { String(cString: $0) } ?? "not XML"
            throw .init(
                line: error.map { Int($0.line) },
                problem: message.trimmingCharacters(in: .whitespacesAndNewlines),
                remedy: "Convert the form again with scripts/forms")
        }
        defer { xmlFreeDoc(document) }
        guard document.pointee.intSubset == nil, document.pointee.extSubset == nil else {
            throw .init(problem: "the file has a document type", remedy: "Take the DOCTYPE out; a form needs none")
        }
        guard let root = xmlDocGetRootElement(document) else {
            throw .init(problem: "the file is empty", remedy: "Convert the form again with scripts/forms")
        }
        var budget = maximumElements
        return try element(root, depth: 0, budget: &budget)
    }

    private static func element(
        _ node: xmlNodePtr, depth: Int, budget: inout Int
    ) throws(FormError.Fault) -> MarkupElement {
        let line = Int(xmlGetLineNo(node))
        budget -= 1
        guard budget > 0, depth <= maximumDepth else {
            throw .init(
                line: line, problem: "more than \(maximumElements) elements, or nested deeper than \(maximumDepth)",
                remedy: "Split the form")
        }
        var attributes: [String: String] = [:]
        var attribute = node.pointee.properties
        while let current = attribute {
            let raw = UnsafeMutableRawPointer(current).assumingMemoryBound(to: xmlNode.self)
            let value = xmlNodeGetContent(raw)
            attributes[name(current.pointee.name, current.pointee.ns)] = string(value)
            kiosk_xml_free(value)
            attribute = current.pointee.next
        }
        var content: [MarkupElement.Content] = []
        var child = node.pointee.children
        while let current = child {
            switch current.pointee.type {
            case XML_TEXT_NODE, XML_CDATA_SECTION_NODE: content.append(.text(string(current.pointee.content)))
            case XML_ELEMENT_NODE:
                content.append(.element(try element(current, depth: depth + 1, budget: &budget)))
            case XML_ENTITY_REF_NODE:
                throw .init(line: line, problem: "an entity is used", remedy: "Write the character itself")
            default: break  // comments and processing instructions say nothing to us
            }
            child = current.pointee.next
        }
        return MarkupElement(
            name: name(node.pointee.name, node.pointee.ns), attributes: attributes, content: content, line: line)
    }

    private static func string(_ pointer: UnsafePointer<xmlChar>?) -> String {
        pointer.map { String(cString: $0) } ?? ""
    }

    private static let prefixes = [
        "http://www.w3.org/2002/xforms": "", "http://www.w3.org/1999/xhtml": "",
        "http://openrosa.org/javarosa": "jr:", "http://openrosa.org/xforms": "orx:",
        "http://www.opendatakit.org/xforms": "odk:",
    ]

    private static func name(_ local: UnsafePointer<xmlChar>?, _ namespace: UnsafeMutablePointer<xmlNs>?) -> String {
        guard let namespace else { return string(local) }
        let uri = string(namespace.pointee.href)
        return (prefixes[uri] ?? "{\(uri)}") + string(local)
    }
}
