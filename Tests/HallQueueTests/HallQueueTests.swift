import Foundation
import Store
import Testing

@testable import HallQueue

@Suite("Hall")
struct HallQueueTests {
    @Test("a ticket without proof is never called; staff are told after a restart, and its proof lets it wait")
    func unproved() async throws {
        let hall = try HallFixture()
        let ticket = try await hall.queue.reserve(TicketRequest(key: UUID(), queueClass: "priority"))
        await #expect(throws: CounterError.nobodyWaits) { try await hall.queue.callNext(counter: 1) }
        #expect(try await hall.queue.unproved().isEmpty)
        #expect(try await hall.queue.view(counter: 1).notices.isEmpty)

        hall.clock.advance(1)
        let restarted = try hall.reopened()
        #expect(try await restarted.unproved().map(\.id) == [ticket.id])
        #expect(try await restarted.view(counter: 1).notices.count == 1)
        await #expect(throws: CounterError.nobodyWaits) { try await restarted.callNext(counter: 1) }

        try await restarted.confirm(ticket: ticket.id, proof: .shownOnScreen)
        #expect(try await restarted.unproved().isEmpty)
        #expect(try await restarted.callNext(counter: 1).current?.number == "B001")
    }

    @Test("a print job that never ends is told to staff after the grace")
    func grace() async throws {
        let hall = try HallFixture()
        let ticket = try await hall.queue.reserve(TicketRequest(key: UUID(), queueClass: "ordinary"))
        hall.clock.advance(179)
        #expect(try await hall.queue.unproved().isEmpty)
        hall.clock.advance(2)
        #expect(try await hall.queue.unproved().map(\.id) == [ticket.id])
    }

    @Test("each proof lets a ticket wait; proving twice changes nothing", arguments: TicketProof.allCases)
    func proofs(_ proof: TicketProof) async throws {
        let hall = try HallFixture()
        let ticket = try await hall.queue.reserve(TicketRequest(key: UUID(), queueClass: "ordinary"))
        let first = try await hall.queue.confirm(ticket: ticket.id, proof: proof)
        let second = try await hall.queue.confirm(ticket: ticket.id, proof: .transmitted)
        #expect(first.state == .waiting && first.proof == proof && second == first)
    }

