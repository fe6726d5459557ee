import Foundation
import GRDB
import Peripherals
import Store

/// What happens to a ticket's papers, each in one transaction with its event and with what follows for the ticket.
extension TicketBook {
    /// - Throws: ``QueueError/wrongState(ticket:state:)`` for a number that counts no more: nothing is printed for it.
    func took(_ step: PrintStep, _ id: UUID, in transaction: Store.Transaction) throws {
        let ticket = try ticket(id, in: transaction.database)
        var paper = ticket.paper
        paper.took(step)
        switch step {
        case .sending(let millimetres):
            guard ticket.isOpen else { throw QueueError.wrongState(ticket: id, state: ticket.state) }
            try PaperRoll.change(in: transaction) { $0.takes(millimetres: millimetres) }
            try transaction.append(
                .paperSending, subject: id,
                ["copy": .count(paper.copy), "millimetres": .count(Int(millimetres.rounded()))])
        case .awaitingProof:
            try transaction.append(.paperAwaitingProof, subject: id, ["copy": .count(paper.copy)])
        }
        try keep(paper, of: id, in: transaction)
    }

    /// The end of one copy; a proof confirms the ticket. Of a copy that ended before, nothing changes.
    func ended(_ id: UUID, copy: Int, _ outcome: PrintOutcome, in transaction: Store.Transaction) throws {
        var paper = try ticket(id, in: transaction.database).paper
        guard paper.copy == copy, paper.state.isUnderWay else { return }
        paper.ended(outcome)
        try keep(paper, of: id, in: transaction)
        var facts: [String: EventFact] = ["copy": .count(copy), "outcome": .code(paper.state.rawValue)]
        if let condition = paper.condition { facts["condition"] = .code(condition.code) }
        try transaction.append(.paperEnded, subject: id, facts)
        if paper.isProved { try proved(id, in: transaction) }
    }

    /// Whoever has gone from the screen does not hold the paper that came out late: the staff settle it.
    func provedLate(_ id: UUID, in transaction: Store.Transaction) throws {
        let ticket = try ticket(id, in: transaction.database)
        var paper = ticket.paper
        paper.provedLate()
        guard paper.isProved else { return }
        try keep(paper, of: id, in: transaction)
        try transaction.append(.paperProvedLate, subject: id, ["copy": .count(paper.copy)])
        if ticket.state != .reserved || ticket.leftAt == nil { try proved(id, in: transaction) }
    }

    /// There is a paper: whoever holds it is called, unless the number is void by now.
    private func proved(_ id: UUID, in transaction: Store.Transaction) throws {
        switch try ticket(id, in: transaction.database).state {
        case .reserved: _ = try confirm(id, proof: .printed, in: transaction)
        case .void:
            try transaction.database.execute(
                compiled: "UPDATE ticket SET stray_paper_at_ms = ? WHERE id = ?",
                arguments: [transaction.now.milliseconds, id.uuidString])
            try transaction.append(.paperOfVoid, subject: id)
        case .waiting, .called, .finished, .noShow: break
        }
    }

    /// A further copy begins.
    /// - Parameters:
    ///   - outcome: how the copy before ended, if that is not written down yet.
    ///   - isOffer: the machine offered it, which it does once; a technician may ask for more.
    func reprint(_ id: UUID, ending outcome: PrintOutcome?, isOffer: Bool, in transaction: Store.Transaction) throws
        -> Ticket
    {
        let before = try ticket(id, in: transaction.database)
        if let outcome { try ended(id, copy: before.paper.copy, outcome, in: transaction) }
        let ticket = try ticket(id, in: transaction.database)
        guard ticket.isOpen else { throw QueueError.wrongState(ticket: id, state: ticket.state) }
        var paper = ticket.paper
        guard !paper.state.isUnderWay else { throw QueueError.paperUnderWay(ticket: id) }
        if isOffer {
            guard ticket.state == .reserved, paper.offer() else { throw QueueError.notOfferedAgain(ticket: id) }
        }
        paper.reprint()
        try keep(paper, of: id, in: transaction)
        try transaction.append(.paperReprint, subject: id, ["copy": .count(paper.copy)])
        return try self.ticket(id, in: transaction.database)
    }

    /// Settles what the process of before left under way.
    /// - Returns: today's tickets that are still reserved and whose owners may stand at the screen, newest first.
    func restarted(in transaction: Store.Transaction) throws -> [Ticket] {
        let today = try HallDay(BusinessDate(transaction.now), configuration: configuration, in: transaction.database)
        for ticket in today.tickets where ticket.paper.state.isUnderWay {
            var paper = ticket.paper
            paper.restarted()
            try keep(paper, of: ticket.id, in: transaction)
            try transaction.append(
                .paperRestarted, subject: ticket.id,
                ["copy": .count(paper.copy), "outcome": .code(paper.state.rawValue)])
        }
        let reserved = today.tickets.filter { $0.state == .reserved }
        for ticket in reserved where ticket.paper.isProved && ticket.leftAt == nil {
            try proved(ticket.id, in: transaction)
        }
        return try reserved.reversed().filter { !$0.paper.isProved && $0.leftAt == nil }
            .map { try self.ticket($0.id, in: transaction.database) }
    }

    /// Nobody stands at the screen for this ticket any more. One that is still reserved is the staff's to settle.
    func leave(_ id: UUID, in transaction: Store.Transaction) throws {
        let ticket = try ticket(id, in: transaction.database)
        guard ticket.state == .reserved, ticket.leftAt == nil else { return }
        try transaction.database.execute(
            compiled: "UPDATE ticket SET left_at_ms = ? WHERE id = ?",
            arguments: [transaction.now.milliseconds, id.uuidString])
        try transaction.append(.ticketLeft, subject: id)
    }

    private func keep(_ paper: TicketPaper, of id: UUID, in transaction: Store.Transaction) throws {
        try transaction.database.execute(
            compiled: """
                UPDATE ticket SET paper_copy = ?, paper_state = ?, paper_condition = ?, paper_possible = ?,
                    paper_offered = ?, paper_proved = ? WHERE id = ?
                """,
            arguments: [
                paper.copy, paper.state.rawValue, paper.condition?.code, paper.mayBeOnPaper, paper.wasOffered,
                paper.isProved, id.uuidString,
            ])
    }
}

extension Ticket {
    /// Whether somebody may still come with it.
    var isOpen: Bool { [.reserved, .waiting, .called].contains(state) }
}

extension EventName {
    public static let paperSending = EventName("ticket.paper-sending")
    public static let paperAwaitingProof = EventName("ticket.paper-awaiting-proof")
    public static let paperEnded = EventName("ticket.paper-ended")
    public static let paperReprint = EventName("ticket.paper-reprint")
    public static let paperRestarted = EventName("ticket.paper-restarted")
    public static let paperProvedLate = EventName("ticket.paper-proved-late")
    /// A printer confirmed the paper of a number that was void by then.
    public static let paperOfVoid = EventName("ticket.paper-of-void")
    /// Its owner did not say whether the number is theirs.
    public static let ticketLeft = EventName("ticket.left")
}
