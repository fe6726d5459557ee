import Foundation
import Peripherals
import Testing

@testable import TicketPrinter

@Suite struct TicketDrawingTests {
    static let papers = [PaperWidth.mm80, .mm58]

    @Test("a ticket is as wide as the paper, for both rolls", arguments: papers)
    func width(_ paper: PaperWidth) throws {
        let bitmap = try TicketDrawing(paper: paper).draw(Samples.ticket)
        #expect(bitmap.width == paper.dots)
        #expect((600...1400).contains(bitmap.height))
        #expect(bitmap.bytes.count == bitmap.height * paper.dots / 8)
    }

    @Test(
        "the number is at least 14 mm high and inside the paper, however long it is",
        arguments: papers, ["7", "A005", "U1234", "QN-10057"])
    func numberHeight(_ paper: PaperWidth, _ number: String) throws {
        let template = TicketTemplate(elements: [TicketElement(.number, text: "{number}", millimetres: 22)])
        let bitmap = try TicketDrawing(paper: paper, template: template).draw(Samples.ticket(number))
        let inked = (0..<bitmap.height).filter { y in bitmap.row(y).contains { $0 != 0 } }
        #expect(inked.count >= 112)
        #expect(!(0..<bitmap.height).contains { bitmap.isBlack(x: 0, y: $0) })
        #expect(!(0..<bitmap.height).contains { bitmap.isBlack(x: paper.dots - 1, y: $0) })
    }

    private static let readable: [(language: String, texts: [String])] = [
        ("vi", ["U005", "Đăng ký khai sinh", "Trước bạn còn 3 người", "25/11/2026"]),
        ("en", ["U005", "Birth registration", "3 people are waiting", "25 November 2026"]),
    ]

    @Test(
        "zbar reads the QR code, tesseract the number and the texts, in both languages", arguments: papers,
        ["vi", "en"])
    func readBack(_ paper: PaperWidth, _ language: String) async throws {
        let folder = try Samples.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "ticket.png")
        let ticket = TicketContent.sample(language: language, reprint: true)
        try Data(TicketDrawing(paper: paper).draw(ticket).png()).write(to: file)
        #expect(try await Reader.qrTexts(file) == [ticket.qr])
        let text = try await Reader.text(file).joined(separator: " ")
        let expected = try #require(Self.readable.first { $0.language == language }).texts
        for word in expected { #expect(text.contains(word), "\(text)") }
    }

    @Test(
        "tesseract reads the words of a plate, once they are black on white again", arguments: papers,
        ["IN LẠI", "Người cao tuổi", "REPRINT", "Priority", "Người có công với cách mạng"])
    func plates(_ paper: PaperWidth, _ words: String) async throws {
        let folder = try Samples.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        var ticket = Samples.ticket
        ticket.className = words
        let plate = try TicketDrawing.withTools(dotsPerInch: 203) { tools throws(TicketDrawingError) in
            var page = try TicketPage(paper: paper, tools: tools)
            try page.add(TicketElement(.banner, text: "{className}", points: 20), of: ticket)
            return try page.finished()
        }
        let file = folder.appending(path: "plate.png")
        try Data(try Self.turned(plate).png()).write(to: file)
        let text = try await Reader.text(file).joined(separator: " ")
        #expect(text.contains(words), "\(text)")
    }

    /// White within a plate's edges becomes black, everything else white, with white all around.
    private static func turned(_ plate: MonochromeBitmap) throws -> MonochromeBitmap {
        let edge = 40
        let rowBytes = plate.bytesPerRow
        var bytes = [UInt8](repeating: 0, count: rowBytes * (plate.height + 2 * edge))
        for y in 0..<plate.height {
            let black = (0..<plate.width).filter { plate.isBlack(x: $0, y: y) }
            guard let first = black.first, let last = black.last else { continue }
            for x in first...last where !plate.isBlack(x: x, y: y) {
                bytes[(y + edge) * rowBytes + x / 8] |= 0x80 >> UInt8(x % 8)
            }
        }
        return try #require(MonochromeBitmap(width: plate.width, height: plate.height + 2 * edge, bytes: bytes))
    }

