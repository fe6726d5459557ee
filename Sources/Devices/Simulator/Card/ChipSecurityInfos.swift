import CardCryptography

/// EF.CardAccess, EF.DG14, EF.DG15 and the content of EF.CardSecurity (ICAO 9303-11, 9.2), written by hand after the standard's
/// ASN.1.
struct ChipSecurityInfos: Sendable {
    let protocols: ChipProtocols
    let keys: ChipKeys

    /// The value of an object identifier under bsi-de protocols smartcard, 0.4.0.127.0.7.2.2.
    static func identifier(_ rest: UInt8...) -> [UInt8] { [0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02] + rest }

    static func number(of cipher: CardCipher) -> UInt8 {
        switch cipher {
        case .tripleDES: 1
        case .aes128: 2
        case .aes192: 3
        case .aes256: 4
        }
    }

    static func paceIdentifier(_ offer: ChipProtocols.PACE) -> [UInt8] {
        identifier(4, offer.mapping.rawValue, number(of: offer.cipher))
    }

    static func agreementIdentifier(_ key: ChipKeys.Static) -> [UInt8] {
        identifier(3, key.group.isElliptic ? 2 : 1, number(of: key.parameters.cipher))
    }

    /// nil for a chip without PACE.
    var cardAccess: [UInt8]? {
        guard !protocols.pace.isEmpty else { return nil }
        return Self.set([Self.terminalAuthentication] + agreementInfos { $0.isInApplication } + paceInfos)
    }

    /// nil for a chip without chip authentication and without ECDSA.
    func dataGroup14() throws -> [UInt8]? {
        var infos = agreementInfos { $0.isInApplication } + (try publicKeyInfos { $0.isInApplication })
        if case .ecdsa(_, let hash) = protocols.signature { infos.append(Self.activeAuthentication(hash)) }
        guard !infos.isEmpty else { return nil }
        return ChipTLV.object(0x6E, Self.set(infos + paceInfos))
    }

    var dataGroup15: [UInt8]? { keys.signaturePublicKey.map { ChipTLV.object(0x6F, $0) } }

    /// What EF.CardSecurity signs; nil for a chip without chip authentication mapping.
    func cardSecurity() throws -> [UInt8]? {
        guard protocols.pace.contains(where: { $0.mapping == .ecdhChipAuthentication }) else { return nil }
        return Self.set(paceInfos + agreementInfos { _ in true } + (try publicKeyInfos { _ in true }))
    }

    private var paceInfos: [[UInt8]] {
        protocols.pace.map { Self.info(Self.paceIdentifier($0), Self.integer(2) + Self.integer($0.parameter)) }
    }

    private func agreementInfos(_ isWanted: (ChipKeys.Static) -> Bool) -> [[UInt8]] {
        keys.agreement.filter { isWanted($0) && $0.parameters.isAnnounced }.map { key in
            Self.info(
                Self.agreementIdentifier(key),
                Self.integer(1) + (key.parameters.keyIdentifier.map { Self.integer($0) } ?? []))
        }
    }

    private func publicKeyInfos(_ isWanted: (ChipKeys.Static) -> Bool) throws -> [[UInt8]] {
        try keys.agreement.filter(isWanted).map { key in
            Self.info(
                Self.identifier(1, key.group.isElliptic ? 2 : 1),
                try Self.subjectPublicKeyInfo(key) + (key.parameters.keyIdentifier.map { Self.integer($0) } ?? []))
        }
    }

    /// TerminalAuthenticationInfo, version 1.
    private static let terminalAuthentication = info(identifier(2), integer(1))

    /// ActiveAuthenticationInfo: id-icao-mrtd-security-aaProtocolObject, version 1, ecdsa-plain with a hash function.
    private static func activeAuthentication(_ hash: HashFunction) -> [UInt8] {
        let number: UInt8 =
            switch hash {
            case .sha1: 1
            case .sha224: 2
            case .sha256: 3
            case .sha384: 4
            case .sha512: 5
            }
        let algorithm: [UInt8] = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x01, 0x01, 0x04, 0x01, number]
        return info([0x67, 0x81, 0x08, 0x01, 0x01, 0x05], integer(1) + ChipTLV.object(0x06, algorithm))
    }
}

// MARK: - ASN.1

extension ChipSecurityInfos {
    /// SubjectPublicKeyInfo with named or explicit curve parameters (RFC 3279, 2.3.5), X9.42 parameters (2.3.3), or
    /// standardizedDomainParameters (BSI TR-03110-3, A.2.1.1).
    static func subjectPublicKeyInfo(_ key: ChipKeys.Static) throws -> [UInt8] {
        let algorithm: [UInt8]
        switch (key.parameters.encoding, key.group) {
        case (.standardized, _):
            algorithm =
                ChipTLV.object(0x06, [0x04, 0x00, 0x7F, 0x00, 0x07, 0x01, 0x02]) + integer(key.parameters.parameter)
        case (let encoding, .curve(let curve)):
            algorithm =
                ChipTLV.object(0x06, [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01])
                + (try curve.parameters(isExplicit: encoding == .explicit))
        case (_, .modular(let group)):
            algorithm =
                ChipTLV.object(0x06, [0x2A, 0x86, 0x48, 0xCE, 0x3E, 0x02, 0x01])
                + ChipTLV.object(
                    0x30, unsigned(group.prime) + unsigned(group.generator) + unsigned(group.order ?? []))
        }
        let value = key.group.isElliptic ? key.publicKey : unsigned(key.publicKey)
        return ChipTLV.object(0x30, ChipTLV.object(0x30, algorithm) + ChipTLV.object(0x03, [0] + value))
    }

    private static func info(_ identifier: [UInt8], _ rest: [UInt8]) -> [UInt8] {
        ChipTLV.object(0x30, ChipTLV.object(0x06, identifier) + rest)
    }

    /// SET OF in the order of DER.
    private static func set(_ elements: [[UInt8]]) -> [UInt8] {
        ChipTLV.object(0x31, elements.sorted { $0.lexicographicallyPrecedes($1) }.flatMap { $0 })
    }

    private static func integer(_ value: Int) -> [UInt8] {
        unsigned([UInt8(value >> 16 & 0xFF), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)])
    }

    /// INTEGER that is not negative, from big-endian bytes.
    private static func unsigned(_ bytes: [UInt8]) -> [UInt8] {
        var value = Array(bytes.drop { $0 == 0 })
        if value.isEmpty || value[0] > 0x7F { value.insert(0, at: 0) }
        return ChipTLV.object(0x02, value)
    }
}
