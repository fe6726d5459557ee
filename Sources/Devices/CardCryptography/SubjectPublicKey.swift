import COpenSSL

/// A public key as certificates and data groups carry it: SubjectPublicKeyInfo (RFC 5280, 4.1.2.7), with named or
/// explicit curve parameters, or the standardized domain parameters of BSI TR-03110-3, A.2.1.1. libcrypto decodes it.
public struct SubjectPublicKey: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        case rsa(bits: Int)
        /// For key agreement: the group, and the public value (an uncompressed point, or a number as long as the prime).
        case keyAgreement(KeyAgreementGroup, publicKey: [UInt8])
        /// A curve that is none of the standard's; good for signatures only.
        case otherCurve
    }

    /// DER as it was read.
    public let encoded: [UInt8]
    public let kind: Kind

    /// Longer keys are refused before they are decoded; RSA with 4096 bits takes 550 bytes.
    public static let lengthLimit = 4096

    public init(_ der: [UInt8]) throws(CryptographyError) {
        guard der.count <= Self.lengthLimit else { throw .badInput("public key of \(der.count) bytes") }
        let key = der.withUnsafeBufferPointer { bytes in
            var next = bytes.baseAddress
            return d2i_X509_PUBKEY(nil, &next, bytes.count)
        }
        guard let key else { throw .badInput("public key") }
        defer { X509_PUBKEY_free(key) }
        encoded = der
        kind = try Self.kind(of: key)
    }

    private static func kind(of key: OpaquePointer) throws(CryptographyError) -> Kind {
        var algorithm: OpaquePointer?
        var identifier: UnsafePointer<UInt8>?
        var count: Int32 = 0
        var parameters: UnsafeMutablePointer<X509_ALGOR>?
        guard X509_PUBKEY_get0_param(&algorithm, &identifier, &count, &parameters, key) == 1, let parameters,
            let identifier, count > 0
        else { throw .badInput("public key") }
        let value = Array(UnsafeBufferPointer(start: identifier, count: Int(count)))
        switch dottedForm(algorithm) {
        case "1.2.840.10045.2.1":
            guard let curve = try curve(of: parameters) else { return .otherCurve }
            try curve.check(value)
            return .keyAgreement(.curve(curve), publicKey: value)
        case "0.4.0.127.0.7.1.2":
            return try standardized(parameters, value)
        case "1.2.840.10046.2.1", "1.2.840.113549.1.3.1":
            return try modular(key)
        case "1.2.840.113549.1.1.1":
            guard let decoded = X509_PUBKEY_get0(key), EVP_PKEY_is_a(decoded, "RSA") == 1 else {
                throw .badInput("RSA key")
            }
            return .rsa(bits: Int(EVP_PKEY_get_bits(decoded)))
        case let other: throw .badInput("public key of algorithm \(other)")
        }
    }

    private static func dottedForm(_ identifier: OpaquePointer?) -> String {
        var text = [CChar](repeating: 0, count: 80)
        guard OBJ_obj2txt(&text, Int32(text.count), identifier, 1) > 0 else { return "none" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// - Returns: nil for a curve that is not in the standard's table.
    private static func curve(
        of parameters: UnsafePointer<X509_ALGOR>
    ) throws(CryptographyError) -> EllipticCurve? {
        var type: Int32 = 0
        var value: UnsafeRawPointer?
        X509_ALGOR_get0(nil, &type, &value, parameters)
        switch (type, value) {
        case (V_ASN1_OBJECT, let value?):
            let nid = OBJ_obj2nid(OpaquePointer(value))
            return EllipticCurve.allCases.first { $0.nid == nid }
        case (V_ASN1_SEQUENCE, let value?):
            let string = value.assumingMemoryBound(to: ASN1_STRING.self)
            let length = Int(ASN1_STRING_length(string))
            var next = ASN1_STRING_get0_data(string)
            guard let group = d2i_ECPKParameters(nil, &next, length) else { throw .badInput("curve parameters") }
            defer { EC_GROUP_free(group) }
            let nid = EC_GROUP_check_named_curve(group, 0, nil)
            return EllipticCurve.allCases.first { $0.nid == nid }
        default: throw .badInput("curve parameters")
        }
    }

    /// The point or the INTEGER in group number n.
    private static func standardized(
        _ parameters: UnsafePointer<X509_ALGOR>, _ value: [UInt8]
    ) throws(CryptographyError) -> Kind {
        var type: Int32 = 0
        var number: UnsafeRawPointer?
        X509_ALGOR_get0(nil, &type, &number, parameters)
        guard type == V_ASN1_INTEGER, let number,
            let group = try KeyAgreementGroup(
                standardized: Int(ASN1_INTEGER_get(number.assumingMemoryBound(to: ASN1_INTEGER.self))))
        else { throw .badInput("standardized domain parameters") }
        switch group {
        case .curve(let curve):
            try curve.check(value)
            return .keyAgreement(group, publicKey: value)
        case .modular(let modular):
            let decoded = value.withUnsafeBufferPointer { bytes in
                var next = bytes.baseAddress
                return d2i_ASN1_INTEGER(nil, &next, bytes.count)
            }
            guard let decoded, let big = ASN1_INTEGER_to_BN(decoded, nil) else { throw .badInput("public key") }
            defer {
                ASN1_INTEGER_free(decoded)
                BN_free(big)
            }
            var bytes = [UInt8](repeating: 0, count: modular.prime.count)
            guard BN_bn2binpad(big, &bytes, Int32(bytes.count)) > 0 else { throw .badInput("public key") }
            return .keyAgreement(group, publicKey: bytes)
        }
    }

    private static func modular(_ key: OpaquePointer) throws(CryptographyError) -> Kind {
        guard let decoded = X509_PUBKEY_get0(key) else { throw .badInput("Diffie-Hellman key") }
        let group = try ModularGroup(
            prime: LibraryKey.number(OSSL_PKEY_PARAM_FFC_P, of: decoded),
            generator: LibraryKey.number(OSSL_PKEY_PARAM_FFC_G, of: decoded),
            order: try? LibraryKey.number(OSSL_PKEY_PARAM_FFC_Q, of: decoded))
        let value = try LibraryKey.number(OSSL_PKEY_PARAM_PUB_KEY, of: decoded)
        guard value.count <= group.prime.count else { throw .badInput("public key out of range") }
        let padding = [UInt8](repeating: 0, count: group.prime.count - value.count)
        return .keyAgreement(.modular(group), publicKey: padding + value)
    }

    // MARK: Signatures

    /// The raw RSA operation: signature ^ e modulo n, as long as the modulus.
    public func recover(_ signature: [UInt8]) throws(CryptographyError) -> [UInt8] {
        try LibraryKey(publicKey: encoded).rawRSA(signature, isPrivate: false)
    }

    /// The modulus less a number below it, both as long as the modulus.
    public func complement(_ number: [UInt8]) throws(CryptographyError) -> [UInt8] {
        let key = try LibraryKey(publicKey: encoded)
        defer { withExtendedLifetime(key) {} }
        let modulus = try LibraryKey.number(OSSL_PKEY_PARAM_RSA_N, of: key.pointer)
        let numbers = try Numbers()
        let difference = try numbers.fresh()
        guard BN_sub(difference, try numbers.number(modulus), try numbers.number(number)) == 1,
            BN_is_negative(difference) == 0
        else { throw .badInput("number is not below the modulus") }
        return try numbers.bytes(difference, length: number.count)
    }

    /// ECDSA with the plain signature format r || s (BSI TR-03111, 5.2.1).
    /// - Returns: false for a signature that is not this key's, whatever is wrong with it.
    public func verifyECDSA(
        _ signature: [UInt8], of message: [UInt8], hash: HashFunction
    ) throws(CryptographyError) -> Bool {
        guard signature.count.isMultiple(of: 2), (32...132).contains(signature.count) else { return false }
        guard let pair = ECDSA_SIG_new() else { throw .library("signature") }
        defer { ECDSA_SIG_free(pair) }
        let half = signature.count / 2
        guard let r = BN_bin2bn(signature, Int32(half), nil),
            let s = BN_bin2bn(Array(signature.suffix(half)), Int32(half), nil), ECDSA_SIG_set0(pair, r, s) == 1,
            let der = LibraryKey.encode({ i2d_ECDSA_SIG(pair, $0) })
        else { throw .library("signature") }
        let key = try LibraryKey(publicKey: encoded)
        defer { withExtendedLifetime(key) {} }
        guard EVP_PKEY_is_a(key.pointer, "EC") == 1 else { throw .badInput("not a curve's key") }
        guard let context = EVP_MD_CTX_new() else { throw .library("signature context") }
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestVerifyInit(context, nil, hash.algorithm, nil, key.pointer) == 1 else {
            throw .library("signature")
        }
        let verified = EVP_DigestVerify(context, der, der.count, message, message.count) == 1
        if !verified { ERR_clear_error() }
        return verified
    }
}
