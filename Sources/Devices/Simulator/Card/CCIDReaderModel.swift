/// What one make of card reader says of itself in its descriptors, and what it really does.
///
/// The numbers of the real makes are those of the descriptors that the CCID driver project collects from users
/// (github.com/LudovicRousseau/CCID, `readers/`).
public struct CCIDReaderModel: Sendable, Equatable {
    public enum Slot: Sendable, Equatable {
        /// Where the identity card is laid.
        case contactless
        /// For chip cards that are pushed in; always empty here.
        case contact
        /// Holds a security module that is never taken out.
        case sam
    }

    /// The level bits of dwFeatures (USB CCID 1.1, 5.1).
    public enum Level: UInt32, Sendable {
        case character = 0
        case tpdu = 0x0001_0000
        case shortAPDU = 0x0002_0000
        case extendedAPDU = 0x0004_0000
    }

    public struct Interface: Sendable, Equatable {
        public var slots: [Slot]
        /// What dwFeatures says.
        public var level: Level
        /// dwFeatures without the level.
        public var features: UInt32
        /// dwMaxCCIDMessageLength, in bytes.
        public var maximumMessageLength: Int
        public var hasInterrupt: Bool
        /// The class descriptor stands after the last endpoint instead of before the first.
        public var hasDescriptorLast: Bool
        /// Whether the contactless slot splits and joins long APDUs, whatever dwFeatures says.
        public var chains: Bool

        public init(
            _ slots: [Slot], level: Level = .extendedAPDU, features: UInt32 = 0x04BA, maximumMessageLength: Int = 522,
            hasInterrupt: Bool = true, hasDescriptorLast: Bool = false, chains: Bool? = nil
        ) {
            self.slots = slots
            self.level = level
            self.features = features
            self.maximumMessageLength = maximumMessageLength
            self.hasInterrupt = hasInterrupt
            self.hasDescriptorLast = hasDescriptorLast
            self.chains = chains ?? (level == .extendedAPDU)
        }
    }

    /// How it is chosen: `kiosk-sim serve --reader-model NAME`.
    public var name: String
    public var vendor: UInt16
    public var product: UInt16
    public var manufacturerName: String
    public var productName: String
    public var serial: String
    public var interfaces: [Interface]
    /// What the first answer after plugging in takes.
    public var firstAnswer: Duration

    public init(
        name: String, vendor: UInt16, product: UInt16, manufacturerName: String = "kiosk-sim", productName: String,
        serial: String = "SIM-CCID-0001", interfaces: [Interface], firstAnswer: Duration = .zero
    ) {
        self.name = name
        self.vendor = vendor
        self.product = product
        self.manufacturerName = manufacturerName
        self.productName = productName
        self.serial = serial
        self.interfaces = interfaces
        self.firstAnswer = firstAnswer
    }

    /// Interface and slot where the identity card is laid.
    public var cardPlace: (interface: Int, slot: Int) {
        for (number, interface) in interfaces.enumerated() {
            if let slot = interface.slots.firstIndex(of: .contactless) { return (number, slot) }
        }
        return (0, 0)
    }
}

extension CCIDReaderModel {
    /// A reader like the ACR1252U's first interface, without its security module.
    public static let standard = CCIDReaderModel(
        name: "standard", vendor: 0x072F, product: 0x223B, productName: "Simulated contactless reader",
        interfaces: [.init([.contactless])])

    /// ACS ACR1252U: the second interface is a slot for a security module.
    public static let acr1252u = CCIDReaderModel(
        name: "acr1252u", vendor: 0x072F, product: 0x223B, productName: "ACR1252 Dual Reader (simulated)",
        interfaces: [
            .init([.contactless], features: 0x0040),
            .init([.sam], level: .shortAPDU, maximumMessageLength: 288),
        ])

    /// ACS ACR1281U: three slots behind one descriptor, which is true for one of them.
    public static let acr1281u = CCIDReaderModel(
        name: "acr1281u", vendor: 0x072F, product: 0x2224, productName: "ACR1281U (simulated)",
        interfaces: [.init([.contact, .contactless, .sam])])

    /// ACS ACR1552U: the module's interface has no interrupt endpoint.
    public static let acr1552u = CCIDReaderModel(
        name: "acr1552u", vendor: 0x072F, product: 0x2303, productName: "ACR1552 (simulated)",
        interfaces: [
            .init([.contactless], maximumMessageLength: 516),
            .init([.sam], maximumMessageLength: 516, hasInterrupt: false),
        ])

