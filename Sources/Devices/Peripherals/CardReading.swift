/// Whether a card lies on the reader.
public enum CardPresence: String, Sendable, Codable {
    case noReader = "no-reader"
    case absent
    case present
}

/// What opens the chip.
public enum CardKey: Sendable, Equatable {
    /// The text of the QR code printed on the card: PACE with the CAN derived from it, then BAC.
    case qr(String)
    /// The six-digit card access number.
    case can(String)
    /// The three lines of the machine-readable zone, 30 characters each.
    case mrz([String])
}

/// How the chip was opened.
public enum CardAccess: String, Sendable, Codable {
    case paceCAN = "PACE-CAN"
    case paceMRZ = "PACE-MRZ"
    case bac = "BAC"
}

/// What a reading of the chip gave, and how it went.
public struct CardReadResult: Sendable, Equatable {
    public var citizen: Citizen
    public var access: CardAccess
    public var verdicts: CardVerdicts
    /// nil when the card has none, or it was not read yet.
    public var photograph: CardPhotograph?
    /// The data groups as the chip has them, by number: what is not understood here is kept for whoever does.
    public var groups: [Int: [UInt8]]
    /// What each step took, in order.
    public var steps: [Step]
    /// Commands sent to the chip and bytes moved both ways.
    public var commands: Int
    public var bytes: Int

    public struct Step: Sendable, Equatable {
        public var name: String
        public var duration: Duration
        /// Commands sent to the chip in this step, and bytes moved both ways.
        public var commands: Int
        public var bytes: Int

        public init(name: String, duration: Duration, commands: Int = 0, bytes: Int = 0) {
            self.name = name
            self.duration = duration
            self.commands = commands
            self.bytes = bytes
        }
    }

    public init(
        citizen: Citizen, access: CardAccess, verdicts: CardVerdicts, photograph: CardPhotograph? = nil,
        groups: [Int: [UInt8]] = [:], steps: [Step], commands: Int, bytes: Int
    ) {
        self.citizen = citizen
        self.access = access
        self.verdicts = verdicts
        self.photograph = photograph
        self.groups = groups
        self.steps = steps
        self.commands = commands
        self.bytes = bytes
    }
}

/// The holder's face (data group 2), ready for a screen. Lives in memory for one visit only.
public struct CardPhotograph: Sendable, Equatable {
    /// Pixels.
    public var width: Int
    public var height: Int
    public var jpeg: [UInt8]

    public init(width: Int, height: Int, jpeg: [UInt8]) {
        self.width = width
        self.height = height
        self.jpeg = jpeg
    }
}

/// How a reading goes. `holder` comes at most once, and never after `failed`; `finished` or `failed` is the last.
public enum CardReadEvent: Sendable {
    /// From 0 to 1, until `holder`.
    case progress(Double)
    /// Who the holder is, and what was asked to be proved about the card: the applicant goes on.
    case holder(CardReadResult)
    /// With all that the rest of the card gave. A card that left meanwhile gives less and says so in the verdicts.
    case finished(CardReadResult)
    case failed(CardReadError)
}

/// Why a card could not be read. What the applicant sees is the locale text `card.error.<code>`.
public enum CardReadError: Error, Sendable, Equatable {
    case noReader
    case noCard
    /// The text is not the QR code of an identity card.
    case notAnIdentityCardQR
    /// The text is the QR code of a health-insurance card (BHYT).
    case healthInsuranceQR
    /// The chip refused the key: a mistyped CAN, or the QR code of another card.
    case wrongKey
    /// The chip opened, but its number is not the one of the QR code.
    case otherCard
    /// The kiosk's policy wants something proved that this card did not prove.
    case unproved([CardVerdicts.Kind])
    /// The card left the reader before everything was read.
    case removed
    /// The chip answered something that no identity card answers. The text names the step, never the data.
    case unreadable(String)
    /// The reader failed; the text is for the technician.
    case readerFault(String)
    case cancelled

    /// Stable name, used in logs, JSON and locales.
    public var code: String {
        switch self {
        case .noReader: "no-reader"
        case .noCard: "no-card"
        case .notAnIdentityCardQR: "not-an-identity-card"
        case .healthInsuranceQR: "health-insurance-card"
        case .wrongKey: "wrong-key"
        case .otherCard: "other-card"
        case .unproved: "unproved"
        case .removed: "removed"
        case .unreadable: "unreadable"
        case .readerFault: "reader-fault"
        case .cancelled: "cancelled"
        }
    }
}

/// The card reader as the journey sees it.
public protocol CardReading: Sendable {
    func condition() async -> CardReaderCondition
    /// The presence now, then each change. Never ends by itself; a reader that vanishes yields `.noReader`.
    func presence() -> AsyncStream<CardPresence>
    /// Reads the card. Whoever stops listening stops the reading.
    ///
    /// - Parameter needs: verdicts that must be reached before `holder`; the others come with `finished`.
    func read(_ key: CardKey, needs: Set<CardVerdicts.Kind>) -> AsyncStream<CardReadEvent>
    /// Reads the card and records every command, for a technician.
    ///
    /// - Parameter masked: without personal data.
    /// - Throws: when no reading could begin; a reading that fails is in the record.
    func trace(_ key: CardKey, masked: Bool, kioskVersion: String) async throws(CardReadError) -> CardTraceReport
}

/// A recorded reading.
public struct CardTraceReport: Sendable, Equatable {
    /// What `kioskctl card replay` takes.
    public var text: String
    /// One line about how the reading ended.
    public var summary: String
    /// Whether the card was read.
    public var isRead: Bool
    /// Whether a replay ends as the reading did.
    public var replays: Bool

    public init(text: String, summary: String, isRead: Bool, replays: Bool) {
        self.text = text
        self.summary = summary
        self.isRead = isRead
        self.replays = replays
    }
}

extension CardReading {
    public func trace(
        _ key: CardKey, masked: Bool, kioskVersion: String
    ) async throws(CardReadError) -> CardTraceReport {
        throw .readerFault("this way to a card records nothing")
    }

    /// The whole reading: everything that the card gives.
    public func readWhole(_ key: CardKey) async throws(CardReadError) -> CardReadResult {
        for await event in read(key, needs: []) {
            switch event {
            case .progress, .holder: break
            case .finished(let result): return result
            case .failed(let error): throw error
            }
        }
        throw .cancelled
    }
}

/// The QR reader as the journey sees it.
public protocol BarcodeReading: Sendable {
    func condition() async -> BarcodeReaderCondition
    /// Each text that the reader decodes, joined, UTF-8, NFC.
    func scans() -> AsyncStream<String>
}
