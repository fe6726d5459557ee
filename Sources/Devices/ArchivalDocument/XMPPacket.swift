import CXML2
import Foundation
import Peripherals

/// The document's metadata as an XMP packet (ISO 16684-1), with what PDF/A-2 asks of it (ISO 19005-2, 6.6): the
/// conformance claim, and a description of the properties that are the kiosk's own.
struct XMPPacket {
    static let ownNamespace = "urn:x-kiosk:document:1.0:"

    var metadata: DocumentMetadata
    var language: String
    var producer: String
    /// ISO 8601, equal to the Info dictionary's.
    var date: String

    private static let rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    private static let extensionBase = "http://www.aiim.org/pdfa/ns/"

    /// One property of the kiosk's own, as the extension schema describes it.
    private struct OwnProperty {
        var name: String
        var values: [String]
        var isBag = false
        var description: String
    }

    private var ownProperties: [OwnProperty] {
        [
            OwnProperty(name: "component", values: [metadata.component], description: "Id of the dossier's component"),
            OwnProperty(name: "procedure", values: [metadata.procedure], description: "Code of the procedure"),
            OwnProperty(
                name: "dossier", values: metadata.dossier.map { [$0] } ?? [],
                description: "Provisional code of the dossier"),
            OwnProperty(
                name: "codes", values: metadata.codes.map { "\($0.symbology):\($0.text)" }, isBag: true,
                description: "QR and bar codes on the pages: symbology, colon, text"),
        ]
    }

    func bytes() throws(PageError) -> Data {
        guard let document = xmlNewDoc("1.0"),
            let root = xmlNewDocNode(document, nil, "xmpmeta", nil), let buffer = xmlBufferCreate()
        else { throw .failed("the metadata cannot be made by libxml2") }
        defer {
            xmlBufferFree(buffer)
            xmlFreeDoc(document)
        }
        xmlDocSetRootElement(document, root)
        let packet = XMLElement(root)
        packet.enter("x", "adobe:ns:meta/")
        let graph = packet.add("RDF", "rdf", Self.rdf)
        describe(graph)
        describeExtension(graph)
        xmlNodeDump(buffer, document, root, 0, 1)
        let body = String(cString: xmlBufferContent(buffer))
        // The two processing instructions that frame a packet (ISO 16684-1, 7.3.2). No room for changes in place: a
        // document of record is not changed.
        let text =
            "<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\(body)\n<?xpacket end=\"r\"?>"
        return Data(text.utf8)
    }

    private func describe(_ graph: XMLElement) {
        let description = graph.add("Description")
        description.setAttribute("about", "")
        for (prefix, namespace) in [
            ("dc", "http://purl.org/dc/elements/1.1/"), ("xmp", "http://ns.adobe.com/xap/1.0/"),
            ("pdf", "http://ns.adobe.com/pdf/1.3/"), ("pdfaid", Self.extensionBase + "id/"),
            ("kiosk", Self.ownNamespace),
        ] { description.declare(prefix, namespace) }
        let titles = description.add("title", "dc").add("Alt", "rdf")
        for language in ["x-default", language] {
            titles.add("li", text: metadata.title).setLanguage(language)
        }
        description.add("language", "dc").add("Bag", "rdf").add("li", text: language)
        description.add("format", "dc", text: "application/pdf")
        description.add("CreateDate", "xmp", text: date)
        description.add("ModifyDate", "xmp", text: date)
        description.add("CreatorTool", "xmp", text: ArchivalDocument.creator)
        description.add("Producer", "pdf", text: producer)
        description.add("part", "pdfaid", text: "2")
        description.add("conformance", "pdfaid", text: "B")
        for property in ownProperties where !property.values.isEmpty {
            let element = description.add(property.name, "kiosk")
            guard property.isBag else {
                element.setText(property.values[0])
                continue
            }
            let bag = element.add("Bag", "rdf")
            for value in property.values { bag.add("li", text: value) }
        }
    }

    /// ISO 19005-2, 6.6.2.3.3: every property outside of the predefined schemas is described in the file.
    private func describeExtension(_ graph: XMLElement) {
        let description = graph.add("Description")
        description.setAttribute("about", "")
        for (prefix, name) in [
            ("pdfaExtension", "extension/"), ("pdfaSchema", "schema#"), ("pdfaProperty", "property#"),
        ] { description.declare(prefix, Self.extensionBase + name) }
        let schema = description.add("schemas", "pdfaExtension").add("Bag", "rdf").add("li")
        schema.setAttribute("parseType", "Resource")
        schema.add("schema", "pdfaSchema", text: "Kiosk of the one-stop hall")
        schema.add("namespaceURI", "pdfaSchema", text: Self.ownNamespace)
        schema.add("prefix", "pdfaSchema", text: "kiosk")
        let properties = schema.add("property", "pdfaSchema").add("Seq", "rdf")
        for property in ownProperties {
            let element = properties.add("li")
            element.setAttribute("parseType", "Resource")
            element.add("name", "pdfaProperty", text: property.name)
            element.add("valueType", "pdfaProperty", text: property.isBag ? "bag Text" : "Text")
            element.add("category", "pdfaProperty", text: "external")
            element.add("description", "pdfaProperty", text: property.description)
        }
    }
}