    @Test("a void ticket is not called and not confirmed; a called one can't be void")
    func void() async throws {
        let hall = try HallFixture()
        let left = try await hall.waiting()
        #expect(try await hall.queue.void(ticket: left.id, reason: .applicantLeft).state == .void)
        #expect(try await hall.queue.void(ticket: left.id, reason: .staff).voidReason == .applicantLeft)
        await #expect(throws: CounterError.nobodyWaits) { try await hall.queue.callNext(counter: 1) }
        await #expect(throws: QueueError.wrongState(ticket: left.id, state: .void)) {
            try await hall.queue.confirm(ticket: left.id, proof: .printed)
        }
        let called = try await hall.waiting()
        _ = try await hall.queue.callNext(counter: 1)
        await #expect(throws: QueueError.wrongState(ticket: called.id, state: .called)) {
            try await hall.queue.void(ticket: called.id, reason: .staff)
        }
    }

    @Test("the desk: call, recall, finish, no-show, and what can't be done")
    func desk() async throws {
        let hall = try HallFixture()
        await #expect(throws: CounterError.unknownCounter) { try await hall.queue.callNext(counter: 9) }
        await #expect(throws: CounterError.unknownCounter) { try await hall.queue.views(counter: 9) }
        await #expect(throws: CounterError.noTicketAtCounter) { try await hall.queue.finish(counter: 1) }
        await #expect(throws: CounterError.noTicketAtCounter) { try await hall.queue.recall(counter: 1) }
        let first = try await hall.waiting(dossier: "TAM-261124-ABCDEF")
        let second = try await hall.waiting()
        var view = try await hall.queue.callNext(counter: 1)
        #expect(view.current?.ticket == first.id && view.current?.dossier == "TAM-261124-ABCDEF")
        #expect(view.waiting.map(\.ticket) == [second.id])
        await #expect(throws: CounterError.counterBusy) { try await hall.queue.callNext(counter: 1) }
        view = try await hall.queue.finish(counter: 1)
        #expect(view.current == nil)
        _ = try await hall.queue.callNext(counter: 1)
        _ = try await hall.queue.noShow(counter: 1)
        #expect(try await hall.queue.tickets().map(\.state) == [.finished, .noShow])
    }

    @Test("two counters at the same moment never call the same ticket")
    func simultaneousCalls() async throws {
        let hall = try HallFixture()
        _ = try await hall.waiting()
        _ = try await hall.waiting()
        async let first = hall.queue.callNext(counter: 1)
        async let second = hall.queue.callNext(counter: 2)
        let called = try await [first.current?.number, second.current?.number]
        #expect(Set(called) == ["A001", "A002"])
        // Both stand on the display, each with an announcement of its own.
        let display = try await hall.queue.display()
        #expect(Set(display.calls.map(\.number)) == ["A001", "A002"])
        #expect(Set(display.calls.map(\.sequence)).count == 2)
        #expect(display.announcement == display.calls.first?.sequence)
    }

    @Test("a recall is announced again, and the ticket stands first on the display")
    func recall() async throws {
        let hall = try HallFixture()
        _ = try await hall.waiting()
        _ = try await hall.waiting()
        _ = try await hall.queue.callNext(counter: 1)
        _ = try await hall.queue.callNext(counter: 2)
        let before = try await hall.queue.display()
        #expect(before.calls.map(\.number) == ["A002", "A001"])
        _ = try await hall.queue.recall(counter: 1)
        let after = try await hall.queue.display()
        #expect(after.calls.map(\.number) == ["A001", "A002"])
        #expect(after.announcement > before.announcement)
    }

    @Test("the display keeps the last calls, not all of them")
    func lastCalls() async throws {
        let hall = try HallFixture()
        for _ in 0..<10 {
            _ = try await hall.waiting()
            _ = try await hall.queue.callNext(counter: 1)
            _ = try await hall.queue.finish(counter: 1)
        }
        let display = try await hall.queue.display()
        #expect(display.calls.count == HallDay.callsOnDisplay)
        #expect(display.calls.first?.number == "A010" && display.waiting == 0)
    }

    @Test("priority and ordinary stand in the counter's view in the order in which they would be called")
    func order() async throws {
        let hall = try HallFixture()
        let ordinary = try await hall.waiting()
        hall.clock.advance(60)
        let priority = try await hall.waiting("priority")
        hall.clock.advance(20)
        #expect(try await hall.queue.view(counter: 1).waiting.map(\.ticket) == [ordinary.id, priority.id])
        #expect(try await hall.queue.view(counter: 3).waiting.map(\.ticket) == [priority.id, ordinary.id])
        hall.clock.advance(20)
        let view = try await hall.queue.view(counter: 1)
        #expect(view.waiting.map(\.ticket) == [priority.id, ordinary.id])
        #expect(view.waiting.map(\.className) == ["Ưu tiên", "Thường"])
    }

    @Test("after three priority calls whoever waits too long is next; a recall in between is no call")
    func cap() async throws {
        let hall = try HallFixture()
        let called = try await hall.waiting()
        _ = try await hall.queue.callNext(counter: 2)
        let patient = try await hall.waiting()
        for _ in 0..<4 { _ = try await hall.waiting("priority") }
        hall.clock.advance(1000)
        for number in ["B001", "B002", "B003"] {
            #expect(try await hall.queue.estimate(ticket: patient.id)?.ahead ?? 0 > 0)
            #expect(try await hall.queue.callNext(counter: 1).current?.number == number)
            _ = try await hall.queue.finish(counter: 1)
        }
        #expect(try await hall.queue.recall(counter: 2).current?.ticket == called.id)
        #expect(try await hall.queue.estimate(ticket: patient.id)?.ahead == 0)
        #expect(try await hall.queue.callNext(counter: 1).current?.ticket == patient.id)
    }

    @Test("after a restart the hall stands as it stood")
    func restart() async throws {
        let hall = try HallFixture()
        _ = try await hall.waiting()
        _ = try await hall.waiting("priority")
        hall.clock.advance(5)
        _ = try await hall.queue.callNext(counter: 2)
        let restarted = try hall.reopened()
        #expect(try await restarted.display() == hall.queue.display())
        #expect(try await restarted.view(counter: 2) == hall.queue.view(counter: 2))
    }

    @Test("streams give the state of now, then each change, also one made in another's transaction")
    func streams() async throws {
        let hall = try HallFixture()
        var displays = await hall.queue.displays().makeAsyncIterator()
        var views = try await hall.queue.views(counter: 1).makeAsyncIterator()
        #expect(await displays.next()?.waiting == 0)
        #expect(await views.next()?.current == nil)
        let ticket = try await hall.store.write { [queue = hall.queue] transaction in
            try queue.reserve(TicketRequest(key: UUID(), queueClass: "ordinary"), in: transaction)
        }
        try await hall.queue.confirm(ticket: ticket.id, proof: .printed)
        while let display = await displays.next(), display.waiting != 1 {}
        _ = try await hall.queue.callNext(counter: 1)
        while let view = await views.next(), view.current?.number != "A001" {}
        while let display = await displays.next(), display.calls.first?.number != "A001" {}
    }

    @Test("each change leaves an event, and what was promised stands beside what came")
    func events() async throws {
        let hall = try HallFixture()
        for _ in 0..<10 {
            _ = try await hall.waiting()
            _ = try await hall.queue.callNext(counter: 1)
            hall.clock.advance(120)
            _ = try await hall.queue.finish(counter: 1)
        }
        _ = try await hall.waiting()
        hall.clock.advance(30)
        _ = try await hall.queue.callNext(counter: 1)
        let last = try #require(try await hall.store.events().last)
        #expect(last.name == .ticketCalled)
        #expect(last.facts.contains(#""waited":30000"#) && last.facts.contains(#""estimateHigh":120000"#))
        let names = Set(try await hall.store.events().map(\.name))
        #expect(names == [.ticketReserved, .ticketConfirmed, .ticketCalled, .ticketFinished])
    }
}

