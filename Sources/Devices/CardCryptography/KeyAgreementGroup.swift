/// A group for Diffie-Hellman, on a curve or modulo a prime, as PACE and chip authentication use either.
public enum KeyAgreementGroup: Sendable, Hashable {
    case curve(EllipticCurve)
    case modular(ModularGroup)

    /// The standardized domain parameters of ICAO 9303-11, table 6: 0 to 2 modulo a prime, 8 to 18 on curves.
    /// - Returns: nil for a number that the table does not give.
    public init?(standardized number: Int) throws(CryptographyError) {
        if let curve = EllipticCurve(rawValue: number) {
            self = .curve(curve)
        } else if let group = try ModularGroup.standardized(number) {
            self = .modular(group)
        } else {
            return nil
        }
    }

    public var isElliptic: Bool { if case .curve = self { true } else { false } }

    /// Length of the field's prime in bits.
    public var fieldBits: Int {
        switch self {
        case .curve(let curve): curve.fieldBits
        case .modular(let group): group.prime.count * 8 - (group.prime.first?.leadingZeroBitCount ?? 0)
        }
    }

    /// What an attacker has to do, roughly, in bits: half a curve's length; RFC 5114 and SP 800-57 for the others.
    public var strength: Int {
        switch self {
        case .curve: fieldBits / 2
        case .modular: fieldBits < 2048 ? 80 : fieldBits < 3072 ? 112 : 128
        }
    }

    public func randomPrivateKey() throws(CryptographyError) -> [UInt8] {
        switch self {
        case .curve(let curve): try curve.randomPrivateKey()
        case .modular(let group): try group.randomPrivateKey()
        }
    }

    public func publicKey(of privateKey: [UInt8], generator: [UInt8]? = nil) throws(CryptographyError) -> [UInt8] {
        switch self {
        case .curve(let curve): try curve.publicKey(of: privateKey, generator: generator)
        case .modular(let group): try group.publicKey(of: privateKey, generator: generator)
        }
    }

    /// A new key pair. A public value modulo a prime never begins with a zero byte: the standards leave open whether such
    /// a byte is sent, and both sides take the code of a token over what was sent.
    public func keyPair(
        generator: [UInt8]? = nil
    ) throws(CryptographyError) -> (privateKey: [UInt8], publicKey: [UInt8]) {
        while true {
            let privateKey = try randomPrivateKey()
            let publicKey = try publicKey(of: privateKey, generator: generator)
            if isElliptic || publicKey.first != 0 { return (privateKey, publicKey) }
        }
    }

    /// The secret that both sides get: the x coordinate (BSI TR-03111, 4.3.1), or the value modulo the prime.
    public func sharedSecret(privateKey: [UInt8], publicKey: [UInt8]) throws(CryptographyError) -> [UInt8] {
        switch self {
        case .curve(let curve): try curve.sharedSecret(privateKey: privateKey, publicKey: publicKey)
        case .modular(let group): try group.sharedSecret(privateKey: privateKey, publicKey: publicKey)
        }
    }

    /// Generic mapping (ICAO 9303-11, 4.4.3.3.1): the new generator from the nonce and the mapping keys.
    public func genericMapping(
        nonce: [UInt8], privateKey: [UInt8], publicKey: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        switch self {
        case .curve(let curve):
            let point = try curve.sharedPoint(privateKey: privateKey, publicKey: publicKey)
            return try curve.genericMapping(nonce: nonce, sharedPoint: point)
        case .modular(let group):
            let secret = try group.sharedSecret(privateKey: privateKey, publicKey: publicKey)
            return try group.genericMapping(nonce: nonce, sharedSecret: secret)
        }
    }

    /// The encoding function of integrated mapping (ICAO 9303-11, 4.4.3.3.2): the new generator from a pseudo-random
    /// number, which is reduced modulo the field's prime here.
    public func encodeElement(_ number: [UInt8]) throws(CryptographyError) -> [UInt8] {
        switch self {
        case .curve(let curve): try curve.encodePoint(number)
        case .modular(let group): try group.encodeElement(number)
        }
    }
}
