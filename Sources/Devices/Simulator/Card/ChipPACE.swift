import CardCryptography

/// PACE with generic mapping on brainpoolP256r1 and AES-128 from the chip's side (ICAO 9303-11, 4.4).
struct ChipPACE: Sendable {
    /// id-PACE-ECDH-GM-AES-CBC-CMAC-128.
    static let identifier: [UInt8] = [0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x04, 0x02, 0x02]

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

    private let curve = EllipticCurve.brainpoolP256r1
    private let cipher = CardCipher.aes128
    private let passwordKey: [UInt8]
    private let randomness: ChipRandomness
    private var stage = Stage.nonce

    /// - Parameter password: the CAN's characters, or the hash of the machine-readable zone's fields.
    init(password: [UInt8], randomness: ChipRandomness) throws {
        passwordKey = try KeyDerivation.key(.password, from: password, for: cipher)
        self.randomness = randomness
    }

    /// One GENERAL AUTHENTICATE; `isLast` is false while the class byte chains.
    mutating func step(_ data: [UInt8], isLast: Bool) throws -> Outcome {
        guard let outer = ChipTLV.parse(data), outer.count == 1, outer[0].tag == 0x7C,
            let inner = ChipTLV.parse(outer[0].content), inner.count <= 1
        else { return .refused(0x6A80) }
        switch (stage, inner.first?.tag, isLast) {
        case (.nonce, nil, false):
            let nonce = randomness.bytes(16)
            stage = .mapping(nonce: nonce)
            return answer(
                0x80, try cipher.encrypt(nonce, key: passwordKey, initializationVector: cipher.zeroBlock))
        case (.mapping(let nonce), 0x81, false):
            let secret = try randomness.privateKey(curve)
            let shared = try curve.sharedPoint(privateKey: secret, publicKey: inner[0].content)
            stage = .agreement(generator: try curve.genericMapping(nonce: nonce, sharedPoint: shared))
            return answer(0x82, try curve.publicKey(of: secret))
        case (.agreement(let generator), 0x83, false):
            let secret = try randomness.privateKey(curve)
            let own = try curve.publicKey(of: secret, generator: generator)
            guard own != inner[0].content else { return .refused(0x6A80) }
            stage = .tokens(
                secret: try curve.sharedSecret(privateKey: secret, publicKey: inner[0].content), own: own,
                theirs: inner[0].content)
            return answer(0x84, own)
        case (.tokens(let secret, let own, let theirs), 0x85, true):
            let key = try KeyDerivation.key(.authentication, from: secret, for: cipher)
            guard try inner[0].content == token(of: own, key) else { return .wrongPassword }
            let proof = ChipTLV.object(0x7C, ChipTLV.object(0x86, try token(of: theirs, key)))
            return .opened(
                proof,
                try ChipMessaging(cipher: cipher, secret: secret, counter: [UInt8](repeating: 0, count: 16)))
        default:
            return .refused(0x6985)
        }
    }

    private func answer(_ tag: UInt8, _ content: [UInt8]) -> Outcome {
        .answer(ChipTLV.object(0x7C, ChipTLV.object(tag, content)))
    }

    private func token(of publicKey: [UInt8], _ key: [UInt8]) throws -> [UInt8] {
        let message = ChipTLV.object(
            [0x7F, 0x49], ChipTLV.object(0x06, Self.identifier) + ChipTLV.object(0x86, publicKey))
        return Array(try CMAC.code(of: message, key: key, cipher: cipher).prefix(8))
    }
}
