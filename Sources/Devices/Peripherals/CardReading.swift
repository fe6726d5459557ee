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
    /// Whether each group read has the hash that the security object (EF.SOD) lists for it. Says nothing yet about
    /// who signed the security object.
    public var hashesMatch: Bool
    /// What each step took, in order.
    public var steps: [Step]
    /// Commands sent to the chip and bytes moved both ways.
    public var commands: Int
    public var bytes: Int

    public struct Step: Sendable, Equatable {
        public var name: String
        public var duration: Duration
        public init(name: String, duration: Duration) {
            self.name = name
            self.duration = duration
        }
    }

    public init(
        citizen: Citizen, access: CardAccess, hashesMatch: Bool, steps: [Step], commands: Int, bytes: Int
    ) {
        self.citizen = citizen
        self.access = access
        self.hashesMatch = hashesMatch
        self.steps = steps
        self.commands = commands
        self.bytes = bytes
    }
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
    /// Reads the holder's data. `progress` gets a fraction from 0 to 1.
    func read(_ key: CardKey, progress: @escaping @Sendable (Double) -> Void) async throws(CardReadError)
        -> CardReadResult
}

/// The QR reader as the journey sees it.
public protocol BarcodeReading: Sendable {
    func condition() async -> BarcodeReaderCondition
    /// Each text that the reader decodes, joined, UTF-8, NFC.
    func scans() -> AsyncStream<String>
}