@Suite("Wait estimate")
struct WaitEstimateTests {
    @Test("too little data or no open counter: only the number ahead", arguments: [(7, 1), (8, 0), (0, 0)])
    func hidden(_ served: Int, _ open: Int) {
        let estimate = WaitEstimate(
            ahead: 4, served: Array(repeating: .seconds(300), count: served), openCounters: open)
        #expect(estimate.ahead == 4 && estimate.range == nil)
    }

    @Test("the range spans the middle half of the services, shared by the open counters")
    func range() {
        let served = (1...9).map { Duration.seconds($0 * 60) }
        let estimate = WaitEstimate(ahead: 4, served: served, openCounters: 2)
        #expect(estimate.range == Duration.seconds(360)...Duration.seconds(1050))
    }

    @Test("who is called next has nobody ahead, whatever the class")
    func ahead() async throws {
        let hall = try HallFixture()
        _ = try await hall.waiting()
        hall.clock.advance(10)
        let priority = try await hall.waiting("priority")
        #expect(try await hall.queue.estimate(ticket: priority.id)?.ahead == 1)
        hall.clock.advance(10)
        #expect(try await hall.queue.estimate(ticket: priority.id)?.ahead == 0)
        _ = try await hall.queue.callNext(counter: 1)
        #expect(try await hall.queue.estimate(ticket: priority.id) == nil)
    }
}
