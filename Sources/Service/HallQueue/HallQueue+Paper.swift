import Foundation
import Peripherals
import Store

/// The papers of the tickets, from the submission to the proof, over restarts.
extension HallQueue {
    /// - Throws: ``QueueError``.
    public func paper(ticket: UUID) async throws -> TicketPaper { try await self.ticket(ticket).paper }

    /// Writes each step of a ticket's print job down before it is taken.
    public nonisolated func journal(_ ticket: UUID) -> PrintJournal {
        { [store, book] step in try await store.write { try book.took(step, ticket, in: $0) } }
    }

    /// For a paper that takes no number: only the roll gets shorter.
    public nonisolated var testJournal: PrintJournal {
        { [store] step in
            guard case .sending(let millimetres) = step else { return }
            try await store.write { transaction in
                try PaperRoll.change(in: transaction) { $0.takes(millimetres: millimetres) }
            }
        }
    }

    /// How a copy ended. A proof confirms the ticket in the same transaction. Repeating it changes nothing.
    /// - Throws: ``QueueError``.
    public func ended(ticket: UUID, copy: Int, _ outcome: PrintOutcome) async throws {
        try await change { [book] in try book.ended(ticket, copy: copy, outcome, in: $0) }
    }

    /// A printer confirmed a failed paper after all: a reserved ticket waits from now on; for a void one the staff are
    /// told that its paper may have come out.
    /// - Returns: false when no ticket is of this name.
    public func provedLate(ticket: UUID) async throws -> Bool {
        do {
            try await change { [book] in try book.provedLate(ticket, in: $0) }
            return true
        } catch QueueError.unknownTicket {
            return false
        }
    }

    /// Begins a further copy, which says that it is one when ``TicketPaper/needsMark``.
    /// - Parameters:
    ///   - outcome: how the copy before ended, if that may not be written down yet.
    ///   - isOffer: the machine offered it to the applicant, which it does once.
    /// - Throws: ``QueueError``.
    public func reprint(ticket: UUID, ending outcome: PrintOutcome? = nil, isOffer: Bool) async throws -> Ticket {
        try await change { [book] in try book.reprint(ticket, ending: outcome, isOffer: isOffer, in: $0) }
    }

    /// To be called once at start, before anything is printed: what was under way ended with the process of before.
    /// - Returns: today's tickets that nobody knows to be on paper and that were not left, newest first.
    public func restarted() async throws -> [Ticket] {
        try await change { [book] in try book.restarted(in: $0) }
    }

    /// The applicant went without saying whether the number is theirs: the staff settle it.
    public func leave(ticket: UUID) async throws {
        try await change { [book] in try book.leave(ticket, in: $0) }
    }

    // MARK: The roll

    /// What the printer says now, for the staff and for the estimate of the paper.
    public func printer(is condition: PrinterCondition) async throws {
        printer = condition
        try await change { transaction in
            try PaperRoll.change(in: transaction) { $0.saw(condition, at: transaction.now) }
        }
    }

    public func paperLeft() async throws -> PaperLeft {
        try await day().roll.left(rollMetres: configuration.rollMetres, printer: printer)
    }

    /// A new roll is in the printer.
    /// - Parameter metres: its length; nil for the configured one.
    public func changedRoll(metres: Double? = nil) async throws -> PaperLeft {
        try await change { transaction in
            try PaperRoll.change(in: transaction) { $0.change(metres: metres, at: transaction.now) }
            try transaction.append(.rollChanged)
        }
        return try await paperLeft()
    }
}

extension EventName {
    public static let rollChanged = EventName("printer.roll-changed")
}
