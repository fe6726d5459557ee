import COpenSSL

/// The named curves of ICAO 9303-11, table 6; the raw value is the standardized domain parameter's number.
///
/// Points are bytes in uncompressed form (04, x, y), private keys big-endian bytes. Every point that comes in is checked
/// to be on the curve and not at infinity; all curves have cofactor 1, so that no further check is needed.
public enum EllipticCurve: Int, Sendable, CaseIterable {
    case nistP192 = 8
    case brainpoolP192r1 = 9
    case nistP224 = 10
    case brainpoolP224r1 = 11
    case nistP256 = 12
    case brainpoolP256r1 = 13
    case brainpoolP320r1 = 14
    case nistP384 = 15
    case brainpoolP384r1 = 16
    case brainpoolP512r1 = 17
    case nistP521 = 18

    var nid: Int32 {
        switch self {
        case .nistP192: NID_X9_62_prime192v1
        case .brainpoolP192r1: NID_brainpoolP192r1
        case .nistP224: NID_secp224r1
        case .brainpoolP224r1: NID_brainpoolP224r1
        case .nistP256: NID_X9_62_prime256v1
        case .brainpoolP256r1: NID_brainpoolP256r1
        case .brainpoolP320r1: NID_brainpoolP320r1
        case .nistP384: NID_secp384r1
        case .brainpoolP384r1: NID_brainpoolP384r1
        case .brainpoolP512r1: NID_brainpoolP512r1
        case .nistP521: NID_secp521r1
        }
    }

    /// Length of the field's prime in bits.
    public var fieldBits: Int {
        switch self {
        case .nistP192, .brainpoolP192r1: 192
        case .nistP224, .brainpoolP224r1: 224
        case .nistP256, .brainpoolP256r1: 256
        case .brainpoolP320r1: 320
        case .nistP384, .brainpoolP384r1: 384
        case .brainpoolP512r1: 512
        case .nistP521: 521
        }
    }

    /// Length of a coordinate in bytes.
    public var fieldLength: Int { (fieldBits + 7) / 8 }

    /// Whether integrated mapping is defined (ICAO 9303-11, table 6): not on NIST P-224.
    public var hasIntegratedMapping: Bool { self != .nistP224 }

    /// A private key drawn evenly from 1 to the group's order.
    public func randomPrivateKey() throws(CryptographyError) -> [UInt8] {
        try CurveGroup(self).randomScalar()
    }

    /// The standard generator.
    public func generator() throws(CryptographyError) -> [UInt8] {
        try CurveGroup(self).multiply(generatorBy: [1])
    }

    /// The public key of a private key, on the standard generator or on a mapped one.
    public func publicKey(
        of privateKey: [UInt8], generator: [UInt8]? = nil
    ) throws(CryptographyError) -> [UInt8] {
        let group = try CurveGroup(self)
        try group.checkPrivateKey(privateKey)
        guard let generator else { return try group.multiply(generatorBy: privateKey) }
        return try group.multiply(point: generator, by: privateKey)
    }

    /// The shared point of a Diffie-Hellman agreement.
    public func sharedPoint(
        privateKey: [UInt8], publicKey: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        let group = try CurveGroup(self)
        try group.checkPrivateKey(privateKey)
        return try group.multiply(point: publicKey, by: privateKey)
    }

    /// The x coordinate of the shared point (BSI TR-03111, 4.3.1).
    public func sharedSecret(
        privateKey: [UInt8], publicKey: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        let point = try sharedPoint(privateKey: privateKey, publicKey: publicKey)
        return Array(point.dropFirst().prefix((point.count - 1) / 2))
    }

    /// Generic mapping (9303-11, 4.4.3.3.1): nonce × generator + shared point.
    public func genericMapping(
        nonce: [UInt8], sharedPoint: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        try CurveGroup(self).multiply(generatorBy: nonce, adding: sharedPoint)
    }

    /// Integrated mapping's point encoding (9303-11, appendix B) of a number, which is reduced modulo the prime first.
    public func encodePoint(_ number: [UInt8]) throws(CryptographyError) -> [UInt8] {
        try CurveGroup(self).encodePoint(number)
    }

    /// Refuses a point that is not on the curve, or is infinity, or is not in uncompressed form.
    public func check(_ point: [UInt8]) throws(CryptographyError) { try CurveGroup(self).check(point) }

    /// dividend / divisor modulo the group's order, both private keys.
    public func quotient(_ dividend: [UInt8], by divisor: [UInt8]) throws(CryptographyError) -> [UInt8] {
        try CurveGroup(self).quotient(dividend, by: divisor)
    }
}
