import COpenSSL

/// A private key for signatures, in the form that libcrypto writes. The simulator's chips and issuers have such keys; the
/// kiosk has none.
public struct SigningKey: Sendable {
    private let encoded: [UInt8]

    /// A new RSA key: 2048 bits take about a tenth of a second.
    public static func rsa(bits: Int) throws(CryptographyError) -> SigningKey {
        try generate("RSA") { context in EVP_PKEY_CTX_set_rsa_keygen_bits(context, Int32(bits)) }
    }

    public static func ecdsa(on curve: EllipticCurve) throws(CryptographyError) -> SigningKey {
        try generate("EC") { context in EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, curve.nid) }
    }

    private static func generate(
        _ algorithm: String, _ configure: (OpaquePointer) -> Int32
    ) throws(CryptographyError) -> SigningKey {
        guard let context = EVP_PKEY_CTX_new_from_name(nil, algorithm, nil) else { throw .library("key") }
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard EVP_PKEY_keygen_init(context) == 1, configure(context) == 1, EVP_PKEY_generate(context, &key) == 1,
            let key
        else { throw .library("\(algorithm) key") }
        let owned = LibraryKey(key)
        defer { withExtendedLifetime(owned) {} }
        guard let encoded = LibraryKey.encode({ i2d_PrivateKey(owned.pointer, $0) }) else { throw .library("key") }
        return SigningKey(encoded: encoded)
    }

    private init(encoded: [UInt8]) { self.encoded = encoded }

    /// SubjectPublicKeyInfo, with the curve's name.
    public func publicKey() throws(CryptographyError) -> [UInt8] {
        let key = try LibraryKey(privateKey: encoded)
        defer { withExtendedLifetime(key) {} }
        guard let der = LibraryKey.encode({ i2d_PUBKEY(key.pointer, $0) }) else { throw .library("public key") }
        return der
    }

    /// The raw RSA operation: block ^ d modulo n. The block is as long as the modulus and below it.
    public func rawRSA(_ block: [UInt8]) throws(CryptographyError) -> [UInt8] {
        try LibraryKey(privateKey: encoded).rawRSA(block, isPrivate: true)
    }

    /// ECDSA in the plain format r || s, each as long as the group's order (BSI TR-03111, 5.2.1).
    public func ecdsa(_ message: [UInt8], hash: HashFunction) throws(CryptographyError) -> [UInt8] {
        let key = try LibraryKey(privateKey: encoded)
        defer { withExtendedLifetime(key) {} }
        guard let context = EVP_MD_CTX_new() else { throw .library("signature context") }
        defer { EVP_MD_CTX_free(context) }
        var der = [UInt8](repeating: 0, count: Int(EVP_PKEY_get_size(key.pointer)))
        var length = der.count
        guard EVP_DigestSignInit(context, nil, hash.algorithm, nil, key.pointer) == 1,
            EVP_DigestSign(context, &der, &length, message, message.count) == 1
        else { throw .library("signature") }
        let pair = der.withUnsafeBufferPointer { bytes in
            var next = bytes.baseAddress
            return d2i_ECDSA_SIG(nil, &next, length)
        }
        guard let pair else { throw .library("signature") }
        defer { ECDSA_SIG_free(pair) }
        let half = (Int(EVP_PKEY_get_bits(key.pointer)) + 7) / 8
        let numbers = try Numbers()
        return try numbers.bytes(ECDSA_SIG_get0_r(pair), length: half)
            + (try numbers.bytes(ECDSA_SIG_get0_s(pair), length: half))
    }
}

extension EllipticCurve {
    /// The ECParameters of RFC 3279, 2.3.5: the curve's name, or everything written out.
    public func parameters(isExplicit: Bool) throws(CryptographyError) -> [UInt8] {
        let curve = try CurveGroup(self)
        defer { withExtendedLifetime(curve) {} }
        EC_GROUP_set_asn1_flag(curve.group, isExplicit ? OPENSSL_EC_EXPLICIT_CURVE : OPENSSL_EC_NAMED_CURVE)
        guard let der = LibraryKey.encode({ i2d_ECPKParameters(curve.group, $0) }) else {
            throw .library("curve parameters")
        }
        return der
    }
}
