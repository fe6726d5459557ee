import CPangoCairo
import Foundation
import Peripherals
import Testing

@testable import TicketPrinter

@Suite("a template is drawn once to see whether it is legible")
struct TemplateInspectionTests {
    private static let number = TicketElement(.number, text: "{number}")

    @Test("the built-in template has no fault, on both rolls and on finer heads")
    func standard() {
        #expect(TicketTemplate.standard.faults() == [])
        #expect(TicketTemplate.standard.faults(on: [PaperWidth(dots: 512, dotsPerInch: 180)]) == [])
        #expect(TicketTemplate.standard.faults(on: [PaperWidth(dots: 832, dotsPerInch: 300)]) == [])
    }

    @Test(
        "what markup makes illegible is told with the element's place",
        arguments: [
            (TicketElement(.text, text: "<b>{procedure}"), "no Pango markup"),
            (TicketElement(.text, text: "a & b"), "no Pango markup"),
            (TicketElement(.text, text: "<blink>x</blink>"), "no Pango markup"),
            (TicketElement(.text, text: "<span size=\"9pt\">{hall}</span>"), "9.0 pt"),
            (TicketElement(.text, text: "<span size=\"8192\">x</span> large"), "8.0 pt"),
            (TicketElement(.text, text: "<small>{hall}</small>", points: 11), "pt"),
            (TicketElement(.text, text: "<span font=\"Noto Sans 6\">x</span>"), "6.0 pt"),
            (TicketElement(.text, text: "m<sup>2</sup>", points: 12), "pt"),
            (TicketElement(.text, text: "<span size=\"90pt\">x</span>"), "90"),
            (TicketElement(.text, text: "<span background=\"black\">x</span>"), "colours"),
            (TicketElement(.banner, text: "<span alpha=\"30%\">{className}</span>"), "colours"),
            (TicketElement(.columns, columns: [.init("x"), .init("<small>{number}</small>", points: 10)]), "pt"),
            (TicketElement(.columns, columns: [.init("x"), .init("<b>")]), "no Pango markup"),
            (TicketElement(.logo, logo: TicketLogo(png: [1, 2, 3])), "no PNG"),
            (TicketElement(.feed, millimetres: 100), nil),
            (TicketElement(.text, text: "<small>{hall}</small>", points: 14), nil),
            (TicketElement(.text, text: "Thủ tục: <b>{procedure}</b> &amp; <i>x</i>"), nil),
        ] as [(TicketElement, String?)])
    func faults(_ element: TicketElement, _ word: String?) {
        let faults = TicketTemplate(elements: [Self.number, element]).faults()
        guard let word else {
            #expect(faults == [])
            return
        }
        #expect(!faults.isEmpty && faults.allSatisfy { $0.element == 1 && !$0.remedy.isEmpty }, "\(faults)")
        #expect(faults.contains { $0.problem.contains(word) }, "\(faults)")
    }

    @Test("a number that markup makes small is a fault, and a template that is too long")
    func wholes() {
        let small = TicketElement(.number, text: "{number}<span size=\"10pt\"> </span>", millimetres: 14)
        #expect(TicketTemplate(elements: [small]).faults() == [])
        let long = TicketTemplate(
            elements: [Self.number] + [TicketElement](repeating: TicketElement(.feed, millimetres: 100), count: 8))
        #expect(long.faults().first?.element == 5)
    }

    @Test("a logo keeps its shape, stays inside its room, and a grey becomes as many dots as it is dark")
    func logo() throws {
        let logo = TicketLogo(png: try Self.grey(0.25, width: 200, height: 100))
        let dots = try TicketLogoDots.draw(logo, width: 400, height: 100)
        #expect((dots.width, dots.height) == (200, 100))
        let black = dots.bytes.reduce(0) { $0 + $1.nonzeroBitCount }
        #expect((14_600...15_400).contains(black))
        let narrow = try TicketLogoDots.draw(logo, width: 100, height: 100)
        #expect((narrow.width, narrow.height) == (100, 50))
    }

