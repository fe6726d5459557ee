import CardCryptography

/// PACE from the chip's side (ICAO 9303-11, 4.4): every mapping, on curves and modulo primes.
struct ChipPACE: Sendable {
    enum Outcome {
        case answer([UInt8])
        case opened([UInt8], ChipMessaging)
        case wrongPassword
        case refused(UInt16)
    }

    private enum Stage {
        case nonce
        case mapping(nonce: [UInt8])
        case agreement(generator: [UInt8])
        case tokens(secret: [UInt8], own: [UInt8], theirs: [UInt8])
    }

    private let offer: ChipProtocols.PACE
    private let group: KeyAgreementGroup
    private let cipher: CardCipher
    /// Kπ.
    var passwordKey: [UInt8]
    /// For chip authentication mapping: the static private key on the same curve.
    private let staticKey: [UInt8]?
    private let randomness: ChipRandomness
    private var stage = Stage.nonce
    private var mappingKey: [UInt8] = []

    /// - Parameter password: the characters of CAN, PIN or PUK, or the hash of the machine-readable zone's fields.
    init(
        _ offer: ChipProtocols.PACE, password: [UInt8], staticKey: [UInt8]? = nil, randomness: ChipRandomness
    ) throws {
        guard let group = try KeyAgreementGroup(standardized: offer.parameter) else { throw ChipKeys.NoSuchGroup() }
        self.offer = offer
        self.group = group
        cipher = offer.cipher
        passwordKey = try KeyDerivation.key(.password, from: password, for: cipher)
        self.staticKey = staticKey
        self.randomness = randomness
    }

    /// One GENERAL AUTHENTICATE; `isLast` is false while the class byte chains.
    mutating func step(_ data: [UInt8], isLast: Bool) throws -> Outcome {
        guard let outer = ChipTLV.parse(data), outer.count == 1, outer[0].tag == 0x7C,
            let inner = ChipTLV.parse(outer[0].content), inner.count <= 1
        else { return .refused(0x6A80) }
        switch (stage, inner.first?.tag, isLast) {
        case (.nonce, nil, false): return try giveNonce()
        case (.mapping(let nonce), 0x81, false): return try map(nonce, inner[0].content)
        case (.agreement(let generator), 0x83, false):
            let secret = try randomness.privateKey(group)
            let own = try group.publicKey(of: secret, generator: generator)
            let theirs = inner[0].content
            guard own != theirs else { return .refused(0x6A80) }
            stage = .tokens(
                secret: try group.sharedSecret(privateKey: secret, publicKey: theirs), own: own, theirs: theirs)
            return answer([(0x84, own)])
        case (.tokens(let secret, let own, let theirs), 0x85, true):
            return try finish(token: inner[0].content, secret: secret, own: own, theirs: theirs)
        default:
            return .refused(0x6985)
        }
    }

    /// l: whole blocks; at least a key long for integrated mapping (4.4.3.3).
    private mutating func giveNonce() throws -> Outcome {
        let isLong = isIntegrated && (cipher == .aes192 || cipher == .aes256)
        let nonce = randomness.bytes(isLong ? 32 : 16)
        stage = .mapping(nonce: nonce)
        return answer([(0x80, try cipher.encrypt(nonce, key: passwordKey, initializationVector: cipher.zeroBlock))])
    }

    private mutating func map(_ nonce: [UInt8], _ data: [UInt8]) throws -> Outcome {
        if isIntegrated {
            guard data.count == cipher.keyLength else { return .refused(0x6A80) }
            stage = .agreement(generator: try group.encodeElement(try pseudorandom(nonce, data)))
            return answer([(0x82, [])])
        }
        mappingKey = try randomness.privateKey(group)
        let own = try group.publicKey(of: mappingKey)
        guard own != data else { return .refused(0x6A80) }
        stage = .agreement(
            generator: try group.genericMapping(nonce: nonce, privateKey: mappingKey, publicKey: data))
        return answer([(0x82, own)])
    }

    private func finish(token: [UInt8], secret: [UInt8], own: [UInt8], theirs: [UInt8]) throws -> Outcome {
        let key = try KeyDerivation.key(.authentication, from: secret, for: cipher)
        guard try token == self.token(of: own, key) else { return .wrongPassword }
        var proof = [(UInt8(0x86), try self.token(of: theirs, key))]
        if offer.mapping == .ecdhChipAuthentication { proof.append((0x8A, try chipAuthenticationData(secret))) }
        let zero = [UInt8](repeating: 0, count: cipher.blockLength)
        let body = proof.flatMap { ChipTLV.object($0.0, $0.1) }
        return .opened(
            ChipTLV.object(0x7C, body), try ChipMessaging(cipher: cipher, secret: secret, counter: zero))
    }

    private func answer(_ objects: [(UInt8, [UInt8])]) -> Outcome {
        .answer(ChipTLV.object(0x7C, objects.flatMap { ChipTLV.object($0.0, $0.1) }))
    }

    private func token(of publicKey: [UInt8], _ key: [UInt8]) throws -> [UInt8] {
        let message = ChipTLV.object(
            [0x7F, 0x49],
            ChipTLV.object(0x06, ChipSecurityInfos.paceIdentifier(offer))
                + ChipTLV.object(group.isElliptic ? 0x86 : 0x84, publicKey))
        return try cipher.authenticationCode(of: message, key: key)
    }

    // MARK: Mappings

    private var isIntegrated: Bool { offer.mapping == .ecdhIntegrated || offer.mapping == .dhIntegrated }

    /// R(s, t) of figure 2: a chain of keys, k0 = E(t, s), k(i+1) = E(ki, c0), and the output x(i) = E(ki, c1), until it is
    /// 64 bits longer than the field.
    private func pseudorandom(_ nonce: [UInt8], _ theirs: [UInt8]) throws -> [UInt8] {
        let constants =
            nonce.count == 16
            ? ("A668892A7C41E3CA739F40B057D85904", "A4E136AC725F738B01C1F60217C188AD")
            : (
                "D463D65234124EF7897054986DCA0A174E28DF758CBAA03F240616414D5A1676",
                "54BD7255F0AAF831BEC3423FCF39D69B6CBF066677D0FAAE5AADD99DF8E53517"
            )
        func encrypt(_ block: [UInt8], _ key: [UInt8]) throws -> [UInt8] {
            try cipher.encrypt(
                block, key: Array(key[..<cipher.keyLength]), initializationVector: cipher.zeroBlock)
        }
        var key = try encrypt(nonce, theirs)
        var output: [UInt8] = []
        while output.count * 8 < group.fieldBits + 64 {
            output += try encrypt(Self.bytes(constants.1), key)
            key = try encrypt(Self.bytes(constants.0), key)
        }
        return output
    }

    private static func bytes(_ text: String) -> [UInt8] {
        let digits = text.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
    }

    /// A,IC: the mapping key divided by the static key, padded, encrypted with the session's key; the initialization vector
    /// is the encrypted block of ones (4.4.3.5).
    private func chipAuthenticationData(_ secret: [UInt8]) throws -> [UInt8] {
        guard case .curve(let curve) = group, let staticKey else { throw ChipKeys.NoSuchGroup() }
        let key = try KeyDerivation.key(.encryption, from: secret, for: cipher)
        let data = try curve.quotient(mappingKey, by: staticKey)
        let vector = try cipher.encryptBlock([UInt8](repeating: 0xFF, count: cipher.blockLength), key: key)
        return try cipher.encrypt(
            ISOPadding.added(to: data, block: cipher.blockLength), key: key, initializationVector: vector)
    }
}
