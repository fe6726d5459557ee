import ArchivalDocument
import Foundation
import Peripherals
import TestSupport
import Testing

@Suite("Documents of record")
struct ArchivalDocumentTests {
    private let folder = TemporaryFolder()
    private var file: URL { folder.url.appending(path: "document.pdf") }
    private let metadata = DocumentMetadata(
        title: "Giấy chứng sinh (\"bản chính\") <A&B>", component: "birth-certificate", procedure: "1.001193",
        dossier: "A-7F3K9Q", codes: [PageCode(symbology: "QR-Code", text: "https://example.vn/?a=1&b=đ\u{1}")],
        createdAt: Date(timeIntervalSince1970: 1_795_829_645))

    private func document(_ pages: [ScannedPage]) throws -> URL {
        try ArchivalDocument().write(pages.map { DocumentPage(picture: $0) }, metadata, to: file)
        return file
    }

    @Test("colour and grey pages without text are PDF/A-2b to a validator, and Ghostscript draws them")
    func isPDFA() async throws {
        let grey = try Paper(isColour: false).page("grey.jpg", in: folder)
        let colour = try Paper().page("colour.jpg", in: folder)
        let file = try document([colour, grey])
        #expect(try await PDFACheck.findings(file) == "")
        #expect(try await PDFACheck.complaints(file) == "")
    }

