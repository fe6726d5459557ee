import Foundation
import GRDB
import Peripherals
import Store
import TestSupport
import Testing

@testable import HallQueue

@Suite("A ticket's papers in the store")
struct PaperJournalTests {
    private func reserved(_ hall: HallFixture) async throws -> Ticket {
        try await hall.queue.reserve(TicketRequest(key: UUID(), queueClass: "ordinary"))
    }

    @Test("each step is durable before it is taken: one commit for the number, one before the first byte")
    func steps() async throws {
        let hall = try HallFixture()
        let start = hall.store.commitCount
        let ticket = try await reserved(hall)
        let journal = hall.queue.journal(ticket.id)
        #expect(hall.store.commitCount - start == 1)
        try await journal(.sending(millimetres: 90))
        #expect(hall.store.commitCount - start == 2)
        #expect(try await hall.reopened().paper(ticket: ticket.id).state == .sending)
        try await journal(.awaitingProof)
        #expect(try await hall.reopened().paper(ticket: ticket.id).state == .awaitingProof)
    }

    @Test("a proof and the ticket's place in the queue are one transaction; telling it again changes nothing")
    func proof() async throws {
        let hall = try HallFixture()
        let ticket = try await reserved(hall)
        try await hall.queue.journal(ticket.id)(.sending(millimetres: 90))
        let before = hall.store.commitCount
        try await hall.queue.ended(ticket: ticket.id, copy: 1, .printed)
        #expect(hall.store.commitCount == before + 1)
        #expect(try await hall.queue.ticket(ticket.id).proof == .printed)
        try await hall.queue.ended(ticket: ticket.id, copy: 1, .failed(.paperOut))
        #expect(try await hall.queue.paper(ticket: ticket.id).state == .printed)
        let names = try await hall.store.events().map(\.name.rawValue)
        #expect(
            names == ["ticket.reserved", "ticket.paper-sending", "ticket.paper-ended", "ticket.confirmed"])
    }

    @Test("without proof nobody is called, and the staff read which number and why")
    func unproved() async throws {
        let hall = try HallFixture()
        let outcomes: [(PrintOutcome, words: String)] = [
            (.refused(.paperOut), "phiếu chưa in (máy in hết giấy)"),
            (.failed(.cutterJam), "phiếu có thể chưa in ra (máy in bị kẹt dao cắt)"),
            (.failed(.unknown), "phiếu có thể chưa in ra."), (.transmitted, "không báo được"),
        ]
        for (outcome, words) in outcomes {
            let ticket = try await reserved(hall)
            try await hall.queue.ended(ticket: ticket.id, copy: 1, outcome)
            await #expect(throws: CounterError.nobodyWaits) { try await hall.queue.callNext(counter: 1) }
            #expect(try await hall.queue.unproved().isEmpty, "its owner stands at the screen")
            try await hall.queue.leave(ticket: ticket.id)
            let notices = try await hall.queue.view(counter: 1).notices
            #expect(notices.contains { $0.hasPrefix("Số \(ticket.label):") && $0.contains(words) }, "\(notices)")
            _ = try await hall.queue.void(ticket: ticket.id, reason: .staff)
            #expect(try await hall.queue.view(counter: 1).notices.isEmpty)
        }
    }

    @Test("nothing is printed for a number that is void by then")
    func voidBefore() async throws {
        let hall = try HallFixture()
        let ticket = try await reserved(hall)
        _ = try await hall.queue.void(ticket: ticket.id, reason: .staff)
        await #expect(throws: QueueError.wrongState(ticket: ticket.id, state: .void)) {
            try await hall.queue.journal(ticket.id)(.sending(millimetres: 90))
        }
        #expect(try await hall.queue.paperLeft().printedMetres == 0)
    }

    @Test("the machine offers a second paper once, whatever happens to it; a technician may ask for more")
    func reprint() async throws {
        let hall = try HallFixture()
        let ticket = try await reserved(hall)
        await #expect(throws: QueueError.paperUnderWay(ticket: ticket.id)) {
            try await hall.queue.reprint(ticket: ticket.id, isOffer: true)
        }
        // The end of the first copy may not be written down yet: it is, then.
        let second = try await hall.queue.reprint(ticket: ticket.id, ending: .failed(.paperOut), isOffer: true)
        #expect(second.paper.copy == 2 && second.paper.needsMark)
        // What comes late of the first copy does not end the second.
        try await hall.queue.ended(ticket: ticket.id, copy: 1, .failed(.paperOut))
        #expect(try await hall.queue.paper(ticket: ticket.id).state == .reserved)
        try await hall.queue.ended(ticket: ticket.id, copy: 2, .failed(.paperOut))
        await #expect(throws: QueueError.notOfferedAgain(ticket: ticket.id)) {
            try await hall.queue.reprint(ticket: ticket.id, isOffer: true)
        }
        #expect(try await hall.queue.reprint(ticket: ticket.id, isOffer: false).paper.copy == 3)
    }

    @Test(
        "a paper may hang out of the printer when the last one that moved was not seen to end",
        arguments: [
            ([], false), ([.failed(.coverOpen)], true), ([.failed(.coverOpen), .printed], false),
            ([.failed(.coverOpen), .refused(.coverOpen)], true), ([.printed, .refused(.paperOut)], false),
            ([.printed, nil], true), ([.transmitted], false),
        ] as [([PrintOutcome?], Bool)])
    func hanging(_ outcomes: [PrintOutcome?], _ expected: Bool) async throws {
        let hall = try HallFixture()
        for outcome in outcomes {
            let ticket = try await reserved(hall)
            // A printer that takes no byte refuses after the step was written down.
            try await hall.queue.journal(ticket.id)(.sending(millimetres: 90))
            if let outcome { try await hall.queue.ended(ticket: ticket.id, copy: 1, outcome) }
        }
        #expect(try await hall.reopened().paperMayHangOut() == expected)
    }

    @Test(
        "a paper that was refused before it was begun hides nothing",
        arguments: [PrintOutcome.failed(.overheated), nil])
    func refusedUnbegun(_ before: PrintOutcome?) async throws {
        let hall = try HallFixture()
        let first = try await reserved(hall)
        try await hall.queue.journal(first.id)(.sending(millimetres: 90))
        if let before { try await hall.queue.ended(ticket: first.id, copy: 1, before) }
        let second = try await reserved(hall)
        try await hall.queue.ended(ticket: second.id, copy: 1, .refused(.overheated))
        #expect(try await hall.queue.paperMayHangOut())
    }

    @Test("a late proof makes a reserved number wait; the paper of a void one is told to the staff")
    func lateProof() async throws {
        let hall = try HallFixture()
        let (kept, void) = (try await reserved(hall), try await reserved(hall))
        for ticket in [kept, void] {
            try await hall.queue.journal(ticket.id)(.sending(millimetres: 90))
            try await hall.queue.ended(ticket: ticket.id, copy: 1, .failed(.coverOpen))
        }
        _ = try await hall.queue.void(ticket: void.id, reason: .applicantLeft)
        for ticket in [kept, void] { #expect(try await hall.queue.provedLate(ticket: ticket.id)) }
        #expect(try await hall.queue.ticket(kept.id).proof == .printed)
        #expect(try await hall.queue.ticket(void.id).state == .void)
        let notices = try await hall.queue.view(counter: 1).notices
        #expect(notices.count == 1 && notices.first?.contains(void.label) == true, "\(notices)")
        #expect(try await hall.store.events().contains { $0.name == .paperOfVoid && $0.subject == void.id })
        hall.clock.advance(3601)
        #expect(try await hall.queue.view(counter: 1).notices.isEmpty)
        #expect(try await hall.queue.provedLate(ticket: UUID()) == false, "a test ticket has no number")
    }

    @Test("a late proof calls nobody who has gone: the staff are told, also after a restart")
    func lateProofAfterLeaving() async throws {
        let hall = try HallFixture()
        let ticket = try await reserved(hall)
        try await hall.queue.journal(ticket.id)(.sending(millimetres: 90))
        try await hall.queue.ended(ticket: ticket.id, copy: 1, .failed(.overheated))
        try await hall.queue.leave(ticket: ticket.id)
        #expect(try await hall.queue.provedLate(ticket: ticket.id))
        for queue in [hall.queue, try hall.reopened()] {
            _ = try await queue.restarted()
            #expect(try await queue.ticket(ticket.id).state == .reserved)
            await #expect(throws: CounterError.nobodyWaits) { try await queue.callNext(counter: 1) }
            let notices = try await queue.view(counter: 1).notices
            #expect(notices.count == 1 && notices.first?.contains("phiếu vừa in ra") == true, "\(notices)")
        }
    }

    @Test("a restart settles every paper under way, and hands over what its owner may still answer for")
    func restart() async throws {
        let hall = try HallFixture()
        var tickets: [Ticket] = []
        for _ in 0..<6 { tickets.append(try await reserved(hall)) }
        try await hall.queue.journal(tickets[1].id)(.sending(millimetres: 90))
        try await hall.queue.journal(tickets[2].id)(.sending(millimetres: 90))
        try await hall.queue.journal(tickets[2].id)(.awaitingProof)
        try await hall.queue.ended(ticket: tickets[3].id, copy: 1, .printed)
        try await hall.queue.ended(ticket: tickets[4].id, copy: 1, .refused(.coverOpen))
        try await hall.queue.ended(ticket: tickets[5].id, copy: 1, .refused(.coverOpen))
        try await hall.queue.leave(ticket: tickets[5].id)
        let queue = try hall.reopened()
        let handed = try await queue.restarted()
        #expect(handed.map(\.label) == ["A005", "A003", "A002", "A001"], "newest first")
        #expect(handed.map(\.paper.state) == [.refused, .failed, .failed, .refused])
        #expect(handed.map(\.paper.condition) == [.coverOpen, .unknown, .unknown, .unknown])
        #expect(try await queue.tickets().map(\.state.rawValue).filter { $0 == "waiting" }.count == 1)
        // Again: nothing is under way any more.
        let commits = hall.store.commitCount
        #expect(try await hall.queue.restarted().map(\.label) == handed.map(\.label))
        #expect(hall.store.commitCount == commits)
    }

    @Test("nothing of yesterday is offered")
    func yesterday() async throws {
        let hall = try HallFixture()
        _ = try await reserved(hall)
        hall.clock.advance(86_400)
        #expect(try await hall.reopened().restarted().isEmpty)
    }

    @Test("a database of before knows of its tickets what their proofs say")
    func migration() async throws {
        let folder = TemporaryFolder()
        let file = folder.url.appending(path: "kiosk.sqlite")
        do {
            let old = try Store(file: file, modules: [StoreModule(name: "HallQueue", migrations: [.tickets])])
            try await old.write { transaction in
                for (number, proof) in [(1, "'printed'"), (2, "'transmitted'"), (3, "NULL")] {
                    try transaction.database.execute(
                        sql: """
                            INSERT INTO ticket (id, key, hall, business_date, series, number, class, state, proof, issued_at_ms)
                            VALUES ('\(UUID())', '\(UUID())', '23710', '\(BusinessDate(Date()))', 'A', \(number),
                                'ordinary', '\(proof == "NULL" ? "reserved" : "waiting")', \(proof), 0)
                            """)
                }
            }
        }
        let store = try Store(file: file, modules: [HallQueue.schema])
        let papers = try await HallQueue(configuration: HallFixture.configuration, store: store).tickets().map(\.paper)
        #expect(papers.map(\.state) == [.printed, .transmitted, .failed])
        #expect(papers.map(\.needsMark) == [true, true, true])
    }
}

