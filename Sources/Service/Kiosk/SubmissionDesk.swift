import CentralProtocol
import Dossiers
import Foundation
import HallQueue
import Journey
import KioskConfiguration
import Logging
import Peripherals
import Store

/// Turns a submission into a ticket and a sealed dossier: both, with their events and the place in the outbox, in one
/// durable transaction. Nothing is printed before.
public struct SubmissionDesk: Sendable {
    /// The kiosk's name at the centre.
    private let kiosk: String
    private let settings: KioskSettings
    private let store: Store
    private let queue: HallQueue
    /// nil when no centre is configured: the kiosk then gives tickets only.
    private let dossiers: Dossiers?
    private let pages: any PageProcessing
    private let finishing: DocumentFinishing?
    private let tickets: TicketDesk
    private let logger: Logger

    /// - Parameter finishing: adds the text layers that a submission does not wait for; nil where there are no dossiers.
    public init(
        kiosk: String, settings: KioskSettings, store: Store, queue: HallQueue, dossiers: Dossiers?,
        pages: any PageProcessing, finishing: DocumentFinishing?, tickets: TicketDesk,
        logger: Logger = Logger(label: "submission")
    ) {
        self.kiosk = kiosk
        self.settings = settings
        self.store = store
        self.queue = queue
        self.dossiers = dossiers
        self.pages = pages
        self.finishing = finishing
        self.tickets = tickets
        self.logger = logger
    }

    /// Why nothing was recorded; `code` names the locale text `submit.error.<code>`.
    public enum Failure: String, Error, Sendable {
        case diskFull = "disk-full"
        case failed

        init(_ error: any Error) {
            switch error {
            case let error as StoreError where error.kind == .diskFull: self = .diskFull
            case DossierError.diskFull, ScanError.diskFull, PageError.diskFull: self = .diskFull
            default: self = .failed
            }
        }
    }

    /// Asking again with the same key gives the same ticket and dossier.
    /// - Parameter folder: for the PDFs, before they are sealed.
    public func submit(_ submission: Submission, folder: URL) async throws -> Submitted {
        let made = try await make(submission, folder: folder)
        var sealed: SealedDossier?
        if let made { sealed = try await dossiers?.seal(made.draft) }
        var isHeld = false
        if let made { isHeld = await keepForFinishing(made) }
        let request = TicketRequest(
            key: submission.key, queueClass: queueClass(of: submission).id, procedure: submission.procedure?.code,
            procedureTitle: submission.procedure?.version.title.text("vi"), dossier: sealed?.provisionalCode,
            language: submission.language)
        let ticket: Ticket
        do {
            ticket = try await store.write { [queue, dossiers, sealed, isHeld] transaction in
                let ticket = try queue.reserve(request, in: transaction)
                if let sealed { try dossiers?.record(sealed, ticket: ticket.id, held: isHeld, in: transaction) }
                try Self.record(.submitted, in: transaction)
                return ticket
            }
        } catch {
            if isHeld { finishing?.forget(submission.key) }
            if let sealed { try await dossiers?.discard(sealed) }
            throw error
        }
        if isHeld { finishing?.begin(submission.key) }
        return await tickets.submitted(ticket)
    }

    /// A dossier before it is sealed, and of what its documents are made.
    private struct Made {
        var draft: DossierDraft
        var documents: [String: PendingDossier.Document]
    }

    private func make(_ submission: Submission, folder: URL) async throws -> Made? {
        guard let procedure = submission.procedure, dossiers != nil else { return nil }
        let now = store.now()
        let code = ProvisionalCode.make(dossier: submission.key, businessDate: BusinessDate(now).description)
        let (files, documents) = try await DossierFiles(
            submission: submission, code: code, createdAt: now, folder: folder, processing: pages
        ).make()
        return Made(
            draft: DossierDraft(
                id: submission.key, provisionalCode: code, procedure: procedure.code,
                procedureVersion: procedure.version.effectiveFrom.description, agency: agency, kiosk: kiosk,
                createdAt: now, files: files),
            documents: documents)
    }

    /// Keeps what a dossier is made from until its text layers are done.
    /// - Returns: whether the dossier has to be held back for them. A text layer is worth no submission: where it can't be
    ///   kept, the dossier goes without.
    private func keepForFinishing(_ made: Made) async -> Bool {
        guard let finishing, !made.documents.values.allSatisfy(\.isComplete) else { return false }
        do {
            try await finishing.keep(made.draft, documents: made.documents)
            return true
        } catch {
            logger.warning("a dossier goes without text layers", metadata: ["error": "\(error)"])
            finishing.forget(made.draft.id)
            return false
        }
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

    // MARK: - Look-up

    /// Where a dossier submitted at this kiosk is, by its provisional code or the centre's.
    public func lookUp(_ code: String) async throws -> LookUpResult? {
        guard let record = try await dossiers?.find(code: code) else { return nil }
        if record.receipt != nil { return LookUpResult(code: record.code ?? code, state: .received) }
        let isParked = try await store.outbox(states: [.parked]).contains { $0.id == record.id }
        return LookUpResult(code: code, state: isParked ? .refused : .waitingToSend)
    }

    public func record(_ milestone: JourneyMilestone) async throws {
        try await store.write { try Self.record(milestone, in: $0) }
    }

    private static func record(_ milestone: JourneyMilestone, in transaction: Store.Transaction) throws {
        try transaction.append(EventName(rawValue: "visit.\(milestone.rawValue)"))
    }
}
