import Forms
import Foundation
import Peripherals
import Procedures

/// Everything one applicant said and gave. Lives in memory and is replaced by an empty one when the visit ends.
struct Visit: Sendable {
    /// BCP 47.
    var language: String
    var need: Need?
    var card: CardReadResult?
    /// Nothing more comes from the card: it may be taken away.
    var isCardFinished = false
    /// The text of the card's QR code: opens the chip once more when the card was moved.
    var qrText: String?
    /// Ids of the priority classes that the applicant claims.
    var priorityClasses: Set<String> = []
    var form: FormSession?
    /// By component id, in the order of the document.
    var pages: [String: [VisitPage]] = [:]
    /// How often something was scanned.
    var batches = 0
    /// By component id: how many blank pages its last scan lost.
    var blanksDropped: [String: Int] = [:]
    /// Ids of pages whose question was put off: it is asked again when the applicant goes on.
    var putOff: Set<String> = []
    /// The applicant hands the papers in at the counter because they could not be scanned.
    var papersAtCounter = false
    /// One for the whole visit: submitting again after a failure gives the same ticket, never a second one.
    var submissionKey: UUID?
    var submitted: Submitted?
    /// nil where no office printer is configured.
    var paperwork: Paperwork?
    /// Some of the ticket's paper may have come out: a further one says that it is a reprint.
    var mayBeOnPaper = false
    /// A second paper was asked for, or was offered before the visit: it is not offered again.
    var hadOffer = false

    init(language: String) { self.language = language }

    /// What is lost if the applicant leaves now.
    var hasSomethingToLose: Bool { card != nil || form != nil || !pages.isEmpty }
}

/// What somebody came for.
enum Need: Sendable, Equatable {
    case procedure(ChosenProcedure)
    case ticketOnly
    case lookUp
}

/// A procedure with the version that is in force while the applicant is here.
public struct ChosenProcedure: Sendable, Equatable {
    public var code: String
    public var version: ProcedureVersion
}

/// What is handed over when the applicant submits: everything the ticket and the dossier need.
public struct Submission: Sendable {
    /// Asking again with the same key gives the same ticket and the same dossier.
    public var key: UUID
    public var language: String
    /// nil for a ticket only.
    public var procedure: ChosenProcedure?
    public var citizen: Citizen?
    public var access: CardAccess?
    public var verdicts: CardVerdicts?
    /// The card proved less than the policy wants for a submission: the staff looks at it.
    public var isCardToBeShown: Bool
    public var priorityClasses: Set<String>
    public var form: FormSession?
    /// By component id, in the order of the document. What is not prepared or not read yet is handed over as it is.
    public var pages: [String: [VisitPage]]
    public var papersAtCounter: Bool
}

/// What the store answered: committed, before any paper moves.
public struct Submitted: Sendable, Equatable {
    public var ticket: UUID
    /// For example `A005`.
    public var number: String
    public var isPriority: Bool
    /// In the applicant's language.
    public var className: String
    /// How many wait ahead.
    public var ahead: Int
    /// The waiting time in minutes, when there is enough data to say one.
    public var waitMinutes: ClosedRange<Int>?
    /// The provisional dossier code; nil for a ticket only.
    public var dossierCode: String?
    /// The ticket's QR code as rows of `0` and `1`.
    public var qr: [String]

    public init(
        ticket: UUID, number: String, isPriority: Bool, className: String, ahead: Int, waitMinutes: ClosedRange<Int>?,
        dossierCode: String?, qr: [String]
    ) {
        self.ticket = ticket
        self.number = number
        self.isPriority = isPriority
        self.className = className
        self.ahead = ahead
        self.waitMinutes = waitMinutes
        self.dossierCode = dossierCode
        self.qr = qr
    }
}

/// A ticket of before a restart that nobody knows to be on paper, and whose owner may still stand here.
public struct RecoveredTicket: Sendable, Equatable {
    /// Shows the number and the class only: anybody may stand here now.
    public var submitted: Submitted
    public var language: String
    public var mayBeOnPaper: Bool
    /// A second paper was offered before the restart.
    public var hadOffer: Bool

    public init(submitted: Submitted, language: String, mayBeOnPaper: Bool, hadOffer: Bool) {
        self.submitted = submitted
        self.language = language
        self.mayBeOnPaper = mayBeOnPaper
        self.hadOffer = hadOffer
    }
}
