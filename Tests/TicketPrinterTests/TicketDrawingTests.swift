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

    @Test("zbar reads the QR code, tesseract the number and the Vietnamese text", arguments: papers)
    func readBack(_ paper: PaperWidth) async throws {
        let folder = try Samples.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "ticket.png")
        try Data(TicketDrawing(paper: paper).draw(Samples.ticket).png()).write(to: file)
        #expect(try await Reader.qrTexts(file) == [Samples.ticket.qr])
        let text = try await Reader.text(file).joined(separator: " ")
        for expected in ["U005", "Đăng ký khai sinh", "Trước bạn còn 3 người", "25/11/2026"] {
            #expect(text.contains(expected), "\(text)")
        }
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
