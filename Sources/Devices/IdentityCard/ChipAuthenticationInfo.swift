import CardCryptography

/// The protocol that a chip authentication object identifier names: id-CA (0.4.0.127.0.7.2.2.3), agreement, cipher.
public struct ChipAuthenticationAlgorithm: Sendable, Hashable {
    /// Agreement on a curve, or modulo a prime.
    public var isElliptic: Bool
    public var cipher: CardCipher

    static let prefix: [UInt8] = ChipProtocol.prefix + [0x03]

    public init(isElliptic: Bool, cipher: CardCipher) {
        self.isElliptic = isElliptic
        self.cipher = cipher
    }

    /// - Parameter identifier: the value bytes of the object identifier.
    public init?(identifier: [UInt8]) {
        guard identifier.count == 10, identifier.starts(with: Self.prefix), (1...2).contains(identifier[8]),
            let cipher = ChipProtocol.cipher(identifier[9])
        else { return nil }
        self.init(isElliptic: identifier[8] == 2, cipher: cipher)
    }

    public var identifier: [UInt8] { Self.prefix + [isElliptic ? 2 : 1, ChipProtocol.number(of: cipher)] }
}

/// ChipAuthenticationInfo (ICAO 9303-11, 9.2.5), version 1.
public struct ChipAuthenticationInfo: Sendable, Hashable {
    public var algorithm: ChipAuthenticationAlgorithm
    /// Which key it is about, where the chip has several.
    public var keyIdentifier: Int?

    public init(algorithm: ChipAuthenticationAlgorithm, keyIdentifier: Int? = nil) {
        self.algorithm = algorithm
        self.keyIdentifier = keyIdentifier
    }
}

/// ChipAuthenticationPublicKeyInfo (ICAO 9303-11, 9.2.6): the chip's static public key.
public struct ChipAuthenticationPublicKeyInfo: Sendable, Hashable {
    public var group: KeyAgreementGroup
    /// An uncompressed point, or a number as long as the prime.
    public var publicKey: [UInt8]
    public var keyIdentifier: Int?

    public init(group: KeyAgreementGroup, publicKey: [UInt8], keyIdentifier: Int? = nil) {
        self.group = group
        self.publicKey = publicKey
        self.keyIdentifier = keyIdentifier
    }
}
