import Control
import Dossiers
import Foundation
import HallQueue
import Journey
import KioskConfiguration
import Peripherals
import Simulator
import Store
import TestSupport
import Testing

@testable import kioskd

@Suite("A ticket that is really on paper", .timeLimit(.minutes(5)))
struct PaperTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        var fault: [String]
        var cure: [String]
        var condition: PrinterCondition
        /// What the staff read.
        var staff: String
        var testDescription: String { condition.code }

        init(_ fault: String, _ cure: String, _ condition: PrinterCondition, _ staff: String) {
            (self.fault, self.cure) = (["printer", fault], ["printer", cure])
            (self.condition, self.staff) = (condition, staff)
        }
    }

    static let faults: [Fault] = {
        var unplugged = Fault("", "", .absent, "chưa được nối")
        (unplugged.fault, unplugged.cure) = (["unplug", "printer"], ["plug", "printer"])
        return [
            Fault("paper-out", "paper-in", .paperOut, "hết giấy"),
            Fault("cover-open", "cover-close", .coverOpen, "đang mở nắp"),
            Fault("cutter-jam", "cutter-clear", .cutterJam, "kẹt dao cắt"),
            Fault("overheated", "cooled", .overheated, "quá nóng"),
            Fault("offline", "online", .offline, "chưa sẵn sàng"), unplugged,
        ]
    }()

    @Test("a fault is on the screen with the number, at the counters and in the doctor; repaired, it is offered once")
    func faultAndRepair() async throws {
        for fault in Self.faults {
            try await WholeKiosk.run { kiosk in
                let applicant = kiosk.applicant()
                _ = try await kiosk.simulator.rig.run(fault.fault)
                try await kiosk.wait(for: fault.condition.code, of: .ticketPrinter)
                try await applicant.takeTicket()
                let shown = try await applicant.see("the number") { $0.offers("confirm") }
                #expect(shown.notice?.text == (try kiosk.text("printer-trouble.\(fault.condition.code)", "vi")))
                #expect((shown.ticket?.qr?.count ?? 0) >= 21 && !shown.offers("reprint"))
                try await eventually("the staff are told") {
                    try await kiosk.queue.view(counter: 1).notices.contains { $0.contains(fault.staff) }
                }
                #expect(try await kiosk.doctor("ticket-printer").remedy == fault.condition.remedy)

                _ = try await kiosk.simulator.rig.run(fault.cure)
                let offered = try await applicant.see("the offer") { $0.offers("reprint") }
                #expect(offered.notice?.text == (try kiosk.text("ticket.well-again", "vi")))
                #expect(await kiosk.papers.isEmpty, "it must not print by itself")
                try await applicant.touch("reprint")
                try await applicant.see("the proof") { $0.offers("finish") }
                try await eventually("the ticket waits") {
                    try await kiosk.queue.tickets().map(\.proof) == [.printed]
                }
                let paper = try await kiosk.paper(ofTicket: 0)
                #expect(paper.copy == 2 && paper.wasOffered && paper.isProved)
                #expect(await kiosk.papers.count == 1)
                #expect(try await kiosk.queue.view(counter: 1).notices.isEmpty)
            }
        }
    }

    @Test("a ticket that may be on paper is printed again once, and the second paper says IN LẠI")
    func markedReprint() async throws {
        try await WholeKiosk.run { kiosk in
            let applicant = kiosk.applicant()
            try await kiosk.simulate("printer", "paper-out", "--after-rows", "150")
            try await applicant.takeTicket()
            let shown = try await applicant.see("the number") { $0.offers("confirm") }
            #expect(shown.lead == (try kiosk.text("ticket.note-number-part", "vi")))
            try await kiosk.simulate("printer", "paper-in")
            let offered = try await applicant.see("the offer") { $0.offers("reprint") }
            #expect(offered.actions.first { $0.id == "reprint" }?.label.contains("IN LẠI") == true)
            try await applicant.touch("reprint")
            try await applicant.see("the proof") { $0.offers("finish") }
            let slip = try #require(await kiosk.papers.last)
            let text = try await PaperReader.plate(slip)
            #expect(text.contains("IN LẠI"), "\(text)")
            #expect(try await kiosk.queue.tickets().count == 1)
        }
    }

    @Test("a printer that can't tell: the owner is asked, may have one more marked paper, and is called only on a yes")
    func cannotTell() async throws {
        try await WholeKiosk.run(printer: .cheap) { kiosk in
            let applicant = kiosk.applicant()
            try await applicant.takeTicket("en")
            let asked = try await applicant.see("the question") { $0.offers("confirm") }
            #expect(asked.title == (try kiosk.text("ticket.cannot-tell.title", "en")))
            #expect((asked.ticket?.qr?.count ?? 0) >= 21)
            await #expect(throws: CounterError.nobodyWaits) { try await kiosk.queue.callNext(counter: 1) }
            try await applicant.touch("reprint")
            let again = try await applicant.see("the question again") { $0.offers("noted") }
            #expect(!again.offers("reprint"), "only once")
            let slips = await kiosk.papers
            #expect(slips.count == 2)
            let texts = [try await PaperReader.plate(slips[0]), try await PaperReader.plate(slips[1])]
            #expect(texts.map { $0.contains("REPRINT") } == [false, true], "\(texts)")
            try await applicant.touch("confirm")
            try await eventually("the ticket waits") {
                try await kiosk.queue.tickets().map(\.proof) == [.transmitted]
            }
        }
    }

    @Test("a paper that comes out by itself when the printer has cooled is a proof, or told to the staff when void")
    func lateProof() async throws {
        try await WholeKiosk.run(printer: .keepsBuffer) { kiosk in
            let applicant = kiosk.applicant()
            try await applicant.takeTicket()
            try await applicant.see("the proof") { $0.offers("finish") }
            try await applicant.touch("finish")
            try await applicant.touch("finish")
            let rows = try #require(await kiosk.papers.first?.height)
            for isVoid in [false, true] {
                try await kiosk.simulate("printer", "overheated", "--after-rows", String(rows - 30))
                try await applicant.takeTicket()
                let number = try #require(try await applicant.see("the number") { $0.offers("confirm") }.ticket?.number)
                if isVoid { try await applicant.touch("void") }
                try await kiosk.simulate("printer", "cooled")
                if isVoid {
                    try await eventually("the staff are told") {
                        try await kiosk.queue.view(counter: 1).notices.contains {
                            $0.contains(number) && $0.contains("đã hủy")
                        }
                    }
                } else {
                    try await applicant.see("the proof") { $0.id == "ticket" && $0.offers("finish") }
                    try await eventually("the ticket waits") {
                        try await kiosk.queue.tickets().last?.proof == .printed
                    }
                    let events = try await kiosk.store.events().map(\.name)
                    #expect(events.contains(.paperProvedLate), "\(events.map(\.rawValue))")
                    try await applicant.touch("finish")
                    try await applicant.touch("finish")
                }
            }
            #expect(try await kiosk.queue.tickets().map(\.state) == [.waiting, .waiting, .void])
            // What the driver cuts off between an old ticket and the next is blank.
            #expect(await kiosk.papers.count == 3)
        }
    }

    @Test("an owner who goes away without a word may have the number: the staff are told, nobody is called")
    func silentOwner() async throws {
        try await WholeKiosk.run { kiosk in
            let ticket = try await kiosk.queue.reserve(TicketRequest(key: UUID(), queueClass: "ordinary"))
            try await kiosk.queue.ended(ticket: ticket.id, copy: 1, .refused(.coverOpen))
            #expect(try await kiosk.queue.unproved().isEmpty)
            try await kiosk.queue.leave(ticket: ticket.id)
            #expect(try await kiosk.queue.unproved().map(\.label) == [ticket.label])
            let status = try await kiosk.ask(PrinterStatusCommand())
            #expect(status.unproved.map(\.condition) == ["cover-open"])
        }
    }
}

