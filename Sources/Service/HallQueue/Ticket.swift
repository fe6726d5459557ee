import Foundation
import GRDB
import Peripherals
import Store

/// What a ticket is asked for with.
public struct TicketRequest: Sendable, Equatable {
    /// The visit's own key: asking again with the same key gives the same ticket.
    public var key: UUID
    /// A class's id.
    public var queueClass: String
    /// The procedure's code; nil for a ticket without a procedure.
    public var procedure: String?
    /// The procedure's title in Vietnamese, for the counter.
    public var procedureTitle: String?
    /// The dossier's provisional code.
    public var dossier: String?
    /// BCP 47: what the applicant reads; every paper of the ticket is in it.
    public var language: String

    public init(
        key: UUID, queueClass: String, procedure: String? = nil, procedureTitle: String? = nil, dossier: String? = nil,
        language: String = "vi"
    ) {
        self.key = key
        self.queueClass = queueClass
        self.procedure = procedure
        self.procedureTitle = procedureTitle
        self.dossier = dossier
        self.language = language
    }
}

/// How it is known that the applicant holds the number.
public enum TicketProof: String, Sendable, Codable, CaseIterable {
    /// The printer confirmed that everything is on paper.
    case printed
    /// All bytes were handed to a printer that can't confirm.
    case transmitted
    /// The applicant confirmed the number on the screen.
    case shownOnScreen
}

/// A place in the queue.
public struct Ticket: Sendable, Equatable, Codable, Identifiable {
    public enum State: String, Sendable, Codable {
        /// Has a number, but nobody knows whether the applicant holds it: never called.
        case reserved
        case waiting
        case called
        case finished
        case noShow
        case void
    }

    public let id: UUID
    public let hall: String
    /// `yyyy-MM-dd`.
    public let businessDate: String
    public let series: String
    public let number: Int
    public let queueClass: String
    public let procedure: String?
    public let procedureTitle: String?
    public let dossier: String?
    public let state: State
    public let proof: TicketProof?
    public let issuedAt: Date
    /// The counter's number.
    public let counter: Int?
    public let calledAt: Date?
    public let endedAt: Date?
    public let voidReason: VoidReason?
    /// What is known of its papers.
    public let paper: TicketPaper
    /// BCP 47.
    public let language: String
    /// Since then nobody stands at the screen for it any more: a ticket still reserved is the staff's to settle.
    public let leftAt: Date?
    /// A paper came out after the number was void.
    public let strayPaperAt: Date?

    /// As it stands on paper: `A005`.
    public var label: String { Self.label(series, number) }

    static func label(_ series: String, _ number: Int) -> String {
        series + String(repeating: "0", count: max(0, 3 - "\(number)".count)) + "\(number)"
    }
}

/// Why a ticket counts no more.
public enum VoidReason: String, Sendable, Codable, CaseIterable {
    /// The applicant said no to the number on the screen, or left.
    case applicantLeft
    case notPrinted
    /// Staff took it out.
    case staff
    /// The day ended before it was called.
    case dayEnded
}

/// What the queue can't do, and what to do instead.
public enum QueueError: Error, Sendable, Equatable, CustomStringConvertible {
    case unknownClass(String)
    case unknownTicket(UUID)
    /// The ticket's state doesn't allow this.
    case wrongState(ticket: UUID, state: Ticket.State)
    /// A thousand numbers a series and day are more than a ticket can show.
    case seriesExhausted(series: String)
    /// A paper of this ticket is under way.
    case paperUnderWay(ticket: UUID)
    /// A second paper was offered before, or there is proof of one.
    case notOfferedAgain(ticket: UUID)
    case damagedRow

    public var description: String {
        switch self {
        case .unknownClass(let id): "queue class “\(id)” is not configured: add it to queue.classes"
        case .unknownTicket(let id): "no ticket \(id) in this hall"
        case .wrongState(let ticket, let state): "ticket \(ticket) is \(state.rawValue): look at the queue again"
        case .seriesExhausted(let series): "series \(series) has no numbers left today: configure a further class"
        case .paperUnderWay(let ticket): "a paper of ticket \(ticket) is being printed: wait until it ends"
        case .notOfferedAgain(let ticket): "ticket \(ticket) was offered a second paper before: the staff settles it"
        case .damagedRow: "a ticket's row can't be read: the database was changed by another program"
        }
    }
}

extension Ticket {
    init(_ row: Row) throws {
        guard let id = UUID(uuidString: row["id"]), let state = State(rawValue: row["state"]),
            let paper = TicketPaper(row)
        else { throw QueueError.damagedRow }
        self.id = id
        self.state = state
        hall = row["hall"]
        businessDate = row["business_date"]
        series = row["series"]
        number = row["number"]
        queueClass = row["class"]
        procedure = row["procedure"]
        procedureTitle = row["procedure_title"]
        dossier = row["dossier"]
        proof = (row["proof"] as String?).flatMap(TicketProof.init(rawValue:))
        issuedAt = Date(milliseconds: row["issued_at_ms"])
        counter = row["counter"]
        calledAt = (row["called_at_ms"] as Int64?).map(Date.init(milliseconds:))
        endedAt = (row["ended_at_ms"] as Int64?).map(Date.init(milliseconds:))
        voidReason = (row["void_reason"] as String?).flatMap(VoidReason.init(rawValue:))
        self.paper = paper
        language = row["language"]
        leftAt = (row["left_at_ms"] as Int64?).map(Date.init(milliseconds:))
        strayPaperAt = (row["stray_paper_at_ms"] as Int64?).map(Date.init(milliseconds:))
    }
}

extension TicketPaper {
    /// nil when the row holds no such state.
    fileprivate init?(_ row: Row) {
        guard let state = State(rawValue: row["paper_state"]) else { return nil }
        self.init(
            copy: row["paper_copy"], state: state,
            condition: (row["paper_condition"] as String?).flatMap(PrinterCondition.init(rawValue:)),
            mayBeOnPaper: row["paper_possible"], wasOffered: row["paper_offered"], isProved: row["paper_proved"])
    }
}
