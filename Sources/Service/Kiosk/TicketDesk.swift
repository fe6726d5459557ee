import Foundation
import HallQueue
import Journey
import KioskConfiguration
import Logging
import Peripherals
import QRCode
import Store
import Synchronization

/// A ticket from its number to its paper: what stands on it, its print job with the journal, and what the applicant or
/// the staff say of it.
public struct TicketDesk: Sendable {
    private let settings: KioskSettings
    private let locales: Locales
    private let queue: HallQueue
    private let printer: any TicketPrinting
    private let logger: Logger
    private let told = LastTold()

    public init(
        settings: KioskSettings, locales: Locales, queue: HallQueue, printer: any TicketPrinting, logger: Logger
    ) {
        self.settings = settings
        self.locales = locales
        self.queue = queue
        self.printer = printer
        self.logger = logger
    }

    // MARK: - On the screen

    /// Never throws: everything is recorded by now, and the applicant must get the number.
    func submitted(_ ticket: Ticket) async -> Submitted {
        let estimate = await estimate(for: ticket)
        told.keep(ticket, estimate)
        let queueClass = queueClass(of: ticket)
        return Submitted(
            ticket: ticket.id, number: ticket.label, isPriority: queueClass.isPriority,
            className: queueClass.label.text(ticket.language), ahead: estimate?.ahead ?? 0,
            waitMinutes: estimate?.range.map(minutes), dossierCode: ticket.dossier,
            qr: QRCode(qrText(of: ticket))?.rows ?? [])
    }

    /// As a restart left it: without the dossier's code, since anybody may stand at the screen now.
    func recovered(_ ticket: Ticket) async -> RecoveredTicket {
        var submitted = await submitted(ticket)
        submitted.dossierCode = nil
        submitted.qr = QRCode(qrText(of: ticket, withDossier: false))?.rows ?? []
        return RecoveredTicket(
            submitted: submitted, language: ticket.language, mayBeOnPaper: ticket.paper.mayBeOnPaper,
            hadOffer: ticket.paper.wasOffered)
    }

    private func queueClass(of ticket: Ticket) -> QueueSettings.Class {
        settings.queue.classes.first { $0.id == ticket.queueClass } ?? settings.queue.ordinary
    }

    private func estimate(for ticket: Ticket) async -> WaitEstimate? {
        do {
            return try await queue.estimate(ticket: ticket.id)
        } catch {
            logger.error("no wait estimate", metadata: ["error": "\(error)"])
            return nil
        }
    }

    private func minutes(_ range: ClosedRange<Duration>) -> ClosedRange<Int> {
        let from = Int(range.lowerBound / .seconds(60))
        return from...max(from, Int((range.upperBound / .seconds(60)).rounded(.up)))
    }

    /// What the QR code of a ticket says: hall, date, number and the dossier's code. A phone shows it as text.
    private func qrText(of ticket: Ticket, withDossier: Bool = true) -> String {
        [settings.hall.id, ticket.businessDate, ticket.label, withDossier ? ticket.dossier : nil].compactMap { $0 }
            .joined(separator: " ")
    }

    // MARK: - On paper

    /// How the paper of that number ended.
    public struct End: Sendable {
        public var ticket: UUID
        public var copy: Int
        public var outcome: PrintOutcome
    }

    /// Prints the first copy. The end is not written down yet: see ``record(_:)``.
    public func print(_ id: UUID) async throws -> End {
        if let told = told.take(of: id) { return await print(told.ticket, told.estimate) }
        return await printCopy(of: try await queue.ticket(id))
    }

    private func printCopy(of ticket: Ticket) async -> End { await print(ticket, await estimate(for: ticket)) }

    private func print(_ ticket: Ticket, _ estimate: WaitEstimate?) async -> End {
        let outcome = await printer.print(
            content(of: ticket, estimate), job: ticket.id, journal: queue.journal(ticket.id))
        return End(ticket: ticket.id, copy: ticket.paper.copy, outcome: outcome)
    }

    /// A further copy of a ticket that was offered to the applicant.
    /// - Parameter outcome: how the copy before ended, in case that could not be written down yet.
    public func reprint(_ id: UUID, ending outcome: PrintOutcome?) async throws -> End {
        await printCopy(of: try await queue.reprint(ticket: id, ending: outcome, isOffer: true))
    }