/// What a process that was killed in the middle of a job left in the store, and what the next one does about it.
@Suite("A restart in the middle of a paper", .timeLimit(.minutes(5)))
struct RestartTests {
    struct Moment: Sendable, CustomTestStringConvertible {
        var name: String
        var steps: [PrintStep]
        /// How the copy ended, when that was written down.
        var outcome: PrintOutcome?
        var isMarked: Bool
        var testDescription: String { name }
    }

    static let moments = [
        Moment(name: "reserved", steps: [], isMarked: false),
        Moment(name: "sending", steps: [.sending(millimetres: 100)], isMarked: true),
        Moment(name: "awaiting proof", steps: [.sending(millimetres: 100), .awaitingProof], isMarked: true),
        Moment(
            name: "the number on the screen", steps: [.sending(millimetres: 100)], outcome: .failed(.paperOut),
            isMarked: true),
    ]

    @Test("no second paper by itself, no lost ticket; asked for, it is printed once, marked if one may exist")
    func reprinted() async throws {
        for moment in Self.moments {
            let folder = TemporaryFolder()
            let left = try await leave(moment, in: folder.url)
            try await WholeKiosk.run(data: folder.url) { kiosk in
                let applicant = kiosk.applicant()
                let asked = try await applicant.see("the question") { $0.id == "recovery" && $0.offers("reprint") }
                #expect(asked.title.contains(left.label), "\(moment)")
                #expect(await kiosk.papers.isEmpty, "\(moment)")
                await #expect(throws: CounterError.nobodyWaits) { try await kiosk.queue.callNext(counter: 1) }
                try await applicant.touch("reprint")
                try await applicant.see("the proof") { $0.offers("finish") }
                try await eventually("the ticket waits") {
                    try await kiosk.queue.tickets().map(\.proof) == [.printed]
                }
                let slips = await kiosk.papers
                #expect(slips.count == 1, "\(moment)")
                let text = try await PaperReader.plate(try #require(slips.first))
                #expect(text.contains("IN LẠI") == moment.isMarked, "\(moment): \(text)")
                #expect(try await kiosk.queue.callNext(counter: 1).current?.number == left.label)
            }
        }
    }

    @Test("whoever holds the number says so; whom it does not concern goes on; what nobody claims is the staff's")
    func answered() async throws {
        for action in ["confirm", "notMine"] {
            let folder = TemporaryFolder()
            let left = try await leave(Self.moments[2], in: folder.url)
            try await WholeKiosk.run(data: folder.url) { kiosk in
                let applicant = kiosk.applicant()
                try await applicant.see(screen: "recovery")
                try await applicant.touch(action)
                if action == "confirm" {
                    try await eventually("the ticket waits") {
                        try await kiosk.queue.tickets().map(\.proof) == [.shownOnScreen]
                    }
                } else {
                    try await applicant.see(screen: "welcome")
                    try await eventually("it is left to the staff") {
                        try await kiosk.queue.tickets().first?.leftAt != nil
                    }
                    let notices = try await kiosk.queue.view(counter: 1).notices
                    #expect(notices.contains { $0.contains(left.label) && $0.contains("có thể chưa in ra") })
                }
            }
            // It is asked once.
            try await WholeKiosk.run(data: folder.url) { kiosk in
                let screen = try await kiosk.applicant().screen()
                #expect(screen.id == "welcome")
                #expect(await kiosk.papers.isEmpty)
            }
        }
    }

    @Test("a proof that was written down asks nobody anything")
    func proved() async throws {
        let folder = TemporaryFolder()
        let moment = Moment(
            name: "printed", steps: [.sending(millimetres: 100), .awaitingProof], outcome: .printed, isMarked: true)
        _ = try await leave(moment, in: folder.url)
        try await WholeKiosk.run(data: folder.url) { kiosk in
            let screen = try await kiosk.applicant().screen()
            #expect(screen.id == "welcome")
            #expect(try await kiosk.queue.tickets().map(\.state) == [.waiting])
        }
    }

    private func leave(_ moment: Moment, in data: URL) async throws -> Ticket {
        let settings = try KioskSettings.load(Repository.configuration.appending(path: "kiosk.yaml"))
        let store = try Store(
            file: data.appending(path: "kiosk.sqlite"), modules: [HallQueue.schema, Dossiers.schema])
        let queue = HallQueue(configuration: HallConfiguration(settings), store: store)
        let ticket = try await queue.reserve(TicketRequest(key: UUID(), queueClass: "ordinary"))
        for step in moment.steps { try await queue.journal(ticket.id)(step) }
        if let outcome = moment.outcome { try await queue.ended(ticket: ticket.id, copy: 1, outcome) }
        return ticket
    }
}

extension WholeKiosk {
    func paper(ofTicket index: Int) async throws -> TicketPaper { try await queue.tickets()[index].paper }
}

extension WholeKiosk {
    /// What was printed. Not the blank strips that cut off what may hang out of the printer from before.
    fileprivate var papers: [PaperSlip] { get async { await simulator.printer.slips.filter { $0.blackDots > 0 } } }
}
