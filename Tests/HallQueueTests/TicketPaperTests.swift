import HallQueue
import Peripherals
import Testing

@Suite("What is known about a ticket's papers")
struct TicketPaperTests {
    enum Happening: Sendable {
        case sending, awaiting, ends(PrintOutcome), provedLate, restarts, offered, reprints

        func apply(to paper: inout TicketPaper) {
            switch self {
            case .sending: paper.took(.sending(millimetres: 90))
            case .awaiting: paper.took(.awaitingProof)
            case .ends(let outcome): paper.ended(outcome)
            case .provedLate: paper.provedLate()
            case .restarts: paper.restarted()
            case .offered: _ = paper.offer()
            case .reprints: paper.reprint()
            }
        }
    }

    struct Life: Sendable {
        var rule: String
        var happenings: [Happening]
        var state: TicketPaper.State
        var condition: PrinterCondition?
        var copy = 1
        var isMarked: Bool
        /// Whether a second paper may be offered now.
        var isOffered: Bool
    }

    static let lives = [
        Life(rule: "a new ticket has no paper", happenings: [], state: .reserved, isMarked: false, isOffered: false),
        Life(
            rule: "after the first byte there may be paper", happenings: [.sending], state: .sending, isMarked: true,
            isOffered: false),
        Life(
            rule: "a proved paper is not offered again", happenings: [.sending, .awaiting, .ends(.printed)],
            state: .printed, isMarked: true, isOffered: false),
        Life(
            rule: "a paper without proof is offered again",
            happenings: [.sending, .awaiting, .ends(.transmitted)], state: .transmitted, isMarked: true,
            isOffered: true),
        Life(
            rule: "what was refused needs no mark", happenings: [.ends(.refused(.paperOut))], state: .refused,
            condition: .paperOut, isMarked: false, isOffered: true),
        Life(
            rule: "what failed may be on paper", happenings: [.sending, .ends(.failed(.cutterJam))], state: .failed,
            condition: .cutterJam, isMarked: true, isOffered: true),
        Life(
            rule: "a refusal after the first byte was written down does not unsay it",
            happenings: [.sending, .ends(.refused(.offline))], state: .refused, condition: .offline, isMarked: true,
            isOffered: true),
        Life(
            rule: "an offer is made once", happenings: [.ends(.refused(.coverOpen)), .offered], state: .refused,
            condition: .coverOpen, isMarked: false, isOffered: false),
        Life(
            rule: "a reprint that fails is not offered again",
            happenings: [
                .sending, .ends(.failed(.paperOut)), .offered, .reprints, .sending, .ends(.failed(.paperOut)),
            ],
            state: .failed, condition: .paperOut, copy: 2, isMarked: true, isOffered: false),
        Life(
            rule: "the second copy remembers the first",
            happenings: [.sending, .ends(.failed(.paperOut)), .offered, .reprints], state: .reserved, copy: 2,
            isMarked: true, isOffered: false),
        Life(
            rule: "no copy begins while one is under way", happenings: [.sending, .reprints], state: .sending,
            isMarked: true, isOffered: false),
        Life(
            rule: "a restart before the first byte lost no paper", happenings: [.restarts], state: .refused,
            condition: .unknown, isMarked: false, isOffered: true),
        Life(
            rule: "a restart while sending leaves it open", happenings: [.sending, .restarts], state: .failed,
            condition: .unknown, isMarked: true, isOffered: true),
        Life(
            rule: "a restart before the proof leaves it open", happenings: [.sending, .awaiting, .restarts],
            state: .failed, condition: .unknown, isMarked: true, isOffered: true),
        Life(
            rule: "a restart after the proof changes nothing",
            happenings: [.sending, .awaiting, .ends(.printed), .restarts], state: .printed, isMarked: true,
            isOffered: false),
        Life(
            rule: "a restart keeps the condition that is known", happenings: [.ends(.refused(.coverOpen)), .restarts],
            state: .refused, condition: .coverOpen, isMarked: false, isOffered: true),
        Life(
            rule: "a restart makes no second offer",
            happenings: [.sending, .ends(.failed(.offline)), .offered, .restarts], state: .failed,
            condition: .offline, isMarked: true, isOffered: false),
        Life(
            rule: "a late proof is a proof", happenings: [.sending, .ends(.failed(.coverOpen)), .provedLate],
            state: .printed, isMarked: true, isOffered: false),
        Life(
            rule: "a late proof of what was never sent is none",
            happenings: [.ends(.refused(.coverOpen)), .provedLate], state: .refused, condition: .coverOpen,
            isMarked: false, isOffered: true),
        Life(
            rule: "a late proof of the first copy leaves the second under way, and no third is offered",
            happenings: [
                .sending, .ends(.failed(.paperOut)), .reprints, .provedLate, .ends(.refused(.coverOpen)),
            ],
            state: .refused, condition: .coverOpen, copy: 2, isMarked: true, isOffered: false),
    ]

    @Test("what happened decides what is known", arguments: lives)
    func life(_ life: Life) {
        var paper = TicketPaper()
        for happening in life.happenings { happening.apply(to: &paper) }
        #expect(paper.state == life.state, "\(life.rule)")
        #expect(paper.condition == life.condition, "\(life.rule)")
        #expect(paper.copy == life.copy, "\(life.rule)")
        #expect(paper.needsMark == life.isMarked, "\(life.rule)")
        let offers = [paper.offer(), paper.offer()]
        #expect(offers == [life.isOffered, false], "\(life.rule); an offer is never made twice")
    }
}
