import Foundation
import Peripherals

/// The ticket's paper: what the printer said, what the applicant says of it, and what a restart left open. Nothing is
/// printed a second time unless somebody asks for it, and it is offered once.
extension Journey {
    mutating func printEnded(_ outcome: PrintOutcome) -> [JourneyEffect] {
        guard case .ticket(.printing) = stage, visit.submitted != nil else { return [] }
        touched()
        switch outcome {
        case .printed:
            stage = .ticket(.printed)
        case .transmitted:
            visit.mayBeOnPaper = true
            stage = .ticket(.transmitted)
        case .failed(let condition):
            visit.mayBeOnPaper = true
            stage = .ticket(.unproved(condition, since: now))
        case .refused(let condition):
            stage = .ticket(.unproved(condition, since: now))
        }
        return []
    }

    mutating func provedLate(_ ticket: UUID) -> [JourneyEffect] {
        recovered.removeAll { $0.submitted.ticket == ticket }
        guard visit.submitted?.ticket == ticket else { return [] }
        switch stage {
        case .ticket(.unproved), .ticket(.transmitted):
            isConfirmingCancel = false
            stage = .ticket(.printed)
            touched()
        default: break
        }
        return []
    }

    mutating func actOnTicket(_ action: ScreenAction, _ step: TicketStep) -> [JourneyEffect] {
        guard let ticket = visit.submitted?.ticket else { return [] }
        switch (step, action.action) {
        case (.printed, "finish"):
            return finish()
        case (.transmitted, "confirm"):
            return [.confirmTicket(ticket, .transmitted)] + finish()
        case (.transmitted, "noted"):
            return [.confirmTicket(ticket, .shownOnScreen)] + finish()
        case (.unproved, "confirm"):
            return [.confirmTicket(ticket, .shownOnScreen)] + finish()
        case (.transmitted, "reprint"), (.unproved, "reprint"):
            guard mayReprint else { return [] }
            return reprint(ticket)
        case (.transmitted, "void"), (.unproved, "void"):
            return [.voidTicket(ticket)] + finish()
        default: return []
        }
    }

    private mutating func reprint(_ ticket: UUID) -> [JourneyEffect] {
        visit.hadOffer = true
        stage = .ticket(.printing)
        return [.reprintTicket(ticket)]
    }

    /// Whether a second paper is offered now.
    var mayReprint: Bool {
        guard !visit.hadOffer else { return false }
        return switch stage {
        case .ticket(.transmitted): isPrinterReady
        case .ticket(.unproved(_, let since)): isPrinterReady && now - since >= Self.settlingTime
        default: false
        }
    }

    /// A report of before the failure may still be on its way.
    private static let settlingTime = Duration.milliseconds(1500)

    private var isPrinterReady: Bool { condition(of: .ticketPrinter)?.ready ?? false }

    // MARK: - After a restart

    mutating func recover(_ tickets: [RecoveredTicket]) -> [JourneyEffect] {
        recovered = tickets
        touched()
        if stage == .welcome { showRecovered() }
        return []
    }

    /// The welcome screen asks in the language of the ticket.
    mutating func showRecovered() {
        guard let language = recovered.first?.language, context.locales.languages.contains(language) else { return }
        visit.language = language
        touched()
    }

    mutating func actOnRecovery(_ action: ScreenAction) -> [JourneyEffect] {
        guard let first = recovered.first, ["confirm", "reprint", "notMine"].contains(action.action) else { return [] }
        let ticket = first.submitted.ticket
        if action.action == "reprint", first.hadOffer || !isPrinterReady { return [] }
        recovered.removeFirst()
        guard action.action != "notMine" else { return [.leaveTicket(ticket)] + reset() }
        visit.submitted = first.submitted
        visit.mayBeOnPaper = first.mayBeOnPaper
        visit.hadOffer = first.hadOffer
        return action.action == "reprint"
            ? reprint(ticket) : [.confirmTicket(ticket, .shownOnScreen)] + finish()
    }

    /// Whoever it was has gone: the staff settle what is left.
    mutating func giveUpRecovery() -> [JourneyEffect] {
        let left = recovered.map { JourneyEffect.leaveTicket($0.submitted.ticket) }
        recovered = []
        return left + reset()
    }
}