    @Test("black and white of a logo stay what they are, transparent is white")
    func pure() throws {
        for (level, share) in [(0.0, 1.0), (1.0, 0.0)] {
            let dots = try TicketLogoDots.draw(
                TicketLogo(png: try Self.grey(level, width: 64, height: 8)), width: 64, height: 8)
            #expect(dots.bytes.allSatisfy { $0 == (share == 1 ? 0xFF : 0) })
        }
        let clear = try TicketLogoDots.draw(
            TicketLogo(png: try Self.grey(0, alpha: 0, width: 16, height: 8)), width: 16, height: 8)
        #expect(clear.bytes.allSatisfy { $0 == 0 })
    }

    @Test("a picture that lies about itself is refused before or while it is decoded")
    func hostile() throws {
        let good = try Self.grey(0.5, width: 32, height: 32)
        var huge = good
        huge.replaceSubrange(16..<24, with: [0x7F, 0xFF, 0xFF, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF])
        for bad in [huge, [UInt8](good.prefix(40)), [UInt8](good.prefix(good.count / 2)), [], [0x89, 0x50]] {
            #expect(throws: TicketDrawingError.self) {
                try TicketLogoDots.draw(TicketLogo(png: bad), width: 100, height: 100)
            }
        }
    }

    @Test("a ticket with a logo and columns reads back on both rolls", arguments: TicketDrawingTests.papers)
    func withEverything(_ paper: PaperWidth) async throws {
        var elements = TicketTemplate.standard.elements
        elements.insert(
            TicketElement(.logo, millimetres: 14, logo: TicketLogo(png: try Self.grey(0.4, width: 120, height: 120))),
            at: 0)
        elements.insert(
            TicketElement(.columns, columns: [.init("<b>{number}</b>"), .init("Quầy 3", align: .right)]),
            at: elements.count - 2)
        let template = TicketTemplate(elements: elements)
        #expect(template.faults() == [])
        let folder = try Samples.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "ticket.png")
        try Data(TicketDrawing(paper: paper, template: template).draw(Samples.ticket).png()).write(to: file)
        #expect(try await Reader.qrTexts(file) == [Samples.ticket.qr])
        let text = try await Reader.text(file).joined(separator: " ")
        for expected in ["U005", "Đăng ký khai sinh", "Quầy 3"] { #expect(text.contains(expected), "\(text)") }
    }

    @Test("of two spaces that meet the larger one counts, none at the top; a feed always counts")
    func spaces() throws {
        func height(_ elements: [TicketElement]) throws -> Int {
            try TicketDrawing(template: TicketTemplate(elements: elements)).draw(Samples.ticket).height
        }
        let (small, large) = (TicketElement(.space, millimetres: 2), TicketElement(.space, millimetres: 5))
        let rule = TicketElement(.rule)
        let plain = try height([Self.number, large, rule])
        #expect(try height([small, Self.number, small, large, rule, small]) == plain)
        let empty = TicketElement(.banner, text: "{reprintMark}")
        #expect(try height([Self.number, large, empty, small, rule]) == plain)
        #expect(try height([TicketElement(.feed, millimetres: 5), Self.number, large, rule]) == plain + 40)
    }

    /// A PNG of one grey, written by cairo.
    private static func grey(_ level: Double, alpha: Double = 1, width: Int, height: Int) throws -> [UInt8] {
        let surface = try #require(cairo_image_surface_create(CAIRO_FORMAT_ARGB32, Int32(width), Int32(height)))
        let cairo = try #require(cairo_create(surface))
        cairo_set_source_rgba(cairo, level, level, level, alpha)
        cairo_paint(cairo)
        let file = FileManager.default.temporaryDirectory.appending(path: "kiosk-logo-\(UUID().uuidString).png")
        let status = cairo_surface_write_to_png(surface, file.path)
        cairo_destroy(cairo)
        cairo_surface_destroy(surface)
        #expect(status == CAIRO_STATUS_SUCCESS)
        defer { try? FileManager.default.removeItem(at: file) }
        return [UInt8](try Data(contentsOf: file))
    }
}