    @Test("a text too long for its lines is set smaller before it is cut, never under 10 points", arguments: papers)
    func shrinking(_ paper: PaperWidth) throws {
        func lowest(_ text: String, _ markup: String = "{procedure}") throws -> Double {
            var ticket = Samples.ticket
            ticket.procedure = text
            let style = TicketElement(.text, text: markup, points: 14, lines: 2)
            return try TicketDrawing.withTools(dotsPerInch: 203) { tools throws(TicketDrawingError) in
                var page = try TicketPage(paper: paper, tools: tools)
                page.inspect()
                try page.add(style, of: ticket)
                return page.inspection?.points?.lowerBound ?? 0
            }
        }
        let long = String(repeating: "Đăng ký ", count: paper.dots / 64)
        #expect(try lowest("Đăng ký") > 13.8)
        #expect((9.8..<13.8).contains(try lowest(long)))
        #expect((9.8..<13.8).contains(try lowest(String(repeating: long, count: 20))))
        // A part that markup makes smaller forbids it.
        #expect(try lowest(String(repeating: long, count: 20), "<small>{procedure}</small>") > 9.8)
    }

    @Test("a reprint and an ordinary ticket differ from the first one")
    func variants() throws {
        let drawing = TicketDrawing()
        var ordinary = Samples.ticket
        ordinary.className = ""
        let first = try drawing.draw(Samples.ticket)
        #expect(try drawing.draw(ordinary).height < first.height)
        #expect(try drawing.draw(Samples.ticket("U005", mark: "IN LẠI")).height > first.height)
        #expect(try drawing.draw(Samples.ticket) == first)
    }

    @Test("endless texts end in an ellipsis, the ticket stays short")
    func longTexts() throws {
        var ticket = Samples.ticket
        let long = String(repeating: "Đăng ký biến động quyền sử dụng đất ", count: 200)
        (ticket.hall, ticket.procedure, ticket.className) = (long, long, long)
        ticket.notes = [String](repeating: String(repeating: "ữ", count: 5000), count: 50)
        #expect(try TicketDrawing(paper: .mm58).draw(ticket).height < TicketDrawing.longest)
    }

    @Test("what can't be drawn is a typed error")
    func refusals() {
        var ticket = Samples.ticket
        ticket.qr = String(repeating: "x", count: 3000)
        #expect(throws: TicketDrawingError.qrTextTooLong(bytes: 3000)) { try TicketDrawing().draw(ticket) }
        ticket.qr = String(repeating: "x", count: 1500)
        #expect(throws: TicketDrawingError.qrTextTooLong(bytes: 1500)) { try TicketDrawing(paper: .mm58).draw(ticket) }
        let tall = TicketTemplate(
            elements: [TicketElement(.number, text: "{number}")]
                + [TicketElement](repeating: TicketElement(.feed, millimetres: 100), count: 8))
        #expect(throws: TicketDrawingError.self) { try TicketDrawing(template: tall).draw(Samples.ticket) }
        #expect(throws: TicketDrawingError.self) { try TicketDrawing().draw(Samples.ticket("")) }
    }

    @Test("a PNG of a bitmap has its size and its dots: 1 is black")
    func png() async throws {
        let bitmap = try #require(MonochromeBitmap(width: 9, height: 2, bytes: [0x80, 0x80, 0x00, 0x00]))
        let png = try bitmap.png()
        #expect(png.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        #expect(png[16..<24] == [0, 0, 0, 9, 0, 0, 0, 2])
        #expect(bitmap.isBlack(x: 0, y: 0) && bitmap.isBlack(x: 8, y: 0) && !bitmap.isBlack(x: 1, y: 0))
        #expect(MonochromeBitmap(width: 9, height: 2, bytes: [0]) == nil)
    }
}
