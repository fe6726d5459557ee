import Foundation

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
    /// Nothing was handed to the printer: there is no paper, and none will come.
    case refused(PrinterCondition)
    /// A part, or all of it, may be on paper, or may come out when the printer is well again. The condition says why.
    case failed(PrinterCondition)
}

/// Where a print job goes next. It is written down before the job goes there.
public enum PrintStep: Sendable, Equatable {
    /// The first byte follows: from now on there may be paper. `millimetres` is what the ticket takes, with feed and cut.
    case sending(millimetres: Double)
    /// The last byte was handed over.
    case awaitingProof
}

/// Keeps a print job's step over a power cut; returns when it is on the disk. A job whose `sending` can't be kept is refused.
public typealias PrintJournal = @Sendable (PrintStep) async throws -> Void

/// What is known of the printer that is plugged in.
public struct PrinterSummary: Sendable, Equatable, Codable {
    /// How this printer says that everything before is on paper.
    public enum Proof: String, Sendable, Codable {
        /// It echoes `GS ( H`.
        case fence
        /// It answers `GS r 1` when it has worked off all before it.
        case status
        /// It goes idle in its automatic status when all is printed.
        case idle
        /// It can't: tickets are transmitted, never printed.
        case none
        /// It was not asked yet.
        case unknown
    }

    public var product: String?
    public var proof: Proof
    /// Dots in a row, and dots per inch.
    public var dots: Int
    public var dotsPerInch: Int
    /// Whether it tells that the roll ends soon; nil when nobody knows.
    public var hasNearEndSensor: Bool?

    public init(product: String?, proof: Proof, dots: Int, dotsPerInch: Int, hasNearEndSensor: Bool? = nil) {
        self.product = product
        self.proof = proof
        self.dots = dots
        self.dotsPerInch = dotsPerInch
        self.hasNearEndSensor = hasNearEndSensor
    }
}

/// Something that went to or came from the printer, in words; pictures are told by their size.
public struct PrinterExchange: Sendable, Equatable, Codable {
    public var isFromPrinter: Bool
    /// For example `GS ( H 48 (fence 4142434A)` or `ASB 14 00 00 0F: ready`.
    public var text: String
    public var bytes: Int

    public init(isFromPrinter: Bool, text: String, bytes: Int) {
        self.isFromPrinter = isFromPrinter
        self.text = text
        self.bytes = bytes
    }
}

/// The ticket printer as the queue sees it.
public protocol TicketPrinting: Sendable {
    func condition() async -> PrinterCondition
    /// The condition now, then each change.
    func conditions() -> AsyncStream<PrinterCondition>
    /// Prints one ticket. One job runs at a time; a second call waits for the first. Never retries by itself.
    /// - Parameter job: the job's name in `lateProofs`.
    func print(_ ticket: TicketContent, job: UUID, journal: @escaping PrintJournal) async -> PrintOutcome
    /// Failed jobs of this process that a printer confirmed after all, when it was well again and printed their rest.
    func lateProofs() -> AsyncStream<UUID>
    /// nil while no printer is there.
    func summary() async -> PrinterSummary?
    /// Everything that is said to and by the printer from now on, for a technician.
    func exchanges() -> AsyncStream<PrinterExchange>
}

extension TicketPrinting {
    /// Prints a paper that takes no number: nothing is lost with it.
    public func print(_ ticket: TicketContent) async -> PrintOutcome {
        await print(ticket, job: UUID()) { _ in }
    }
}
