import CQPDF
import Foundation
import Peripherals

/// Puts a document's objects together: pages, metadata, output intent. Pure but for what Little CMS and libxml2 compute.
struct DocumentBuilder {
    private var objects = PDFObjects()
    private let metadata: DocumentMetadata
    private let language: String
    private let pageTree: Int
    private var pages: [Int] = []
    private var font: Int?

    init(metadata: DocumentMetadata, language: String) {
        self.metadata = metadata
        self.language = language
        pageTree = objects.reserve()
    }

    /// Needed before the first page with text.
    mutating func useFont(_ font: InvisibleFont) { self.font = font.add(to: &objects) }

    /// - Parameter text: the content of a text layer of the page's size.
    mutating func add(_ picture: PagePicture, text: Data?) {
        let image = objects.add(
            PDFStream(
                dictionary: [
                    "Type": .name("XObject"), "Subtype": .name("Image"), "Filter": .name("DCTDecode"),
                    "Width": .integer(picture.width), "Height": .integer(picture.height),
                    "BitsPerComponent": .integer(8),
                    "ColorSpace": .name(picture.isGrey ? "DeviceGray" : "DeviceRGB"),
                ], source: .file(picture.file)))
        let (width, height) = (PDFNumber(picture.size.width), PDFNumber(picture.size.height))
        var content = Data("q \(width) 0 0 \(height) 0 0 cm /P Do Q\n".utf8)
        var resources: [String: PDFObject] = ["XObject": .dictionary(["P": .reference(image)])]
        if let text, let font {
            content += text
            resources["Font"] = .dictionary([InvisibleFont.resource: .reference(font)])
        }
        let stream = objects.add(PDFStream(dictionary: [:], source: .bytes(content)))
        pages.append(
            objects.add(
                .dictionary([
                    "Type": .name("Page"), "Parent": .reference(pageTree), "Resources": .dictionary(resources),
                    "Contents": .reference(stream),
                    "MediaBox": .array([.integer(0), .integer(0), .real(width.value), .real(height.value)]),
                ])))
    }

    mutating func finish() throws(PageError) -> PDFObjects {
        objects.set(
            pageTree,
            .dictionary([
                "Type": .name("Pages"), "Count": .integer(pages.count), "Kids": .array(pages.map(PDFObject.reference)),
            ]))
        let dates = DocumentDate(metadata.createdAt)
        let producer = "libqpdf \(String(cString: qpdf_get_qpdf_version()))"
        let packet = XMPPacket(metadata: metadata, language: language, producer: producer, date: dates.xmp)
        let description = objects.add(
            PDFStream(
                dictionary: ["Type": .name("Metadata"), "Subtype": .name("XML")], source: .bytes(try packet.bytes())))
        let intent = try addOutputIntent()
        objects.information = objects.add(
            .dictionary([
                "Title": .text(XMLElement.legal(metadata.title)), "Creator": .text(ArchivalDocument.creator),
                "Producer": .text(producer), "CreationDate": .text(dates.pdf), "ModDate": .text(dates.pdf),
            ]))
        objects.root = objects.add(
            .dictionary([
                "Type": .name("Catalog"), "Pages": .reference(pageTree), "Metadata": .reference(description),
                "OutputIntents": .array([.reference(intent)]), "Lang": .text(language),
                "ViewerPreferences": .dictionary(["DisplayDocTitle": .boolean(true)]),
            ]))
        return objects
    }

    /// ISO 19005-2, 6.2.3: what the colours of the pictures, grey ones too, mean.
    private mutating func addOutputIntent() throws(PageError) -> Int {
        let profile = objects.add(
            PDFStream(dictionary: ["N": .integer(3)], source: .bytes(try ColourProfile.sRGB())))
        return objects.add(
            .dictionary([
                "Type": .name("OutputIntent"), "S": .name("GTS_PDFA1"),
                "OutputConditionIdentifier": .text(ColourProfile.name), "Info": .text(ColourProfile.name),
                "RegistryName": .text("http://www.color.org"), "DestOutputProfile": .reference(profile),
            ]))
    }
}