    @Test(
        "the check refuses a file that is none",
        arguments: [("/S/GTS_PDFA1", "/S/GTS_PDFX "), ("<pdfaid:part>2", "<pdfaid:part>4")])
    func checkRefuses(_ whole: String, _ broken: String) async throws {
        let file = try document([try Paper().page("p.jpg", in: folder)])
        var bytes = try Data(contentsOf: file)
        let place = try #require(
            bytes.range(of: Data(whole.utf8)) ?? bytes.range(of: Data(whole.replacing("/S/", with: "/S /").utf8)))
        bytes.replaceSubrange(place, with: broken.utf8.prefix(place.count))
        try bytes.write(to: file)
        #expect(try await PDFACheck.findings(file) != "")
    }

    @Test("pages keep their order, their true size and the very bytes of their pictures")
    func pages() async throws {
        let pages = [
            try Paper().page("1.jpg", in: folder) { $0.text("một", x: 20, y: 40, size: 6) },
            try Paper(width: 148, height: 210, resolution: 300).page("2.jpg", in: folder),
            try Paper(width: 85.6, height: 54, isColour: false).page("3.jpg", in: folder),
        ]
        let file = try document(pages)
        let sizes = try await Tool.output(of: "pdfinfo", ["-l", "3", file.path])
            .split(separator: "\n").filter { $0.hasPrefix("Page ") && $0.contains("size:") }
            .map { $0.split(separator: " ").compactMap { Double($0) } }
        let millimetres = sizes.map { $0.suffix(2).map { ($0 / 72 * 25.4 * 10).rounded() / 10 } }
        // Within half a pixel, as whole pixels are what a page has.
        let expected = [[210.0, 297], [148, 210], [85.6, 54]]
        for (found, wanted) in zip(millimetres, expected) {
            for (found, wanted) in zip(found, wanted) { #expect(abs(found - wanted) < 0.15, "\(found) \(wanted)") }
        }
        #expect(millimetres.count == 3)
        _ = try await Tool.output(of: "pdfimages", ["-all", file.path, folder.url.appending(path: "image").path])
        for (index, page) in pages.enumerated() {
            let image = try Data(contentsOf: folder.url.appending(path: "image-00\(index).jpg"))
            #expect(image == (try Data(contentsOf: page.file)))
        }
    }

    @Test("it says what it is, the same in both places, and nothing about the machine")
    func metadata() async throws {
        let file = try document([try Paper().page("p.jpg", in: folder)])
        let information = try await Tool.output(of: "pdfinfo", ["-isodates", file.path])
        #expect(information.contains("Title:           Giấy chứng sinh (\"bản chính\") <A&B>\n"))
        #expect(information.contains("CreationDate:    2026-11-28T01:34:05Z"))
        #expect(information.contains("Creator:         kiosk\n"))
        let text = try await Tool.output(of: "pdfinfo", ["-meta", file.path])
        let packet = try XMLDocumentReader(text)
        #expect(packet.texts("//dc:title/rdf:Alt/rdf:li[@xml:lang='vi']") == [metadata.title])
        #expect(packet.texts("//pdfaid:part | //pdfaid:conformance") == ["2", "B"])
        #expect(packet.texts("//xmp:CreateDate") == ["2026-11-28T01:34:05Z"])
        #expect(packet.texts("//kiosk:component") == ["birth-certificate"])
        #expect(packet.texts("//kiosk:procedure") == ["1.001193"])
        #expect(packet.texts("//kiosk:dossier") == ["A-7F3K9Q"])
        #expect(packet.texts("//kiosk:codes/rdf:Bag/rdf:li") == ["QR-Code:https://example.vn/?a=1&b=đ"])
        let bytes = try Data(contentsOf: file)
        for secret in [folder.url.path, file.lastPathComponent, ProcessInfo.processInfo.hostName, NSUserName() + ")"] {
            #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(secret)")
        }
    }

    @Test("every property of the kiosk's own is described in the file (ISO 19005-2, 6.6.2.3.3)")
    func extensionSchema() async throws {
        let file = try document([try Paper().page("p.jpg", in: folder)])
        let packet = try XMLDocumentReader(try await Tool.output(of: "pdfinfo", ["-meta", file.path]))
        let schema = "//pdfaExtension:schemas/rdf:Bag/rdf:li[pdfaSchema:prefix='kiosk']"
        #expect(packet.texts(schema + "/pdfaSchema:namespaceURI") == [XMLDocumentReader.namespaces["kiosk"]])
        #expect(packet.texts(schema + "/pdfaSchema:schema").count == 1)
        let property = schema + "/pdfaSchema:property/rdf:Seq/rdf:li"
        let names = packet.texts(property + "/pdfaProperty:name")
        for used in packet.names("//rdf:Description/kiosk:*") { #expect(names.contains(used)) }
        #expect(packet.texts(property + "/pdfaProperty:valueType") == ["Text", "Text", "Text", "bag Text"])
        #expect(packet.texts(property + "/pdfaProperty:category") == Array(repeating: "external", count: 4))
        #expect(packet.texts(property + "/pdfaProperty:description").allSatisfy { !$0.isEmpty })
    }

    @Test("only its owner may read it, it replaces what was there, and the same pages give the same bytes")
    func replaces() throws {
        let page = try Paper().page("p.jpg", in: folder)
        try Data("old".utf8).write(to: file)
        let first = try Data(contentsOf: try document([page]))
        #expect(try Data(contentsOf: try document([page])) == first)
        let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test("two hundred pages", .timeLimit(.minutes(2)))
    func manyPages() async throws {
        let page = try Paper(resolution: 72).page("p.jpg", in: folder)
        let file = try document(Array(repeating: page, count: 200))
        #expect(try await Tool.output(of: "pdfinfo", [file.path]).contains("Pages:           200\n"))
        #expect(try await PDFACheck.findings(file) == "")
    }

    /// What stands in for a page's picture.
    enum Damage: CaseIterable {
        case missing, empty, gif, onlyHeader, cutShort, holed, colourOfFour
    }

    @Test("a damaged picture is named, and no half document is left", arguments: Damage.allCases)
    func damage(_ damage: Damage) throws {
        let page = try Paper(width: 40, height: 40).page("p.jpg", in: folder)
        let whole = try Data(contentsOf: page.file)
        switch damage {
        case .missing: try FileManager.default.removeItem(at: page.file)
        case .empty: try Data().write(to: page.file)
        case .gif: try Data("GIF89a and more".utf8).write(to: page.file)
        case .onlyHeader: try (whole.prefix(20) + [0xFF, 0xD9]).write(to: page.file)
        case .cutShort: try whole.prefix(whole.count / 2).write(to: page.file)
        case .holed: try (whole.prefix(whole.count / 2) + [0xFF, 0xD9]).write(to: page.file)
        case .colourOfFour: try Self.cmyk(whole).write(to: page.file)
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
        let error = #expect(throws: PageError.self) { try document([page]) }
        #expect(error?.code == "bad-picture")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == files)
    }

    /// The same file with four components in its frame header (ISO/IEC 10918-1, B.2.2).
    private static func cmyk(_ jpeg: Data) throws -> Data {
        var bytes = [UInt8](jpeg)
        let frame = try #require((0..<bytes.count - 20).first { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC0 })
        bytes[frame + 3] += 3
        bytes[frame + 9] = 4
        bytes.insert(contentsOf: [4, 0x11, 1], at: frame + 19)
        return Data(bytes)
    }

    @Test("resolutions that no paper has are refused", arguments: [-1, 0, 1, 35, 4_801, .max])
    func absurdResolution(_ resolution: Int) throws {
        var page = try Paper(width: 40, height: 40).page("p.jpg", in: folder)
        page.resolution = resolution
        let error = #expect(throws: PageError.self) { try document([page]) }
        #expect(error?.code == "bad-picture")
    }

    @Test("no pages, or more than a document may have, are refused")
    func pageCount() throws {
        let page = try Paper(width: 40, height: 40).page("p.jpg", in: folder)
        for count in [0, ArchivalDocument.pageLimit + 1] {
            #expect(throws: PageError.self) { try document(Array(repeating: page, count: count)) }
        }
        #expect(!FileManager.default.fileExists(atPath: file.path))
    }

    @Test("a full disk is disk-full, leaves the old document and no half one", .enabled(if: TinyDisk.isPossible))
    func fullDisk() throws {
        let disk = try TinyDisk(kilobytes: 400)
        let file = disk.url.appending(path: "document.pdf")
        let page = DocumentPage(picture: try Paper().page("p.jpg", in: folder))
        try ArchivalDocument().write([page], metadata, to: file)
        let old = try Data(contentsOf: file)
        try disk.fill()
        #expect(throws: PageError.diskFull) { try ArchivalDocument().write([page], metadata, to: file) }
        #expect(try Data(contentsOf: file) == old)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: disk.url.path).sorted() == ["document.pdf", "filler"])
    }
}