    /// HID OMNIKEY 5422: contactless and contact interface describe themselves alike.
    public static let omnikey5422 = CCIDReaderModel(
        name: "omnikey5422", vendor: 0x076B, product: 0x5422, productName: "OMNIKEY 5422 (simulated)",
        interfaces: [
            .init([.contactless], maximumMessageLength: 520),
            .init([.contact], features: 0x07B8, maximumMessageLength: 520),
        ])

    /// Identiv uTrust 3700 F: slow to answer for the first time.
    public static let utrust3700f = CCIDReaderModel(
        name: "utrust3700f", vendor: 0x04E6, product: 0x5790, productName: "uTrust 3700 F (simulated)",
        interfaces: [.init([.contactless], features: 0x04BE, maximumMessageLength: 1034)],
        firstAnswer: .milliseconds(400))

    /// Identiv uTrust 4701 F: the contact interface comes first, at TPDU level.
    public static let utrust4701f = CCIDReaderModel(
        name: "utrust4701f", vendor: 0x04E6, product: 0x5724, productName: "uTrust 4701 F (simulated)",
        interfaces: [
            .init([.contact], level: .tpdu, maximumMessageLength: 271),
            .init([.contactless], features: 0x04BE, maximumMessageLength: 1034),
        ], firstAnswer: .milliseconds(400))

    /// Feitian R502: contactless, contact, and two modules, one interface each.
    public static let feitianR502 = CCIDReaderModel(
        name: "feitian-r502", vendor: 0x096E, product: 0x060D, productName: "R502 (simulated)",
        interfaces: [
            .init([.contactless], features: 0x04BE, maximumMessageLength: 271),
            .init([.contact], level: .tpdu, features: 0x02B8, maximumMessageLength: 271),
            .init([.sam], level: .tpdu, features: 0x02B8, maximumMessageLength: 271, hasInterrupt: false),
            .init([.sam], level: .tpdu, features: 0x02B8, maximumMessageLength: 271, hasInterrupt: false),
        ])

    /// Elatec TWN4: extended APDUs in messages of 64 bytes, and a whole second before its first answer.
    public static let elatecTWN4 = CCIDReaderModel(
        name: "elatec-twn4", vendor: 0x09D8, product: 0x0428, productName: "TWN4 (simulated)",
        interfaces: [.init([.contactless], features: 0x04B2, maximumMessageLength: 64)], firstAnswer: .seconds(1))

    /// ACS ACR122U: short APDUs only.
    public static let acr122u = CCIDReaderModel(
        name: "acr122u", vendor: 0x072F, product: 0x2200, productName: "ACR122U (simulated)",
        interfaces: [.init([.contactless], level: .shortAPDU, features: 0x0040, maximumMessageLength: 271)],
        firstAnswer: .seconds(1))

    /// One reader in ten: no interrupt endpoint, and the class descriptor at the end.
    public static let polled = CCIDReaderModel(
        name: "polled", vendor: 0x1B0E, product: 0x1079, productName: "Reader without interrupts (simulated)",
        interfaces: [.init([.contactless], maximumMessageLength: 272, hasInterrupt: false, hasDescriptorLast: true)])

    /// Says "short APDU" but chains.
    public static let understated = CCIDReaderModel(
        name: "understated", vendor: 0x046A, product: 0x00A1, productName: "Reader that says short (simulated)",
        interfaces: [.init([.contactless], level: .shortAPDU, maximumMessageLength: 271, chains: true)])

    /// A contactless reader at TPDU level, which the kiosk cannot serve.
    public static let tpdu = CCIDReaderModel(
        name: "tpdu", vendor: 0x09D8, product: 0x0427, productName: "Reader at TPDU level (simulated)",
        interfaces: [.init([.contactless], level: .tpdu, features: 0x0032, maximumMessageLength: 64)])

    public static let all: [CCIDReaderModel] = [
        standard, acr1252u, acr1281u, acr1552u, omnikey5422, utrust3700f, utrust4701f, feitianR502, elatecTWN4,
        acr122u, polled, understated, tpdu,
    ]

    public static func named(_ name: String) -> CCIDReaderModel? { all.first { $0.name == name } }
}