    /// A further copy that a technician asks for; its end is written down.
    public func reprintForStaff(_ id: UUID) async throws -> PrintOutcome {
        let end = await printCopy(of: try await queue.reprint(ticket: id, isOffer: false))
        try await record(end)
        return end.outcome
    }

    /// A paper that takes no number.
    public func printTest(kiosk: String) async -> PrintOutcome {
        let language = locales.languages.first ?? "vi"
        let content = TicketContent(
            hall: settings.hall.name.text(language), number: "TEST", className: "",
            procedure: locales[language].text("ticket-paper.test"), issuedAt: time(Date()),
            notes: ["kioskctl ticket test"], qr: "TEST \(kiosk)")
        return await printer.print(content, job: UUID(), journal: queue.testJournal)
    }

    public func record(_ end: End) async throws {
        try await queue.ended(ticket: end.ticket, copy: end.copy, end.outcome)
    }

    /// The ticket's text in the applicant's language; a second paper says that it is one.
    private func content(of ticket: Ticket, _ estimate: WaitEstimate?) -> TicketContent {
        let locale = locales[ticket.language]
        let queueClass = queueClass(of: ticket)
        var notes: [String] = []
        if let estimate {
            notes.append(locale.text("ticket-paper.ahead", ["count": String(estimate.ahead)]))
        }
        if let code = ticket.dossier { notes.append(locale.text("ticket-paper.dossier", ["code": code])) }
        return TicketContent(
            hall: settings.hall.name.text(ticket.language), number: ticket.label,
            className: queueClass.isPriority ? queueClass.label.text(ticket.language) : "",
            procedure: ticket.procedureTitle ?? locale.text("ticket-paper.ticket-only"),
            issuedAt: time(ticket.issuedAt), notes: notes, qr: qrText(of: ticket),
            reprintMark: ticket.paper.needsMark ? locale.text("ticket-paper.reprint") : nil)
    }

    /// `07:05 30/11/2026`, in the hall's time.
    private func time(_ date: Date) -> String {
        date.formatted(
            Date.VerbatimFormatStyle(
                format: """
                    \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits) \
                    \(day: .twoDigits)/\(month: .twoDigits)/\(year: .defaultDigits)
                    """,
                locale: Foundation.Locale(identifier: "en_GB"), timeZone: settings.timeZone,
                calendar: Calendar(identifier: .gregorian)))
    }

    // MARK: - What is said of it

    func confirm(_ ticket: UUID, _ proof: PaperProof) async throws {
        let proof: TicketProof =
            switch proof {
            case .transmitted: .transmitted
            case .shownOnScreen: .shownOnScreen
            }
        _ = try await queue.confirm(ticket: ticket, proof: proof)
    }

    func void(_ ticket: UUID) async throws {
        _ = try await queue.void(ticket: ticket, reason: .applicantLeft)
    }

    func leave(_ ticket: UUID) async throws { try await queue.leave(ticket: ticket) }

    func provedLate(_ ticket: UUID) async throws -> Bool { try await queue.provedLate(ticket: ticket) }

    func printer(is condition: PrinterCondition) async throws { try await queue.printer(is: condition) }

    // MARK: - After a restart

    /// To be called once at start, before anything is printed: settles what the process of before left under way.
    /// - Returns: the tickets without proof, for whoever may still stand at the screen.
    public func recover() async throws -> [RecoveredTicket] {
        var recovered: [RecoveredTicket] = []
        for ticket in try await queue.restarted() { recovered.append(await self.recovered(ticket)) }
        return recovered
    }
}

/// The ticket that the screen has just told of, and its wait: the paper that comes next says the same, without reading it
/// again.
private final class LastTold: Sendable {
    private let last = Mutex<(ticket: Ticket, estimate: WaitEstimate?)?>(nil)

    func keep(_ ticket: Ticket, _ estimate: WaitEstimate?) { last.withLock { $0 = (ticket, estimate) } }

    /// Once: a later paper of the ticket tells what is true then.
    func take(of ticket: UUID) -> (ticket: Ticket, estimate: WaitEstimate?)? {
        last.withLock { last in
            guard let told = last, told.ticket.id == ticket else { return nil }
            last = nil
            return told
        }
    }
}
