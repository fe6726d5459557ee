import CentralProtocol
import Dossiers
import Foundation
import HallQueue
import Journey
import KioskConfiguration
import Logging
import Peripherals
import QRCode
import Store

/// Turns a submission into a ticket and a sealed dossier: both, with their events and the place in the outbox, in one
/// durable transaction. Nothing is printed before.
public struct SubmissionDesk: Sendable {
    /// The kiosk's name at the centre.
    private let kiosk: String
    private let settings: KioskSettings
    private let locales: Locales
    private let store: Store
    private let queue: HallQueue
    /// nil when no centre is configured: the kiosk then gives tickets only.
    private let dossiers: Dossiers?
    private let scanner: any DocumentScanning
    private let logger: Logger

    public init(
        kiosk: String, settings: KioskSettings, locales: Locales, store: Store, queue: HallQueue, dossiers: Dossiers?,
        scanner: any DocumentScanning, logger: Logger
    ) {
        self.kiosk = kiosk
        self.settings = settings
        self.locales = locales
        self.store = store
        self.queue = queue
        self.dossiers = dossiers
        self.scanner = scanner
        self.logger = logger
    }

    /// Why nothing was recorded; `code` names the locale text `submit.error.<code>`.
    public enum Failure: String, Error, Sendable {
        case diskFull = "disk-full"
        case failed

        init(_ error: any Error) {
            switch error {
            case let error as StoreError where error.kind == .diskFull: self = .diskFull
            case DossierError.diskFull, ScanError.diskFull: self = .diskFull
            default: self = .failed
            }
        }
    }

    /// Asking again with the same key gives the same ticket and dossier.
    /// - Parameter folder: for the PDFs, before they are sealed.
    public func submit(_ submission: Submission, folder: URL) async throws -> Submitted {
        let sealed = try await seal(submission, folder: folder)
        let request = TicketRequest(
            key: submission.key, queueClass: queueClass(of: submission).id, procedure: submission.procedure?.code,
            procedureTitle: submission.procedure?.version.title.text("vi"), dossier: sealed?.provisionalCode)
        let ticket: Ticket
        do {
            ticket = try await store.write { [queue, dossiers] transaction in
                let ticket = try queue.reserve(request, in: transaction)
                if let sealed { try dossiers?.record(sealed, ticket: ticket.id, in: transaction) }
                return ticket
            }
        } catch {
            if let sealed { try await dossiers?.discard(sealed) }
            throw error
        }
        await queue.refresh()
        return await submitted(ticket, language: submission.language)
    }

    private func seal(_ submission: Submission, folder: URL) async throws -> SealedDossier? {
        guard let procedure = submission.procedure, let dossiers else { return nil }
        let files = try await DossierFiles(submission: submission, folder: folder, scanner: scanner).make()
        let now = store.now()
        return try await dossiers.seal(
            DossierDraft(
                id: submission.key,
                provisionalCode: ProvisionalCode.make(
                    dossier: submission.key, businessDate: BusinessDate(now).description),
                procedure: procedure.code, procedureVersion: procedure.version.effectiveFrom.description,
                agency: agency, kiosk: kiosk, createdAt: now, files: files))
    }

    /// The receiving agency: the commune of the hall, or the agency itself at the provincial centre.
    private var agency: String {
        settings.hall.communeCode.isEmpty
            ? settings.hall.agencyCode : "\(settings.hall.agencyCode).\(settings.hall.communeCode)"
    }

    /// Of all classes that the applicant belongs to, the one that is called soonest.
    private func queueClass(of submission: Submission) -> QueueSettings.Class {
        settings.queue.classes.filter { submission.priorityClasses.contains($0.id) }.max { $0.weight < $1.weight }
            ?? settings.queue.ordinary
    }

    /// Never throws: everything is recorded by now, and the applicant must get the number.
    private func submitted(_ ticket: Ticket, language: String) async -> Submitted {
        let estimate = await estimate(for: ticket)
        let queueClass = settings.queue.classes.first { $0.id == ticket.queueClass } ?? settings.queue.ordinary
        return Submitted(
            ticket: ticket.id, number: ticket.label, isPriority: queueClass.isPriority,
            className: queueClass.label.text(language), ahead: estimate?.ahead ?? 0,
            waitMinutes: estimate?.range.map(minutes), dossierCode: ticket.dossier,
            qr: QRCode(qrText(of: ticket))?.rows ?? [])
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
    private func qrText(of ticket: Ticket) -> String {
        [settings.hall.id, ticket.businessDate, ticket.label, ticket.dossier].compactMap { $0 }.joined(separator: " ")
    }

    // MARK: - Paper

    /// The ticket's text in the applicant's language.
    public func content(of ticket: UUID, language: String) async throws -> TicketContent {
        let ticket = try await queue.ticket(ticket)
        let locale = locales[language]
        let queueClass = settings.queue.classes.first { $0.id == ticket.queueClass } ?? settings.queue.ordinary
        var notes: [String] = []
        if let estimate = await estimate(for: ticket) {
            notes.append(locale.text("ticket-paper.ahead", ["count": String(estimate.ahead)]))
        }
        if let code = ticket.dossier { notes.append(locale.text("ticket-paper.dossier", ["code": code])) }
        return TicketContent(
            hall: settings.hall.name.text(language), number: ticket.label,
            className: queueClass.isPriority ? queueClass.label.text(language) : "",
            procedure: procedureTitle(of: ticket, locale: locale), issuedAt: time(ticket.issuedAt), notes: notes,
            qr: qrText(of: ticket))
    }

    private func procedureTitle(of ticket: Ticket, locale: Localization) -> String {
        ticket.procedureTitle ?? locale.text("ticket-paper.ticket-only")
    }

    private func time(_ date: Date) -> String {
        let formatter = DateFormatter()
        formatter.locale = Foundation.Locale(identifier: "en_GB")
        formatter.timeZone = settings.timeZone
        formatter.dateFormat = "HH:mm dd/MM/yyyy"
        return formatter.string(from: date)
    }

    // MARK: - Queue and look-up

    public func confirm(_ ticket: UUID, _ proof: PaperProof) async throws {
        let proof: TicketProof =
            switch proof {
            case .printed: .printed
            case .transmitted: .transmitted
            case .shownOnScreen: .shownOnScreen
            }
        _ = try await queue.confirm(ticket: ticket, proof: proof)
    }

    public func void(_ ticket: UUID) async throws {
        _ = try await queue.void(ticket: ticket, reason: .applicantLeft)
    }

    /// Where a dossier submitted at this kiosk is, by its provisional code or the centre's.
    public func lookUp(_ code: String) async throws -> LookUpResult? {
        guard let record = try await dossiers?.find(code: code) else { return nil }
        if record.receipt != nil { return LookUpResult(code: record.code ?? code, state: .received) }
        let isParked = try await store.outbox(states: [.parked]).contains { $0.id == record.id }
        return LookUpResult(code: code, state: isParked ? .refused : .waitingToSend)
    }

    public func record(_ milestone: JourneyMilestone) async throws {
        try await store.write { try $0.append(EventName(rawValue: "visit.\(milestone.rawValue)")) }
    }
}
