import CardCryptography

/// One way of PACE that a chip offers.
public struct PACEInfo: Sendable, Hashable {
    public var algorithm: PACEAlgorithm
    /// The domain parameters' number: standardized (9303-11, table 6), or the chip's own; nil when it gives none.
    public var parameter: Int?

    public init(algorithm: PACEAlgorithm, parameter: Int?) {
        self.algorithm = algorithm
        self.parameter = parameter
    }
}

/// The protocol that a PACE object identifier names: id-PACE (0.4.0.127.0.7.2.2.4), mapping, cipher.
public struct PACEAlgorithm: Sendable, Hashable {
    public enum Mapping: UInt8, Sendable, CaseIterable {
        case dhGeneric = 1
        case ecdhGeneric = 2
        case dhIntegrated = 3
        case ecdhIntegrated = 4
        case ecdhChipAuthentication = 6

        public var isElliptic: Bool {
            switch self {
            case .ecdhGeneric, .ecdhIntegrated, .ecdhChipAuthentication: true
            case .dhGeneric, .dhIntegrated: false
            }
        }

        public var isIntegrated: Bool { self == .ecdhIntegrated || self == .dhIntegrated }
    }

    public var mapping: Mapping
    public var cipher: CardCipher

    static let prefix: [UInt8] = ChipProtocol.prefix + [0x04]

    public init(mapping: Mapping, cipher: CardCipher) {
        self.mapping = mapping
        self.cipher = cipher
    }

    /// - Parameter identifier: the value bytes of the object identifier.
    public init?(identifier: [UInt8]) {
        guard identifier.count == 10, identifier.starts(with: Self.prefix),
            let mapping = Mapping(rawValue: identifier[8]), let cipher = ChipProtocol.cipher(identifier[9])
        else { return nil }
        self.init(mapping: mapping, cipher: cipher)
    }

    public var identifier: [UInt8] { Self.prefix + [mapping.rawValue, ChipProtocol.number(of: cipher)] }
}

/// How the object identifiers of PACE and of chip authentication are built: a common beginning
/// (bsi-de protocols smartcard, 0.4.0.127.0.7.2.2), and a cipher's number at the end.
enum ChipProtocol {
    static let prefix: [UInt8] = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02]
    private static let ciphers: [CardCipher] = [.tripleDES, .aes128, .aes192, .aes256]

    static func cipher(_ number: UInt8) -> CardCipher? {
        (1...4).contains(number) ? ciphers[Int(number) - 1] : nil
    }

    static func number(of cipher: CardCipher) -> UInt8 { UInt8((ciphers.firstIndex(of: cipher) ?? 0) + 1) }
}
