/// What stands on a ticket, already in the applicant's language.
public struct TicketContent: Sendable, Equatable, Codable {
    /// The hall's name, at the top.
    public var hall: String
    /// For example `A005`.
    public var number: String
    /// The queue class in words, for example "Ưu tiên"; empty for the ordinary class.
    public var className: String
    public var procedure: String
    /// Date and time of issue as text.
    public var issuedAt: String
    /// Short lines below, for example how many wait ahead.
    public var notes: [String]
    /// What the QR code holds.
    public var qr: String
    /// Printed on a second copy so that nobody takes it for the first, for example "IN LẠI"; nil on the first.
    public var reprintMark: String?

    public init(
        hall: String, number: String, className: String, procedure: String, issuedAt: String, notes: [String] = [],
        qr: String, reprintMark: String? = nil
    ) {
        self.hall = hall
        self.number = number
        self.className = className
        self.procedure = procedure
        self.issuedAt = issuedAt
        self.notes = notes
        self.qr = qr
        self.reprintMark = reprintMark
    }
}

/// What is known about the paper after a print job ended.
public enum PrintOutcome: Sendable, Equatable {
    /// The printer confirmed, after the last byte of the ticket, that it had printed everything before.
    case printed
    /// All bytes were handed over; this printer has no way to confirm.
    case transmitted
    /// Nothing, or only a part, is on paper, or nobody can know. The condition says why.
    case failed(PrinterCondition)
}

/// The ticket printer as the queue sees it.
public protocol TicketPrinting: Sendable {
    func condition() async -> PrinterCondition
    /// The condition now, then each change.
    func conditions() -> AsyncStream<PrinterCondition>
    /// Prints one ticket. One job runs at a time; a second call waits for the first. Never retries by itself.
    func print(_ ticket: TicketContent) async -> PrintOutcome
}
