import Control
import Foundation
import HallQueue
import Journey
import Peripherals
import Simulator
import Testing

@Suite("The ticket printer goes wrong", .timeLimit(.minutes(5)))
struct PrinterFaultTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        var name: String
        var cure: String
        var condition: PrinterCondition
        var testDescription: String { name }
    }

    static let faults = [
        Fault(name: "paper-out", cure: "paper-in", condition: .paperOut),
        Fault(name: "cover-open", cure: "cover-close", condition: .coverOpen),
        Fault(name: "cutter-jam", cure: "cutter-clear", condition: .cutterJam),
    ]

    @Test("the doctor names the printer, the fault and the remedy, and is content when it is over", arguments: faults)
    func doctor(_ fault: Fault) async throws {
        try await WholeKiosk.run { kiosk in
            try await kiosk.becomesHealthy()
            try await kiosk.simulate("printer", fault.name)
            try await kiosk.wait(for: fault.condition.code, of: .ticketPrinter)
            let check = try await kiosk.doctor("ticket-printer")
            #expect(!check.ok)
            #expect(check.detail.hasPrefix(fault.condition.code))
            #expect(check.remedy == fault.condition.remedy)
            #expect(try await !kiosk.isHealthy())
            try await kiosk.simulate("printer", fault.cure)
            try await kiosk.becomesHealthy()
        }
    }

    @Test("with a new roll in, the doctor is content within three seconds")
    func curedSoon() async throws {
        try await WholeKiosk.run { kiosk in
            var fastest = Duration.seconds(60)
            // The best of three: other tests may have the processor.
            for _ in 0..<3 where fastest > .seconds(3) {
                try await kiosk.simulate("printer", "paper-out")
                try await kiosk.wait(for: "paper-out", of: .ticketPrinter)
                try await kiosk.simulate("printer", "paper-in")
                let start = ContinuousClock.now
                try await kiosk.becomesHealthy()
                fastest = min(fastest, start.duration(to: .now))
            }
            #expect(fastest <= .seconds(3))
        }
    }

    @Test("without paper the welcome screen says so before anybody takes a number", arguments: ["vi", "en"])
    func warning(_ language: String) async throws {
        try await WholeKiosk.run { kiosk in
            try await kiosk.simulate("printer", "paper-out")
            let shown = try await kiosk.applicant().see("the warning") { $0.id == "welcome" && $0.notice != nil }
            #expect(shown.notice?.text == (try kiosk.text("device.ticket-printer.paper-out", "vi")))
            try await kiosk.simulate("printer", "paper-in")
            try await kiosk.applicant().see("no warning") { $0.id == "welcome" && $0.notice == nil }
        }
    }

    @Test(
        "a number that is not on paper stands on the screen with its QR code and is not called until it is confirmed",
        arguments: ["vi", "en"])
    func confirmed(_ language: String) async throws {
        try await WholeKiosk.run { kiosk in
            let applicant = kiosk.applicant()
            let number = try await unprovedNumber(kiosk, applicant, language)
            try await applicant.touch("confirm")
            try await eventually("the ticket waits") { try await kiosk.queue.tickets().first?.state == .waiting }
            #expect(try await kiosk.queue.tickets().map(\.proof) == [.shownOnScreen])
            #expect(try await kiosk.queue.callNext(counter: 1).current?.number == number)
        }
    }

    @Test("a number that nobody confirms is void and never called", arguments: ["void", "cancel"])
    func notConfirmed(_ action: String) async throws {
        try await WholeKiosk.run { kiosk in
            let applicant = kiosk.applicant()
            _ = try await unprovedNumber(kiosk, applicant, "vi")
            let shown = try await applicant.touch(action)
            if shown.offers("leave") { try await applicant.touch("leave") }
            try await eventually("the ticket is void") { try await kiosk.queue.tickets().first?.state == .void }
            await #expect(throws: CounterError.nobodyWaits) { try await kiosk.queue.callNext(counter: 1) }
        }
    }

    @Test("the roll ends in the middle of a ticket: no proof, and the next one prints on the new roll")
    func halfTicket() async throws {
        try await WholeKiosk.run { kiosk in
            let applicant = kiosk.applicant()
            try await kiosk.simulate("printer", "paper-out", "--after-rows", "150")
            try await applicant.takeTicket()
            try await applicant.see("no proof") { $0.offers("confirm") }
            await #expect(throws: CounterError.nobodyWaits) { try await kiosk.queue.callNext(counter: 1) }
            try await applicant.touch("confirm")
            try await applicant.touch("finish")
            try await kiosk.simulate("printer", "paper-in")
            try await kiosk.wait(for: "ready", of: .ticketPrinter)
            try await applicant.takeTicket("en")
            try await applicant.see("the proof") { $0.id == "ticket" && $0.offers("finish") }
            try await eventually("both wait") {
                try await kiosk.queue.tickets().map(\.proof) == [.shownOnScreen, .printed]
            }
        }
    }

    @Test("the printer pulled out and put back prints the next ticket")
    func pulledOut() async throws {
        try await WholeKiosk.run { kiosk in
            let applicant = kiosk.applicant()
            try await kiosk.simulate("unplug", "printer")
            try await kiosk.wait(for: "absent", of: .ticketPrinter)
            try await applicant.takeTicket()
            let shown = try await applicant.see("no proof") { $0.offers("confirm") }
            #expect(shown.notice?.text == (try kiosk.text("printer-trouble.absent", "vi")))
            try await applicant.touch("confirm")
            try await applicant.touch("finish")
            try await kiosk.simulate("plug", "printer")
            try await kiosk.wait(for: "ready", of: .ticketPrinter)
            try await applicant.takeTicket()
            try await applicant.see("the proof") { $0.id == "ticket" && $0.offers("finish") }
        }
    }

    @Test("a printer that answers nothing: the number stands on the screen")
    func silent() async throws {
        try await WholeKiosk.run { kiosk in
            let applicant = kiosk.applicant()
            try await kiosk.simulate("printer", "silent")
            try await applicant.takeTicket()
            let shown = try await applicant.see("no proof", within: .seconds(60)) { $0.offers("confirm") }
            #expect(shown.ticket?.qr != nil)
            try await applicant.touch("void")
            try await kiosk.simulate("printer", "answering")
            try await kiosk.wait(for: "ready", of: .ticketPrinter)
            try await applicant.touch("finish")
            try await applicant.takeTicket()
            try await applicant.see("the proof") { $0.id == "ticket" && $0.offers("finish") }
        }
    }

    /// Takes a ticket that cannot be printed. - Returns: its number.
    private func unprovedNumber(_ kiosk: WholeKiosk, _ applicant: Applicant, _ language: String) async throws -> String
    {
        try await kiosk.simulate("printer", "paper-out")
        try await kiosk.wait(for: "paper-out", of: .ticketPrinter)
        try await applicant.takeTicket(language)
        let shown = try await applicant.see("the number") { $0.offers("confirm") }
        #expect(shown.notice?.text == (try kiosk.text("printer-trouble.paper-out", language)))
        #expect(shown.lead == (try kiosk.text("ticket.note-number", language)))
        let ticket = try #require(shown.ticket)
        #expect((ticket.qr?.count ?? 0) >= 21)
        #expect(try await kiosk.queue.tickets().map(\.state) == [.reserved])
        await #expect(throws: CounterError.nobodyWaits) { try await kiosk.queue.callNext(counter: 1) }
        return ticket.number
    }
}
