import Foundation
import Peripherals
import Testing

@testable import TicketPrinter

@Suite("what fills a template never becomes markup, and letters stay whole")
struct TicketTextTests {
    @Test(
        "fields are escaped before they enter markup",
        arguments: [
            "<b>x", "a & b", "</span>", "\"'", "&amp;", "{number}", "<span size=\"1\">tiny</span>", "<!--", "]]>",
        ])
    func escaping(_ text: String) throws {
        var ticket = Samples.ticket
        ticket.procedure = text
        let markup = TicketText.markup("<i>{procedure}</i>", ticket)
        #expect(TextSetter.fault(inMarkup: markup) == nil)
        #expect(!markup.dropFirst(3).dropLast(4).contains("<"))
        // Drawn as letters: the paper is not that of an empty field, and no error.
        let template = TicketTemplate(elements: [
            TicketElement(.number, text: "{number}"), TicketElement(.text, text: "{procedure}"),
        ])
        let alone = TicketTemplate(elements: [TicketElement(.number, text: "{number}")])
        #expect(
            try TicketDrawing(template: template).draw(ticket).height
                > TicketDrawing(template: alone).draw(ticket).height)
    }

    @Test("a text whose fields are all empty takes no place; one without fields always stands")
    func emptiness() {
        var ticket = Samples.ticket
        (ticket.className, ticket.reprintMark) = ("", nil)
        #expect(TicketText.markup("<b>Ticket for {className}{reprintMark}</b>", ticket) == "")
        #expect(TicketText.markup("{className} {number}", ticket) == " U005")
        #expect(TicketText.markup("Keep this ticket", ticket) == "Keep this ticket")
    }

    @Test("control characters are left out, and texts are cut between letters")
    func bounds() {
        #expect(TicketText.plain("a\u{0}b\u{1B}c\u{7F}d\ne") == "abcd\ne")
        let letter = "ê\u{0323}\u{0306}"
        let cut = TicketText.plain(String(repeating: letter, count: 1000), characters: 5)
        #expect(cut.count == 5)
        let marked = "a" + String(repeating: "\u{0301}", count: 10_000)
        #expect(TicketText.plain("x" + marked).utf8.count <= TicketText.mostBytes)
    }

    @Test(
        "composed and decomposed letters give the same paper",
        arguments: [
            "Đăng ký biến động quyền sử dụng đất", "Nguyễn Thị Hường", "ƯU TIÊN ĐẶC BIỆT",
            "Ơi adơi amai, bơ̆ng hơdră pơhing", "Bơngai Bahnar pơm hơbăt, kơ̆l wă tơdrong", "č Č ƀ Ƀ ñ ĭ ŭ ŏ ĕ ơ̆ ư̆ ê̆ ô̆",
        ])
    func normalForms(_ text: String) throws {
        for paper in TicketDrawingTests.papers {
            let drawing = TicketDrawing(paper: paper)
            var (composed, decomposed) = (Samples.ticket, Samples.ticket)
            (composed.procedure, composed.hall) = (
                text.precomposedStringWithCanonicalMapping, text.precomposedStringWithCanonicalMapping
            )
            (decomposed.procedure, decomposed.hall) = (
                text.decomposedStringWithCanonicalMapping, text.decomposedStringWithCanonicalMapping
            )
            #expect(try drawing.draw(composed) == drawing.draw(decomposed))
        }
    }

    @Test("every letter of Vietnamese, Jrai and Bahnar is in the fonts")
    func glyphs() throws {
        let letters =
            "aăâbcdđeêghiklmnoôơpqrstuưvxyàằầèềìòồờùừỳáắấéếíóốớúứýảẳẩẻểỉỏổởủửỷãẵẫẽễĩõỗỡũữỹạặậẹệịọộợụựỵčƀñĭŭŏĕơ̆ư̆ê̆ô̆"
        let unknown = try TicketDrawing.withTools(dotsPerInch: 203) { tools in
            tools.setter.paragraph(letters + letters.uppercased(), .init(lines: 20), width: 384)?.unknownGlyphs
        }
        #expect(unknown == 0)
    }

    @Test("a word wider than the paper breaks between letters, never inside one")
    func wrapping() throws {
        // Letters of a base and two marks that no composed letter exists for: 60 of them in one word.
        let letter = "ơ\u{0306}\u{0323}"
        let word = String(repeating: letter, count: 60)
        let starts = try TicketDrawing.withTools(dotsPerInch: 203) { tools in
            tools.setter.paragraph(word, .init(points: 14, lines: 20), width: 360)?.lineStarts
        }
        let bytes = letter.utf8.count
        let found = try #require(starts)
        #expect(found.count > 2)
        #expect(found.allSatisfy { $0 % bytes == 0 }, "\(found)")
    }
}
