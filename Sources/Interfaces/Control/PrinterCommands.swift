import Peripherals

/// How a paper ended, for a technician.
public struct PaperReply: Codable, Sendable, Equatable {
    /// `printed`, `transmitted` (this printer can't confirm), `refused` (no paper) or `failed` (paper possible).
    public var outcome: String
    /// The printer's condition, when it was refused or failed.
    public var condition: String?
    public var remedy: String?

    public init(_ outcome: PrintOutcome) {
        let (word, why): (String, PrinterCondition?) =
            switch outcome {
            case .printed: ("printed", nil)
            case .transmitted: ("transmitted", nil)
            case .refused(let condition): ("refused", condition)
            case .failed(let condition): ("failed", condition)
            }
        self.outcome = word
        condition = why?.code
        remedy = why?.remedy
    }

    public var isFault: Bool { condition != nil }
}

/// `kioskctl ticket test`: prints a ticket that says it is a test and takes no number.
public struct TicketTestCommand: ControlCommand {
    public static let name = "ticket-test"
    public typealias Reply = PaperReply
    public init() {}
}

/// `kioskctl ticket reprint`: a further paper of one of today's numbers.
public struct TicketReprintCommand: ControlCommand {
    public static let name = "ticket-reprint"
    /// As it stands on the ticket, for example `A005`.
    public var number: String
    public init(number: String) { self.number = number }

    public struct Reply: Codable, Sendable, Equatable {
        public var number: String
        /// The ticket's state of now.
        public var state: String
        /// Whether the paper says that it is a reprint: not when no paper can have come out before.
        public var isMarked: Bool
        public var paper: PaperReply
        public init(number: String, state: String, isMarked: Bool, paper: PaperReply) {
            self.number = number
            self.state = state
            self.isMarked = isMarked
            self.paper = paper
        }
    }
}

/// What the roll still holds, as an estimate.
public struct RollReply: Codable, Sendable, Equatable {
    public var rollMetres: Double
    /// Since the roll was changed.
    public var printedMetres: Double
    public var leftMetres: Double
    /// nil before the first ticket.
    public var leftTickets: Int?
    public var ticketMillimetres: Double?
    /// The printer's sensor says that the roll ends soon.
    public var isNearEnd: Bool
    /// ISO 8601; nil when nobody ever said so.
    public var changedAt: String?
    /// ISO 8601: since then the printer has paper again, and nobody said that the roll was changed.
    public var seemsChangedAt: String?

    public init(
        rollMetres: Double, printedMetres: Double, leftMetres: Double, leftTickets: Int?, ticketMillimetres: Double?,
        isNearEnd: Bool, changedAt: String?, seemsChangedAt: String?
    ) {
        self.rollMetres = rollMetres
        self.printedMetres = printedMetres
        self.leftMetres = leftMetres
        self.leftTickets = leftTickets
        self.ticketMillimetres = ticketMillimetres
        self.isNearEnd = isNearEnd
        self.changedAt = changedAt
        self.seemsChangedAt = seemsChangedAt
    }
}

/// `kioskctl printer status`
public struct PrinterStatusCommand: ControlCommand {
    public static let name = "printer-status"
    public init() {}

    public struct Reply: Codable, Sendable, Equatable {
        public var device: DeviceReport
        /// nil while no printer is there.
        public var summary: PrinterSummary?
        public var roll: RollReply
        /// Today's numbers that nobody knows to be on paper, and that are the staff's to settle.
        public var unproved: [Unproved]

        public struct Unproved: Codable, Sendable, Equatable {
            public var number: String
            /// `refused`, `failed`, `transmitted`, …
            public var paper: String
            public var condition: String?
            public init(number: String, paper: String, condition: String?) {
                self.number = number
                self.paper = paper
                self.condition = condition
            }
        }

        public init(device: DeviceReport, summary: PrinterSummary?, roll: RollReply, unproved: [Unproved]) {
            self.device = device
            self.summary = summary
            self.roll = roll
            self.unproved = unproved
        }
    }
}

/// `kioskctl printer trace`: what is said to and by the printer for a while.
public struct PrinterTraceCommand: ControlCommand {
    public static let name = "printer-trace"
    public static let secondsLimit = 300
    /// nil: ten seconds, or as long as the test ticket takes.
    public var seconds: Int?
    /// Prints a test ticket meanwhile.
    public var test: Bool

    public init(seconds: Int? = nil, test: Bool = false) {
        self.seconds = seconds
        self.test = test
    }

    public struct Reply: Codable, Sendable, Equatable {
        public static let lineLimit = 4000

        public struct Line: Codable, Sendable, Equatable {
            /// Since 1970 (UTC).
            public var atMs: Int64
            public var exchange: PrinterExchange
            public init(atMs: Int64, exchange: PrinterExchange) {
                self.atMs = atMs
                self.exchange = exchange
            }
        }

        /// The first `lineLimit`.
        public var lines: [Line]
        public var isCut: Bool
        /// How the test ticket ended.
        public var test: PaperReply?

        public init(lines: [Line], isCut: Bool, test: PaperReply?) {
            self.lines = lines
            self.isCut = isCut
            self.test = test
        }
    }
}

/// `kioskctl paper reset`: a new roll is in the printer.
public struct PaperResetCommand: ControlCommand {
    public static let name = "paper-reset"
    public typealias Reply = RollReply
    public static let metresRange = 1.0...1000.0
    /// The new roll's length; nil for the configured one.
    public var metres: Double?
    public init(metres: Double? = nil) { self.metres = metres }
}
