import Peripherals

/// One question to the daemon: a line `{"command": name, "arguments": {…}}` on its Unix socket, answered by one line
/// `{"result": …}` or `{"fault": {…}}`.
public protocol ControlCommand: Codable, Sendable {
    associatedtype Reply: Codable & Sendable
    static var name: String { get }
}

/// `kioskctl status`
public struct StatusCommand: ControlCommand {
    public static let name = "status"
    public init() {}

    public struct Reply: Codable, Sendable, Equatable {
        public var version: String
        public var kiosk: String
        public var hall: String
        public var uptimeSeconds: Int
        /// Which screen stands on the touchscreen, for example `welcome`; never what a person typed.
        public var screen: String
        public var ready: Bool
        public var devices: [DeviceReport]
        public var waitingTickets: Int
        public var outbox: Int
        public var centre: String
        /// Durable commits since the daemon started.
        public var commits: Int

        public init(
            version: String, kiosk: String, hall: String, uptimeSeconds: Int, screen: String, ready: Bool,
            devices: [DeviceReport], waitingTickets: Int, outbox: Int, centre: String, commits: Int
        ) {
            self.version = version
            self.kiosk = kiosk
            self.hall = hall
            self.uptimeSeconds = uptimeSeconds
            self.screen = screen
            self.ready = ready
            self.devices = devices
            self.waitingTickets = waitingTickets
            self.outbox = outbox
            self.centre = centre
            self.commits = commits
        }
    }
}

/// `kioskctl devices`
public struct DevicesCommand: ControlCommand {
    public static let name = "devices"
    public init() {}

    public struct Reply: Codable, Sendable, Equatable {
        public var devices: [DeviceReport]
        public init(devices: [DeviceReport]) { self.devices = devices }
    }
}

/// `kioskctl card read`: reads the card on the reader. With no key the text of the next QR scan is waited for.
public struct CardReadCommand: ControlCommand {
    public static let name = "card-read"
    public var qr: String?
    public var can: String?
    public var mrz: [String]?

    public init(qr: String? = nil, can: String? = nil, mrz: [String]? = nil) {
        self.qr = qr
        self.can = can
        self.mrz = mrz
    }

    public struct Reply: Codable, Sendable, Equatable {
        public var holder: Citizen
        public var access: String
        public var verdicts: CardVerdicts
        /// nil when the card has none, or none that can be shown.
        public var photograph: Photograph?
        /// Numbers of the data groups read.
        public var groups: [Int]
        public var steps: [Step]
        public var commands: Int
        public var bytes: Int

        public struct Step: Codable, Sendable, Equatable {
            public var name: String
            public var milliseconds: Double
            public var commands: Int
            public var bytes: Int

            init(_ step: CardReadResult.Step) {
                name = step.name
                milliseconds = (step.duration / .microseconds(1)).rounded() / 1000
                commands = step.commands
                bytes = step.bytes
            }
        }

        public struct Photograph: Codable, Sendable, Equatable {
            /// Pixels.
            public var width: Int
            public var height: Int
            /// Length of its JPEG file.
            public var bytes: Int
        }

        public init(_ result: CardReadResult) {
            holder = result.citizen
            access = result.access.rawValue
            verdicts = result.verdicts
            photograph = result.photograph.map { Photograph(width: $0.width, height: $0.height, bytes: $0.jpeg.count) }
            groups = result.groups.keys.sorted()
            steps = result.steps.map(Step.init)
            commands = result.commands
            bytes = result.bytes
        }
    }
}

/// `kioskctl card trace`: reads the card as `card read` does, and records every command.
public struct CardTraceCommand: ControlCommand {
    public static let name = "card-trace"
    public var key: CardReadCommand
    /// With personal data.
    public var unmasked: Bool

    public init(key: CardReadCommand = CardReadCommand(), unmasked: Bool = false) {
        self.key = key
        self.unmasked = unmasked
    }

    public struct Reply: Codable, Sendable, Equatable {
        /// The trace, for `kioskctl card replay`.
        public var text: String
        public var summary: String
        /// Whether the card was read.
        public var isRead: Bool
        /// Whether a replay ends as the reading did.
        public var replays: Bool

        /// Longer texts do not fit in an answer.
        public static let limit = ControlWire.lineLimit * 3 / 4

