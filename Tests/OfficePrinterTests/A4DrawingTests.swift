import Foundation
import Peripherals
import TestSupport
import Testing

@testable import OfficePrinter

@Suite("documents on A4")
struct A4DrawingTests {
    private let folder = TemporaryFolder()

    private func write(_ document: A4Document) throws -> (file: URL, pages: Int) {
        let (data, pages) = try A4Drawing().draw(document)
        let file = folder.url.appending(path: "document.pdf")
        try data.write(to: file)
        return (file, pages)
    }

    @Test("the pages are A4, the letters are embedded, the text can be read and searched")
    func page() async throws {
        let (file, pages) = try write(Sample.declaration)
        #expect(pages == 1)
        let information = try await Sample.output(of: "pdfinfo", [file.path])
        #expect(information.contains("(A4)"))
        #expect(information.contains(/Pages: +1\n/))
        let fonts = try await Sample.output(of: "pdffonts", [file.path]).split(separator: "\n").dropFirst(2)
        #expect(!fonts.isEmpty)
        // name, type, encoding, emb, sub, uni, object
        for font in fonts { #expect(font.contains("NotoSans") && font.contains(/\syes\s+yes\s+yes\s/), "\(font)") }
        let text = try await Sample.text(of: file)
        for words in ["ỦY BAN NHÂN DÂN XÃ IA MƠ", "Người được khai sinh", "Plơi Ƀut, tơring Čư Prông"] {
            #expect(text.contains(words), "\(words)")
        }
    }

    @Test("its QR code is read by zbar")
    func qr() async throws {
        let (file, _) = try write(Sample.declaration)
        let picture = folder.url.appending(path: "page")
        _ = try await Sample.output(of: "pdftoppm", ["-r", "150", "-png", "-singlefile", file.path, picture.path])
        let code = try await Sample.output(of: "zbarimg", ["-q", "--raw", picture.path + ".png"])
        #expect(code == Sample.code + "\n")
    }

    @Test("long answers wrap and go on over the page; every page has its number, nothing is lost")
    func long() async throws {
        let words = (1...900).map { "từ\($0)" }
        let (file, pages) = try write(
            A4Document(
                title: "TỜ KHAI DÀI",
                blocks: [
                    .field(label: "Nội dung", value: words.joined(separator: " ")), .list(["một", "hai"]),
                    .field(label: "Không có chỗ ngắt", value: String(repeating: "ê̆ô̆ơ̆ư̆", count: 60)),
                ], pageLabel: "Trang {page}/{pages}"))
        #expect(pages > 1)
        let text = try await Sample.text(of: file)
        let found = Set(text.split(whereSeparator: \.isWhitespace).map(String.init))
        for word in words { #expect(found.contains(word), "\(word)") }
        for page in 1...pages { #expect(text.contains("Trang \(page)/\(pages)")) }
    }

    @Test("a document without end is refused, and so is a QR text that no code holds")
    func bounded() {
        let endless = A4Document(
            title: "x", blocks: Array(repeating: .paragraph(String(repeating: "a ", count: 4000)), count: 1000))
        #expect(throws: A4DrawingError.tooLong) { try A4Drawing().draw(endless) }
        let blocks = A4Document(title: "x", blocks: Array(repeating: .note(""), count: 1001))
        #expect(throws: A4DrawingError.tooLong) { try A4Drawing().draw(blocks) }
        let code = A4Document(title: "x", blocks: [.qr(String(repeating: "a", count: 2332), caption: "")])
        #expect(throws: A4DrawingError.qrTextTooLong) { try A4Drawing().draw(code) }
    }
}
