import CardCryptography

/// Basic access control from the chip's side (ICAO 9303-11, 4.3).
struct ChipBasicAccess: Sendable {
    private let encryption: [UInt8]
    private let authentication: [UInt8]
    private let cipher = CardCipher.tripleDES

    /// - Parameter zone: the three lines of the machine-readable zone.
    init(zone: [String]) throws {
        let seed = Array(try HashFunction.sha1.hash(Self.information(zone)).prefix(16))
        encryption = try KeyDerivation.key(.encryption, from: seed, for: cipher)
        authentication = try KeyDerivation.key(.authentication, from: seed, for: cipher)
    }

    /// The published example has its fields only.
    init(information: [UInt8]) throws {
        let seed = Array(try HashFunction.sha1.hash(information).prefix(16))
        encryption = try KeyDerivation.key(.encryption, from: seed, for: cipher)
        authentication = try KeyDerivation.key(.authentication, from: seed, for: cipher)
    }

    /// Document number, date of birth and date of expiry, each with its check digit, cut out of the printed lines.
    static func information(_ zone: [String]) -> [UInt8] {
        let (first, second) = (Array(zone[0].utf8), Array(zone[1].utf8))
        return Array(first[5...14] + second[0...6] + second[8...14])
    }

    /// - Parameter challenge: what GET CHALLENGE gave.
    /// - Returns: nil when the reader does not know the key.
    func authenticate(
        _ data: [UInt8], challenge: [UInt8], randomness: ChipRandomness
    ) throws -> (answer: [UInt8], messaging: ChipMessaging)? {
        guard data.count == 40 else { return nil }
        let cryptogram = Array(data[0..<32])
        let code = try cipher.authenticationCode(of: cryptogram, key: authentication)
        guard code == Array(data[32...]) else { return nil }
        let zero = [UInt8](repeating: 0, count: 8)
        let clear = try cipher.decrypt(cryptogram, key: encryption, initializationVector: zero)
        guard Array(clear[8..<16]) == challenge else { return nil }
        let own = randomness.bytes(16)
        let answer = try cipher.encrypt(
            challenge + clear[0..<8] + own, key: encryption, initializationVector: zero)
        var seed: [UInt8] = []
        for index in 0..<16 { seed.append(clear[16 + index] ^ own[index]) }
        return (
            answer + (try cipher.authenticationCode(of: answer, key: authentication)),
            try ChipMessaging(cipher: cipher, secret: seed, counter: challenge[4...] + Array(clear[4..<8]))
        )
    }
}