@Suite("How much paper is left")
struct PaperRollTests {
    @Test("the count goes on over restarts, by the lengths that were sent; tickets by the mean of the last ones")
    func count() async throws {
        let hall = try HallFixture()
        let empty = try await hall.queue.paperLeft()
        #expect(empty.metres == 80 && empty.tickets == nil)
        for length in [100.0, 140, 120] { try await hall.queue.testJournal(.sending(millimetres: length)) }
        let left = try await hall.reopened().paperLeft()
        #expect(abs(left.printedMetres - 0.36) < 1e-9 && abs(left.metres - 79.64) < 1e-9)
        #expect(left.tickets == 663 && left.ticketMillimetres == 120)
    }

    @Test("a new roll is what somebody says; what the printer saw is only proposed")
    func change() async throws {
        let hall = try HallFixture()
        try await hall.queue.testJournal(.sending(millimetres: 70_000))
        for condition in [PrinterCondition.paperOut, .coverOpen, .ready] {
            hall.clock.advance(60)
            try await hall.queue.printer(is: condition)
        }
        let seen = try await hall.queue.paperLeft()
        #expect(seen.seemsChangedAt == hall.clock.now && seen.printedMetres == 70)
        let changed = try await hall.queue.changedRoll(metres: 50)
        #expect(changed.metres == 50 && changed.seemsChangedAt == nil && changed.changedAt == hall.clock.now)
        #expect(try await hall.queue.changedRoll().metres == 80)
    }

