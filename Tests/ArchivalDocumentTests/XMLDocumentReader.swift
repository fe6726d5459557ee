import CXML2
import Foundation

/// Reads an XMP packet by XPath.
final class XMLDocumentReader {
    static let namespaces = [
        "x": "adobe:ns:meta/", "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "dc": "http://purl.org/dc/elements/1.1/", "xmp": "http://ns.adobe.com/xap/1.0/",
        "pdfaid": "http://www.aiim.org/pdfa/ns/id/", "pdfaExtension": "http://www.aiim.org/pdfa/ns/extension/",
        "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#", "pdfaProperty": "http://www.aiim.org/pdfa/ns/property#",
        "kiosk": "urn:x-kiosk:document:1.0:",
    ]

    private let document: xmlDocPtr
    private let context: xmlXPathContextPtr

    init(_ text: String) throws {
        guard let document = xmlReadMemory(text, Int32(text.utf8.count), nil, nil, Int32(XML_PARSE_NONET.rawValue)),
            let context = xmlXPathNewContext(document)
        else { throw CocoaError(.fileReadCorruptFile) }
        for (prefix, namespace) in Self.namespaces { xmlXPathRegisterNs(context, prefix, namespace) }
        self.document = document
        self.context = context
    }

    deinit {
        xmlXPathFreeContext(context)
        xmlFreeDoc(document)
    }

    func texts(_ path: String) -> [String] {
        nodes(path) { node in
            guard let content = xmlNodeGetContent(node) else { return "" }
            defer { kiosk_xml_free(content) }
            return String(cString: content)
        }
    }

    func names(_ path: String) -> [String] { nodes(path) { String(cString: $0.pointee.name) } }

    private func nodes(_ path: String, _ read: (xmlNodePtr) -> String) -> [String] {
        guard let result = xmlXPathEvalExpression(path, context) else { return [] }
        defer { xmlXPathFreeObject(result) }
        guard let set = result.pointee.nodesetval else { return [] }
        return (0..<Int(set.pointee.nodeNr)).compactMap { set.pointee.nodeTab[$0].map(read) }
    }
}
