import CXML2
import Foundation

/// The plain part of an eSCL document: the texts right below its root.
enum ESCLDocument {
    /// - Returns: nil when the bytes are too many, no XML, or have another root. Of elements of one name the first.
    static func texts(_ xml: [UInt8], root name: String, limit: Int) -> [String: String]? {
        guard xml.count <= limit else { return nil }
        // No entities, no network: the document comes from outside.
        let flags = Int32(XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue)
        let text = xml.map { CChar(bitPattern: $0) }
        guard let document = xmlReadMemory(text, Int32(text.count), nil, nil, flags) else { return nil }
        defer { xmlFreeDoc(document) }
        guard let root = xmlDocGetRootElement(document), Self.name(root) == name else { return nil }
        var texts: [String: String] = [:]
        var node = root.pointee.children
        while let element = node, texts.count < 200 {
            if let text = Self.text(element), texts[Self.name(element)] == nil { texts[Self.name(element)] = text }
            node = element.pointee.next
        }
        return texts
    }

    private static func name(_ node: UnsafeMutablePointer<xmlNode>) -> String {
        node.pointee.type == XML_ELEMENT_NODE ? String(cString: node.pointee.name) : ""
    }

    private static func text(_ node: UnsafeMutablePointer<xmlNode>) -> String? {
        guard node.pointee.type == XML_ELEMENT_NODE, let child = node.pointee.children,
            child.pointee.type == XML_TEXT_NODE, let content = child.pointee.content
        else { return nil }
        return String(cString: content).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
