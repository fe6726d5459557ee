import Foundation
import Peripherals
import Simulator
import TestSupport
import Testing
import TextRecognition

@testable import ArchivalDocument

@Suite("Text layers")
struct TextLayerTests {
    private let folder = TemporaryFolder()
    private let metadata = DocumentMetadata(
        title: "Tờ khai", component: "form", procedure: "1.000894",
        createdAt: Date(timeIntervalSince1970: 1_795_829_645))

    private func url(_ name: String) -> URL { folder.url.appending(path: name) }

    /// Lines and where their base lines begin, in millimetres.
    private let lines: [(text: String, x: Double, y: Double, size: Double)] = [
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 45, 30, 5), ("Trường hợp hồ sơ chưa đầy đủ thì bổ sung", 25, 60, 4.2),
        ("The applicant keeps one copy", 25, 80, 4.2), ("Người yêu cầu ký và ghi rõ họ tên", 60, 200, 4.2),
    ]

    /// Lines that are right to the last accent and in NFC: strings compare equal in Swift whatever their form, scalars do not.
    private func rightLines(_ text: some StringProtocol) -> Int {
        let found = text.split(separator: "\n").map { Array($0.unicodeScalars) }
        return lines.filter { found.contains(Array($0.text.unicodeScalars)) }.count
    }

    private func textPage(_ name: String, _ paper: Paper = Paper()) throws -> ScannedPage {
        try paper.page(name, in: folder) { canvas in
            for line in lines { canvas.text(line.text, x: line.x, y: line.y, size: line.size, family: "Noto Sans") }
        }
    }

    @Test("Vietnamese and English are found by pdftotext in NFC, and the document stays PDF/A-2b")
    func found() async throws {
        let pages = [try textPage("1.jpg"), try textPage("2.jpg", Paper(resolution: 300, isColour: false))]
        var documentPages: [DocumentPage] = []
        for page in pages {
            let layer = page.file.appendingPathExtension("pdf")
            let recognised = try TextRecognition().recognise(page, layer: layer)
            #expect(recognised.layer == layer)
            #expect(rightLines(recognised.text) >= lines.count - 1, "\(recognised.text)")
            #expect((85...100).contains(recognised.confidence), "\(recognised.confidence)")
            documentPages.append(DocumentPage(picture: page, layer: layer))
        }
        documentPages.insert(DocumentPage(picture: try Paper().page("blank.jpg", in: folder)), at: 1)
        let file = url("document.pdf")
        try ArchivalDocument().write(documentPages, metadata, to: file)
        #expect(try await PDFACheck.findings(file) == "")
        #expect(try await PDFACheck.complaints(file) == "")
        let text = try await Tool.output(of: "pdftotext", [file.path, "-"])
        let perPage = text.split(separator: "\u{C}", omittingEmptySubsequences: false)
        for index in [0, 2] {
            #expect(rightLines(perPage[index]) >= lines.count - 1, "\(perPage[index])")
        }
        #expect(perPage[1] == "")
        let fonts = try await Tool.output(of: "pdffonts", [file.path])
        #expect(fonts.split(separator: "\n").count == 3, "one font for all pages: \(fonts)")
    }

    @Test("words lie where they are printed")
    func places() async throws {
        let page = try textPage("p.jpg")
        let layer = url("layer.pdf")
        _ = try TextRecognition().recognise(page, layer: layer)
        let file = url("document.pdf")
        try ArchivalDocument().write([DocumentPage(picture: page, layer: layer)], metadata, to: file)
        let boxes = try await WordBox.all(in: file)
        for line in lines {
            let words = line.text.split(separator: " ").map(String.init)
            let first = try #require(boxes.first { $0.text == words[0] })
            let last = try #require(
                boxes.last { $0.text == words[words.count - 1] && abs($0.bottom - first.bottom) < 1 })
            #expect(abs(first.left - line.x) < 0.6, "\(first) \(line)")
            #expect(first.top < line.y - line.size * 0.6 && first.bottom > line.y - 0.3, "\(first) \(line)")
            #expect(first.bottom - first.top < line.size * 1.8)
            // The words' widths are those of the print: Noto Sans is about half an em wide.
            let width = Double(line.text.count) * line.size * 0.55
            #expect(abs(last.right - first.left - width) < width * 0.35, "\(last) \(line)")
        }
    }

    @Test("an empty page has an empty layer")
    func empty() throws {
        let page = try Paper(width: 100, height: 100).page("p.jpg", in: folder)
        let recognised = try TextRecognition().recognise(page, layer: url("layer.pdf"))
        #expect(recognised.text == "")
        #expect(recognised.confidence == 0)
        try ArchivalDocument().write(
            [DocumentPage(picture: page, layer: recognised.layer)], metadata, to: url("document.pdf"))
    }

    @Test("it can be cancelled, and a page that takes too long is given up")
    func ends() throws {
        let page = try textPage("p.jpg")
        #expect(throws: PageError.cancelled) {
            try TextRecognition().recognise(page, layer: url("layer.pdf")) { true }
        }
        #expect(throws: PageError.timedOut) {
            try TextRecognition(limit: .milliseconds(1)).recognise(page, layer: url("layer.pdf"))
        }
        #expect(!FileManager.default.fileExists(atPath: url("layer.pdf").path))
    }

    @Test("without data for a language it says what to install")
    func noData() throws {
        let page = try Paper(width: 40, height: 40).page("p.jpg", in: folder)
        let error = #expect(throws: PageError.self) {
            try TextRecognition(languages: ["xxx"]).recognise(page, layer: url("layer.pdf"))
        }
        guard case .failed(let text) = error else { return }
        #expect(text.contains("xxx") && text.contains("install"))
    }

    @Test("a layer of another page's size, or of another maker, is refused")
    func foreignLayers() throws {
        let page = try Paper(width: 100, height: 100).page("p.jpg", in: folder)
        let other = try Paper(width: 120, height: 100).page("q.jpg", in: folder)
        let layer = url("layer.pdf")
        _ = try TextRecognition().recognise(other, layer: layer)
        let document = url("document.pdf")
        let picture = url("picture.pdf")
        try ArchivalDocument().write([DocumentPage(picture: page)], metadata, to: picture)
        let damaged = url("damaged.pdf")
        try Data("%PDF-1.7\nnothing\n%%EOF\n".utf8).write(to: damaged)
        for layer in [layer, picture, damaged, url("missing.pdf")] {
            #expect(throws: PageError.self) {
                try ArchivalDocument().write([DocumentPage(picture: page, layer: layer)], metadata, to: document)
            }
        }
        #expect(!FileManager.default.fileExists(atPath: document.path))
    }

    @Test("no parallel work is started on the thread that reads")
    func oneThread() throws {
        // GCC's runtime answers what its standard asks of it (OpenMP 5.0, 3.2.16).
        let page = try Paper(width: 40, height: 40).page("p.jpg", in: folder)
        _ = try TextRecognition().recognise(page, layer: url("layer.pdf"))
        let symbol = try #require(dlsym(nil, "omp_get_max_active_levels"))
        let levels = unsafeBitCast(symbol, to: (@convention(c) () -> Int32).self)
        #expect(levels() == 0)
    }

    @Test("content: a word is stretched to its width, moves are from the word before, spaces end none of the lines")
    func content() {
        let words = [
            RecognisedWord(
                text: "Đỗ", left: 200, right: 400, baseline: 300, lineTop: 200, lineBottom: 300, confidence: 90,
                endsLine: false),
            RecognisedWord(
                text: "A", left: 500, right: 550, baseline: 300, lineTop: 200, lineBottom: 300, confidence: 90,
                endsLine: true),
        ]
        // 200 dpi: 100 pixels are 36 points; two characters of half an em in 72 points are stretched to 200 %.
        let expected = """
            BT 3 Tr
            /T 36 Tf 200 Tz 72 252 Td <01101ED70020> Tj
            /T 36 Tf 100 Tz 108 0 Td <0041> Tj
            ET

            """
        #expect(String(decoding: TextLayer.content(words, height: 1_000, resolution: 200), as: UTF8.self) == expected)
    }
}

/// A word of `pdftotext -bbox`, in millimetres from the upper left corner.
private struct WordBox {
    var text: String
    var left: Double
    var top: Double
    var right: Double
    var bottom: Double

    static func all(in file: URL) async throws -> [WordBox] {
        let html = try await Tool.output(of: "pdftotext", ["-bbox", file.path, "-"])
        let pattern = #/<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)</word>/#
        return html.matches(of: pattern).map { match in
            let places = [match.1, match.2, match.3, match.4].map { (Double($0) ?? 0) / 72 * 25.4 }
            return WordBox(
                text: String(match.5), left: places[0], top: places[1], right: places[2], bottom: places[3])
        }
    }
}
