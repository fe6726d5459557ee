import Foundation
import GRDB
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

    public init(
        key: UUID, queueClass: String, procedure: String? = nil, procedureTitle: String? = nil, dossier: String? = nil
    ) {
        self.key = key
        self.queueClass = queueClass
        self.procedure = procedure
        self.procedureTitle = procedureTitle
        self.dossier = dossier
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
    case damagedRow

    public var description: String {
        switch self {
        case .unknownClass(let id): "queue class “\(id)” is not configured: add it to queue.classes"
        case .unknownTicket(let id): "no ticket \(id) in this hall"
        case .wrongState(let ticket, let state): "ticket \(ticket) is \(state.rawValue): look at the queue again"
        case .seriesExhausted(let series): "series \(series) has no numbers left today: configure a further class"
        case .damagedRow: "a ticket's row can't be read: the database was changed by another program"
        }
    }
}

extension Ticket {
    init(_ row: Row) throws {
        guard let id = UUID(uuidString: row["id"]), let state = State(rawValue: row["state"]) else {
            throw QueueError.damagedRow
        }
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
    }
}
