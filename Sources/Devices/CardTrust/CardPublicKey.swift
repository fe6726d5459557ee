import COpenSSL
import CardCryptography
import SwiftASN1

/// The public key of a certificate: a SubjectPublicKeyInfo. libcrypto decodes it and verifies signatures with it.
public struct CardPublicKey: Sendable, Hashable {
    public let subjectPublicKeyInfo: [UInt8]

    public enum Kind: Sendable, Hashable, CustomStringConvertible {
        case rsa(bits: Int)
        /// By the curve's usual name. Explicit parameters (ICAO 9303-12, 4.1.6.3) count only when they are exactly those of a
        /// curve with a name: somebody who may choose the generator can choose a key that verifies what he likes.
        case curve(String, explicitParameters: Bool)

        public var description: String {
            switch self {
            case .rsa(let bits): "RSA \(bits)"
            case .curve(let name, true): "\(name) (explicit parameters)"
            case .curve(let name, false): name
            }
        }
    }

    public func kind() throws(CardTrustError) -> Kind { try LibraryKey(self).kind }

    /// Whether this key made the signature. A scheme that does not go with the key is no valid signature.
    func isValid(
        _ signature: [UInt8], over message: [UInt8], _ scheme: SignatureScheme
    ) throws(CardTrustError) -> Bool {
        try LibraryKey(self).isValid(signature, over: message, scheme)
    }
}

/// Owns libcrypto's key for one computation; lives and dies inside one call.
private final class LibraryKey {
    private let key: OpaquePointer
    let kind: CardPublicKey.Kind

    init(_ key: CardPublicKey) throws(CardTrustError) {
        let bytes = key.subjectPublicKeyInfo
        guard bytes.count <= 8192 else { throw .tooLarge("public key") }
        let decoded = bytes.withUnsafeBufferPointer { buffer in
            var at = buffer.baseAddress
            return d2i_PUBKEY(nil, &at, buffer.count)
        }
        guard let decoded else {
            ERR_clear_error()
            throw .unsupported("public key")
        }
        do {
            kind = try Self.kind(of: decoded)
        } catch {
            EVP_PKEY_free(decoded)
            throw error
        }
        self.key = decoded
    }

    deinit { EVP_PKEY_free(key) }

    /// Smaller keys are no signature any more, larger ones only cost time.
    private static let rsaBits = 1024...8192

    private static func kind(of key: OpaquePointer) throws(CardTrustError) -> CardPublicKey.Kind {
        if EVP_PKEY_is_a(key, "RSA") == 1 || EVP_PKEY_is_a(key, "RSA-PSS") == 1 {
            let bits = Int(EVP_PKEY_get_bits(key))
            guard rsaBits.contains(bits) else { throw .unsupported("RSA key of \(bits) bits") }
            return .rsa(bits: bits)
        }
        guard EVP_PKEY_is_a(key, "EC") == 1 else { throw .unsupported("public key's algorithm") }
        var name = [CChar](repeating: 0, count: 64)
        var length = 0
        guard EVP_PKEY_get_group_name(key, &name, name.count, &length) == 1,
            let curve = curves[String(decoding: name.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)]
        else {
            ERR_clear_error()
            throw .unsupported("elliptic curve: not a known one, and its explicit parameters equal none")
        }
        var explicit: Int32 = 0
        EVP_PKEY_get_int_param(key, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &explicit)
        return .curve(curve, explicitParameters: explicit == 1)
    }

    /// The curves of ICAO 9303-12, 4.1.6.3 by libcrypto's names.
    private static let curves = [
        "prime192v1": "P-192", "secp224r1": "P-224", "prime256v1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521",
        "brainpoolP192r1": "brainpoolP192r1", "brainpoolP224r1": "brainpoolP224r1",
        "brainpoolP256r1": "brainpoolP256r1", "brainpoolP320r1": "brainpoolP320r1",
        "brainpoolP384r1": "brainpoolP384r1", "brainpoolP512r1": "brainpoolP512r1",
    ]

    func isValid(
        _ signature: [UInt8], over message: [UInt8], _ scheme: SignatureScheme
    ) throws(CardTrustError) -> Bool {
        switch (scheme, kind) {
        case (.rsa(let hash), .rsa):
            return try verify(signature, message, hash) { EVP_PKEY_CTX_set_rsa_padding($0, RSA_PKCS1_PADDING) == 1 }
        case (.rsaPSS(let hash, let maskHash, let saltLength), .rsa):
            return try verify(signature, message, hash) { context in
                EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1
                    && EVP_PKEY_CTX_set_rsa_pss_saltlen(context, Int32(saltLength)) == 1
                    && EVP_PKEY_CTX_set_rsa_mgf1_md(context, maskHash.algorithm) == 1
            }
        case (.ecdsa(let hash), .curve):
            return try verify(signature, message, hash) { _ in true }
        case (.plainECDSA(let hash), .curve):
            guard let encoded = Self.sequence(ofPlain: signature) else { return false }
            return try verify(encoded, message, hash) { _ in true }
        case (.unsupported(let what), _):
            throw .unsupported(what)
        default:
            return false
        }
    }

    private func verify(
        _ signature: [UInt8], _ message: [UInt8], _ hash: HashFunction, prepare: (OpaquePointer?) -> Bool
    ) throws(CardTrustError) -> Bool {
        guard let context = EVP_MD_CTX_new() else { throw .library("verification") }
        defer {
            EVP_MD_CTX_free(context)
            // What libcrypto noted about a bad signature is of no use to whoever calls it next on this thread.
            ERR_clear_error()
        }
        var parameters: OpaquePointer?
        guard EVP_DigestVerifyInit(context, &parameters, hash.algorithm, nil, key) == 1, prepare(parameters) else {
            return false
        }
        return EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }

    /// r and s, side by side, as the SEQUENCE that libcrypto takes.
    private static func sequence(ofPlain signature: [UInt8]) -> [UInt8]? {
        guard !signature.isEmpty, signature.count % 2 == 0, signature.count <= 132 else { return nil }
        var coder = DER.Serializer()
        coder.appendConstructedNode(identifier: .sequence) { coder in
            for half in [signature.prefix(signature.count / 2), signature.suffix(signature.count / 2)] {
                coder.appendPrimitiveNode(identifier: .integer) { bytes in
                    let digits = half.drop { $0 == 0 }
                    if (digits.first ?? 0x80) >= 0x80 { bytes.append(0) }
                    bytes += digits
                }
            }
        }
        return coder.serializedBytes
    }
}

extension HashFunction {
    /// libcrypto's own object, which lives as long as the program.
    fileprivate var algorithm: OpaquePointer? {
        switch self {
        case .sha1: EVP_sha1()
        case .sha224: EVP_sha224()
        case .sha256: EVP_sha256()
        case .sha384: EVP_sha384()
        case .sha512: EVP_sha512()
        }
    }
}