        public init(_ report: CardTraceReport) {
            text = report.text
            summary = report.summary
            isRead = report.isRead
            replays = report.replays
        }
    }
}

/// `kioskctl queue list`
public struct QueueListCommand: ControlCommand {
    public static let name = "queue-list"
    public init() {}

    public struct Reply: Codable, Sendable, Equatable {
        public var tickets: [Ticket]
        public struct Ticket: Codable, Sendable, Equatable {
            public var number: String
            public var queueClass: String
            public var state: String
            public var procedure: String?
            /// ISO 8601.
            public var issuedAt: String
            /// How it is known that the applicant holds the number; nil: the ticket is not called.
            public var proof: String?
            public init(
                number: String, queueClass: String, state: String, procedure: String?, issuedAt: String,
                proof: String? = nil
            ) {
                self.number = number
                self.queueClass = queueClass
                self.state = state
                self.procedure = procedure
                self.issuedAt = issuedAt
                self.proof = proof
            }
        }
        public init(tickets: [Ticket]) { self.tickets = tickets }
    }
}

/// `kioskctl queue confirm` and `kioskctl queue void`: settles a ticket of today that nobody knows to be on paper.
public struct QueueSettleCommand: ControlCommand {
    public static let name = "queue-settle"

    public enum Decision: String, Codable, Sendable {
        /// The applicant holds the number: it is called.
        case confirm
        /// Nobody holds it: it is never called.
        case void
    }

    /// As it stands on the ticket, for example `A005`.
    public var number: String
    public var decision: Decision

    public init(number: String, decision: Decision) {
        self.number = number
        self.decision = decision
    }

    public struct Reply: Codable, Sendable, Equatable {
        public var number: String
        /// The state of now.
        public var state: String
        public init(number: String, state: String) {
            self.number = number
            self.state = state
        }
    }
}

/// `kioskctl outbox retry`: sends parked dossiers again.
public struct OutboxRetryCommand: ControlCommand {
    public static let name = "outbox-retry"
    /// A dossier's code; nil for everything that is parked.
    public var dossier: String?

    public init(dossier: String? = nil) { self.dossier = dossier }

    public struct Reply: Codable, Sendable, Equatable {
        /// The codes of the dossiers that were tried again.
        public var retried: [String]
        public init(retried: [String]) { self.retried = retried }
    }
}

/// `kioskctl outbox list`
public struct OutboxListCommand: ControlCommand {
    public static let name = "outbox-list"
    public init() {}

    public struct Reply: Codable, Sendable, Equatable {
        public var centre: String
        public var items: [Item]
        public struct Item: Codable, Sendable, Equatable {
            public var dossier: String
            public var state: String
            public var attempts: Int
            public var bytes: Int
            public var reason: String?
            public init(dossier: String, state: String, attempts: Int, bytes: Int, reason: String?) {
                self.dossier = dossier
                self.state = state
                self.attempts = attempts
                self.bytes = bytes
                self.reason = reason
            }
        }
        public init(centre: String, items: [Item]) {
            self.centre = centre
            self.items = items
        }
    }
}

/// `kioskctl doctor`
public struct DoctorCommand: ControlCommand {
    public static let name = "doctor"
    public init() {}

    public struct Reply: Codable, Sendable, Equatable {
        public var checks: [DoctorCheck]
        public var healthy: Bool
        public init(checks: [DoctorCheck]) {
            self.checks = checks
            healthy = checks.allSatisfy(\.ok)
        }
    }
}

/// One thing that the doctor looked at.
public struct DoctorCheck: Codable, Sendable, Equatable {
    public var name: String
    public var ok: Bool
    /// What was found.
    public var detail: String
    /// What to do; empty when all is well.
    public var remedy: String

    public init(name: String, ok: Bool, detail: String, remedy: String = "") {
        self.name = name
        self.ok = ok
        self.detail = detail
        self.remedy = remedy
    }
}

/// Why the daemon did not do what was asked.
public struct ControlFault: Error, Codable, Sendable, Equatable, CustomStringConvertible {
    /// Stable name, for example `no-card`.
    public var code: String
    public var message: String
    public var remedy: String

    public var description: String { "\(message) \(remedy)" }

    public init(code: String, message: String, remedy: String) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }
}
