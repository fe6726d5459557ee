import Foundation
import Testing

@testable import HallQueue

@Suite("Discipline")
struct DisciplineTests {
    private typealias Waiting = QueueDiscipline.Waiting
    private let start = Date(timeIntervalSince1970: 0)

    private func discipline(ratio: Double = 3, cap: PriorityCap? = nil) -> QueueDiscipline {
        QueueDiscipline(
            classes: [
                QueueClass(id: "ordinary", name: "", series: "A", rate: 1, isPriority: false),
                QueueClass(id: "priority", name: "", series: "B", rate: ratio, isPriority: true),
            ], cap: cap)
    }

    private func waiting(_ queueClass: String, since: Double, order: Int) -> Waiting {
        Waiting(id: UUID(), queueClass: queueClass, since: start.addingTimeInterval(since), order: order)
    }

    @Test(
        "priority gains credit three times as fast",
        arguments: [
            // ordinary since 0, priority since p, now t: 3·(t−p) against t.
            (priority: 60.0, now: 80.0, first: "ordinary"), (60, 89, "ordinary"), (60, 91, "priority"),
            (0, 10, "priority"),
        ])
    func credit(_ priority: Double, _ now: Double, _ first: String) {
        let tickets = [waiting("ordinary", since: 0, order: 0), waiting("priority", since: priority, order: 1)]
        let chosen = discipline().next(among: tickets, at: start.addingTimeInterval(now), priorityRun: 0)
        #expect(chosen?.queueClass == first)
    }

    @Test("equal credit: who came first; a clock set back changes no order of issue")
    func ties() {
        let tickets = [waiting("ordinary", since: 10, order: 0), waiting("ordinary", since: 10, order: 1)]
        for now in [10.0, -100] {
            let order = discipline().order(tickets.reversed(), at: start.addingTimeInterval(now), priorityRun: 0)
            #expect(order.map(\.order) == [0, 1])
        }
    }

    @Test("nobody waits: nobody is called")
    func empty() { #expect(discipline().next(among: [], at: start, priorityRun: 0) == nil) }

    @Test(
        "after the cap, an ordinary ticket that waited too long goes first",
        arguments: [
            (run: 3, waited: 901.0, first: "ordinary"), (3, 899, "priority"), (2, 901, "priority"),
            (9, 5000, "ordinary"),
        ])
    func cap(_ run: Int, _ waited: Double, _ first: String) {
        let discipline = discipline(ratio: 1000, cap: PriorityCap(calls: 3, ordinaryWaitSeconds: 900))
        let tickets = [waiting("ordinary", since: 0, order: 0), waiting("priority", since: waited - 60, order: 1)]
        let chosen = discipline.next(among: tickets, at: start.addingTimeInterval(waited), priorityRun: run)
        #expect(chosen?.queueClass == first)
    }

    @Test("a reserved counter calls its class first, and helps when nobody of it waits")
    func reserved() {
        let old = waiting("ordinary", since: 0, order: 0)
        let new = waiting("priority", since: 999, order: 1)
        let now = start.addingTimeInterval(1000)
        let discipline = discipline()
        #expect(discipline.next(among: [old, new], at: now, priorityRun: 0)?.id == old.id)
        #expect(discipline.next(among: [old, new], at: now, priorityRun: 0, reservedFor: "priority")?.id == new.id)
        #expect(discipline.next(among: [old], at: now, priorityRun: 0, reservedFor: "priority")?.id == old.id)
    }

    @Test("the order shown is the order in which they are called", arguments: [nil, "priority", "ordinary"])
    func orderIsCalls(_ reservedFor: String?) {
        var random = SplitMix(state: 3)
        let discipline = discipline(ratio: 10, cap: PriorityCap(calls: 2, ordinaryWaitSeconds: 300))
        let now = start.addingTimeInterval(1000)
        var rest = (0..<60).map { order in
            waiting(random.unit() < 0.6 ? "priority" : "ordinary", since: random.unit() * 1000, order: order)
        }
        let order = discipline.order(rest, at: now, priorityRun: 1, reservedFor: reservedFor)
        #expect(order.count == 60)
        var run = 1
        for shown in order {
            #expect(discipline.next(among: rest, at: now, priorityRun: run, reservedFor: reservedFor)?.id == shown.id)
            run = shown.queueClass == "priority" ? run + 1 : 0
            rest.removeAll { $0.id == shown.id }
        }
    }

    @Test("under load the ratio of the waits is the ratio of the rates, and nobody starves", arguments: [2.0, 3, 5])
    func ratio(_ ratio: Double) {
        // One counter, 97 % busy, 30 % of the arrivals priority (Stanford, Taylor, Ziedins 2014: the ratio tends to the
        // rates' as the load tends to 1).
        let day = Simulation(discipline: discipline(ratio: ratio), load: 0.98, share: 0.3, tickets: 30_000, seed: 7)
        let measured = day.meanWait("ordinary") / day.meanWait("priority")
        #expect((ratio * 0.75...ratio * 1.1).contains(measured), "measured \(measured)")
    }

    @Test("with the cap no run of priority calls passes it while an ordinary ticket waits too long")
    func capHolds() {
        let cap = PriorityCap(calls: 3, ordinaryWaitSeconds: 900)
        let discipline = discipline(ratio: 50, cap: cap)
        let day = Simulation(discipline: discipline, load: 1.1, share: 0.8, tickets: 3_000, seed: 11, capSeconds: 900)
        #expect(day.longestRunWhileTooLong <= cap.calls)
        #expect(day.longestRunWhileTooLong > 1)
    }
}

/// One counter, exponential arrivals and services, seeded.
private struct Simulation {
    private var waits: [String: [Double]] = [:]
    private(set) var longestRunWhileTooLong = 0

