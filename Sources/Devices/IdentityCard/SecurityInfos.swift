import CardCryptography

/// SecurityInfos (ICAO 9303-11, 9.2): which protocols a chip knows, and its public keys. EF.CardAccess and EF.DG14 hold
/// one, EF.CardSecurity a signed one.
///
/// The files vouch for nothing by themselves: DG14 is as good as the security object's verdict on it, EF.CardAccess is
/// signed by nobody.
public struct SecurityInfos: Sendable, Equatable {
    public enum Failure: Error, Sendable, Equatable {
        /// No SET OF SecurityInfo.
        case malformed
        case tooLong
    }

    /// PACEInfo, in the order of the file.
    public var pace: [PACEInfo] = []
    /// PACEDomainParameterInfo: explicit domain parameters for a mapping, with their number where they have one.
    public var paceDomainParameters: [PACEDomainParameters] = []
    public var chipAuthentication: [ChipAuthenticationInfo] = []
    public var chipAuthenticationKeys: [ChipAuthenticationPublicKeyInfo] = []
    /// The hash function of ActiveAuthenticationInfo; chips that sign with ECDSA must have one.
    public var activeAuthenticationHash: HashFunction?
    /// Versions of TerminalAuthenticationInfo: such a chip keeps fingerprints for readers with certificates.
    public var terminalAuthentication: [Int] = []
    /// Chip authentication keys that this reader cannot use, with the reason, for a technician.
    public var unusableKeys: [String] = []

    /// Longer files are refused; one with a 4096-bit Diffie-Hellman key has 2 KB.
    public static let lengthLimit = 16_384

    public init() {}

    /// Reads `SET OF SecurityInfo`. Entries of protocols that this reader does not know, and of other versions, are
    /// passed over.
    public init(_ bytes: [UInt8]) throws(Failure) {
        guard bytes.count <= Self.lengthLimit else { throw .tooLong }
        do {
            for entry in try TLV(bytes, tag: 0x31).children() {
                guard entry.tag == 0x30 else { throw Failure.malformed }
                let parts = try entry.children()
                guard let protocolObject = parts.first, protocolObject.tag == 0x06, parts.count >= 2 else {
                    throw Failure.malformed
                }
                read(protocolObject.bytes, parts)
            }
        } catch {
            throw .malformed
        }
    }

    /// Reads EF.DG14: `6E { SET OF SecurityInfo }`.
    public init(dataGroup14 bytes: [UInt8]) throws(Failure) {
        do {
            try self.init(try TLV(bytes, tag: 0x6E).bytes)
        } catch {
            throw error as? Failure ?? .malformed
        }
    }

    private mutating func read(_ identifier: [UInt8], _ parts: [TLV]) {
        let third = parts.count > 2 ? Self.number(parts[2]) : nil
        if let algorithm = PACEAlgorithm(identifier: identifier) {
            if Self.number(parts[1]) == 2 { pace.append(PACEInfo(algorithm: algorithm, parameter: third)) }
        } else if identifier.count == 9, identifier.starts(with: PACEAlgorithm.prefix) {
            guard let mapping = PACEAlgorithm.Mapping(rawValue: identifier[8]) else { return }
            paceDomainParameters.append(PACEDomainParameters(mapping: mapping, parameter: third))
        } else if let algorithm = ChipAuthenticationAlgorithm(identifier: identifier) {
            guard Self.number(parts[1]) == 1 else { return }
            chipAuthentication.append(ChipAuthenticationInfo(algorithm: algorithm, keyIdentifier: third))
        } else if identifier.count == 9, identifier.starts(with: ChipProtocol.prefix + [0x01]) {
            readKey(parts[1], third)
        } else if identifier == Self.activeAuthentication {
            if parts.count > 2 { activeAuthenticationHash = Self.signatureHash(parts[2].bytes) }
        } else if identifier == ChipProtocol.prefix + [0x02] {
            if let version = Self.number(parts[1]) { terminalAuthentication.append(version) }
        }
    }

    private mutating func readKey(_ object: TLV, _ keyIdentifier: Int?) {
        do throws(CryptographyError) {
            guard case .keyAgreement(let group, let publicKey) = try SubjectPublicKey(Array(object.encoded)).kind else {
                unusableKeys.append("not a key of a known group")
                return
            }
            chipAuthenticationKeys.append(
                ChipAuthenticationPublicKeyInfo(group: group, publicKey: publicKey, keyIdentifier: keyIdentifier))
        } catch {
            unusableKeys.append("\(error)")
        }
    }

    /// id-icao-mrtd-security-aaProtocolObject, 2.23.136.1.1.5.
    private static let activeAuthentication: [UInt8] = [0x67, 0x81, 0x08, 0x01, 0x01, 0x05]

    /// ecdsa-plain-signatures (0.4.0.127.0.7.1.1.4.1) as the standard asks; ecdsa-with-SHA1 and -SHA2 (1.2.840.10045.4) name
    /// the same hash functions.
    private static func signatureHash(_ identifier: [UInt8]) -> HashFunction? {
        let plain: [HashFunction] = [.sha1, .sha224, .sha256, .sha384, .sha512]
        guard let number = identifier.last else { return nil }
        switch Array(identifier.dropLast()) {
        case [0x04, 0x00, 0x7F, 0x00, 0x07, 0x01, 0x01, 0x04, 0x01] where (1...5).contains(number):
            return plain[Int(number) - 1]
        case [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04] where number == 1: return .sha1
        case [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03] where (1...4).contains(number): return plain[Int(number)]
        default: return nil
        }
    }

    /// A small INTEGER that is not negative.
    private static func number(_ object: TLV) -> Int? {
        let bytes = object.bytes
        guard object.tag == 0x02, (1...7).contains(bytes.count), bytes[0] & 0x80 == 0 else { return nil }
        return bytes.reduce(0) { $0 << 8 | Int($1) }
    }
}

/// What a PACEDomainParameterInfo is about (ICAO 9303-11, 9.2.2). The parameters themselves are not read: see
/// `PACEChoices`.
public struct PACEDomainParameters: Sendable, Hashable {
    public var mapping: PACEAlgorithm.Mapping
    public var parameter: Int?

    public init(mapping: PACEAlgorithm.Mapping, parameter: Int?) {
        self.mapping = mapping
        self.parameter = parameter
    }
}
