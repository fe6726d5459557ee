import CardCryptography

/// Which protocols a chip's maker built in, and what is wrong with a chip that is not the maker's.
public struct ChipProtocols: Sendable, Equatable {
    /// One way of PACE, as a PACEInfo offers it.
    public struct PACE: Sendable, Hashable {
        /// The number in the object identifier after id-PACE.
        public enum Mapping: UInt8, Sendable, CaseIterable {
            case dhGeneric = 1
            case ecdhGeneric = 2
            case dhIntegrated = 3
            case ecdhIntegrated = 4
            case ecdhChipAuthentication = 6
        }

        public var mapping: Mapping
        public var cipher: CardCipher
        /// Standardized domain parameters, 0 to 2 and 8 to 18.
        public var parameter: Int

        public init(_ mapping: Mapping, _ cipher: CardCipher, parameter: Int) {
            self.mapping = mapping
            self.cipher = cipher
            self.parameter = parameter
        }
    }

    /// One static key for chip authentication.
    public struct KeyAgreement: Sendable, Hashable {
        /// How SubjectPublicKeyInfo tells the group.
        public enum Encoding: Sendable, CaseIterable { case named, explicit, standardized }

        /// Standardized domain parameters, 0 to 2 and 8 to 18.
        public var parameter: Int
        public var cipher: CardCipher
        public var keyIdentifier: Int?
        public var encoding = Encoding.named
        /// 3DES only: the chip knows MSE:Set KAT; without, MSE:Set AT and GENERAL AUTHENTICATE.
        public var takesTemplate: Bool
        /// A ChipAuthenticationInfo tells about it; old chips with 3DES have none.
        public var isAnnounced = true

        public init(
            parameter: Int, cipher: CardCipher, keyIdentifier: Int? = nil, encoding: Encoding = .named,
            takesTemplate: Bool? = nil, isAnnounced: Bool = true
        ) {
            self.parameter = parameter
            self.cipher = cipher
            self.keyIdentifier = keyIdentifier
            self.encoding = encoding
            self.takesTemplate = takesTemplate ?? (cipher == .tripleDES)
            self.isAnnounced = isAnnounced
        }
    }

    /// What active authentication signs with.
    public enum Signature: Sendable, Hashable {
        /// ISO/IEC 9796-2, scheme 1. SHA-1 has the trailer BC, or 33CC where that is asked for.
        case rsa(bits: Int, HashFunction, hasLongTrailer: Bool = true)
        case ecdsa(EllipticCurve, HashFunction)
    }

    /// A chip that has the files of another one, but not its private keys.
    public enum Clone: Sendable, CaseIterable {
        /// It answers with keys of its own.
        case withOtherKeys
        /// It says that it does not know the protocol.
        case withoutProtocols
    }

    public var pace: [PACE] = []
    public var keyAgreement: [KeyAgreement] = []
    public var signature: Signature?
    /// The holder's secret number, and the one that unblocks it; nil: the chip has none.
    public var pin: String?
    public var puk: String?
    public var clone: Clone?

    public init(
        pace: [PACE] = [], keyAgreement: [KeyAgreement] = [], signature: Signature? = nil, pin: String? = nil,
        puk: String? = nil, clone: Clone? = nil
    ) {
        self.pace = pace
        self.keyAgreement = keyAgreement
        self.signature = signature
        self.pin = pin
        self.puk = puk
        self.clone = clone
    }

    /// Of every Vietnamese card seen: PACE and chip authentication on brainpoolP256r1 with AES-128.
    public static let vietnamese = ChipProtocols(
        pace: [PACE(.ecdhGeneric, .aes128, parameter: 13)], keyAgreement: [KeyAgreement(parameter: 13, cipher: .aes128)]
    )

    /// A chip from before PACE: basic access control, chip authentication with 3DES.
    public static let basicAccessOnly = ChipProtocols(keyAgreement: [KeyAgreement(parameter: 12, cipher: .tripleDES)])
}