    init(
        discipline: QueueDiscipline, load: Double, share: Double, tickets: Int, seed: UInt64,
        capSeconds: Double = .infinity
    ) {
        var random = SplitMix(state: seed)
        let service = 300.0
        var arrivals: [QueueDiscipline.Waiting] = []
        var time = 0.0
        for order in 0..<tickets {
            time += -log(random.unit()) * service / load
            let queueClass = random.unit() < share ? "priority" : "ordinary"
            let since = Date(timeIntervalSince1970: time)
            arrivals.append(.init(id: UUID(), queueClass: queueClass, since: since, order: order))
        }
        var waiting: [QueueDiscipline.Waiting] = []
        var next = 0
        var now = 0.0
        var run = 0
        while next < arrivals.count || !waiting.isEmpty {
            if waiting.isEmpty { now = max(now, arrivals[next].since.timeIntervalSince1970) }
            while next < arrivals.count, arrivals[next].since.timeIntervalSince1970 <= now {
                waiting.append(arrivals[next])
                next += 1
            }
            let date = Date(timeIntervalSince1970: now)
            guard let called = discipline.next(among: waiting, at: date, priorityRun: run) else { continue }
            let tooLong = waiting.contains {
                $0.queueClass == "ordinary" && date.timeIntervalSince($0.since) > capSeconds
            }
            run = called.queueClass == "priority" ? run + 1 : 0
            if tooLong { longestRunWhileTooLong = max(longestRunWhileTooLong, min(run, 4)) }
            waiting.removeAll { $0.id == called.id }
            waits[called.queueClass, default: []].append(date.timeIntervalSince(called.since))
            now += -log(random.unit()) * service
        }
    }

    func meanWait(_ queueClass: String) -> Double {
        let waits = waits[queueClass] ?? []
        return waits.reduce(0, +) / Double(max(1, waits.count))
    }
}

/// Steele, Lea, Flood 2014.
private struct SplitMix {
    var state: UInt64

    mutating func unit() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        return (Double(mixed >> 11) + 1) / 9_007_199_254_740_993
    }
}
