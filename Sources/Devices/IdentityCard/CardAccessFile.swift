import CardCryptography

/// EF.CardAccess: which protocols open the chip (ICAO 9303-11, 9.2).
public struct CardAccessFile: Sendable, Equatable {
    /// In the order of the file.
    public let pace: [PACEInfo]

    /// The value on every card seen (facts: terminal authentication, chip authentication, PACE ECDH-GM with AES-128 on
    /// brainpoolP256r1); taken when the file cannot be read.
    public static let usual = CardAccessFile(
        pace: [PACEInfo(algorithm: PACEAlgorithm(mapping: .ecdhGeneric, cipher: .aes128), parameter: 13)])

    public init(pace: [PACEInfo]) { self.pace = pace }

    /// Reads SET OF SecurityInfo; entries of other protocols are passed over.
    public init(_ bytes: [UInt8]) throws(TLV.Failure) {
        var found: [PACEInfo] = []
        for entry in try TLV(bytes, tag: 0x31).children() {
            guard entry.tag == 0x30 else { throw .unexpectedTag(entry.tag) }
            let parts = try entry.children()
            guard parts.count >= 2, parts[0].tag == 0x06, let algorithm = PACEAlgorithm(identifier: parts[0].bytes),
                parts[1].tag == 0x02, parts[1].bytes == [2]
            else { continue }
            let parameter = parts.count > 2 && parts[2].tag == 0x02 ? parts[2].bytes : []
            found.append(
                PACEInfo(algorithm: algorithm, parameter: parameter.count == 1 ? Int(parameter[0]) : nil))
        }
        pace = found
    }
}

/// One way of PACE that a chip offers.
public struct PACEInfo: Sendable, Hashable {
    public var algorithm: PACEAlgorithm
    /// The standardized domain parameter's number (9303-11, table 6); nil when the chip defines its own.
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
    }

    public var mapping: Mapping
    public var cipher: CardCipher

    private static let prefix: [UInt8] = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04]
    private static let ciphers: [CardCipher] = [.tripleDES, .aes128, .aes192, .aes256]

    public init(mapping: Mapping, cipher: CardCipher) {
        self.mapping = mapping
        self.cipher = cipher
    }

    /// - Parameter identifier: the value bytes of the object identifier.
    public init?(identifier: [UInt8]) {
        guard identifier.count == 10, identifier.starts(with: Self.prefix),
            let mapping = Mapping(rawValue: identifier[8]), (1...4).contains(identifier[9])
        else { return nil }
        self.init(mapping: mapping, cipher: Self.ciphers[Int(identifier[9]) - 1])
    }

    public var identifier: [UInt8] {
        Self.prefix + [mapping.rawValue, UInt8((Self.ciphers.firstIndex(of: cipher) ?? 0) + 1)]
    }
}