    @Test("a lifted cover or a cable is no new roll")
    func noChange() {
        var roll = PaperRoll()
        for condition in [PrinterCondition.ready, .coverOpen, .ready, .absent, .unknown, .ready] {
            roll.saw(condition, at: Date())
        }
        #expect(roll.seemsChangedAt == nil)
    }

    @Test("the near-end sensor knows better than the count, and no paper is no paper")
    func sensor() {
        var roll = PaperRoll()
        roll.takes(millimetres: 100)
        #expect(roll.left(rollMetres: 80, printer: .paperNearEnd).metres == PaperRoll.nearEndMetres)
        #expect(roll.left(rollMetres: 80, printer: .paperNearEnd).tickets == 50)
        #expect(roll.left(rollMetres: 80, printer: .paperOut).tickets == 0)
        #expect(roll.left(rollMetres: 0.05, printer: .ready).metres == 0)
        roll.takes(millimetres: .nan)
        roll.takes(millimetres: -5)
        #expect(roll.recent == [100])
    }

    @Test("the staff are told in time, and told of a printer's fault with what to do")
    func notices() async throws {
        let hall = try HallFixture()
        try await hall.queue.printer(is: .ready)
        try await hall.queue.testJournal(.sending(millimetres: 100))
        #expect(try await hall.queue.view(counter: 1).notices.isEmpty)
        _ = try await hall.queue.changedRoll(metres: 4)
        #expect(
            try await hall.queue.view(counter: 1).notices == [
                "Giấy in phiếu sắp hết, còn đủ cho khoảng 40 số. Xin chuẩn bị cuộn mới."
            ])
        try await hall.queue.printer(is: .paperOut)
        #expect(
            try await hall.queue.view(counter: 1).notices == [
                "Máy in phiếu hết giấy. Xin thay cuộn giấy (mặt in ra ngoài) rồi đóng nắp."
            ])
        for condition in PrinterCondition.allCases where !condition.isReady {
            try await hall.queue.printer(is: condition)
            #expect(try await hall.queue.view(counter: 1).notices.first?.hasPrefix("Máy in phiếu ") == true)
        }
    }
}
