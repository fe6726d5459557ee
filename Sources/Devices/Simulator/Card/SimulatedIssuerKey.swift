import COpenSSL
import CardCryptography
import SwiftASN1

/// A private key that lives as long as the simulator, made and used by libcrypto.
struct SimulatedIssuerKey: Sendable {
    let algorithm: SimulatedIssuerAlgorithm
    /// SubjectPublicKeyInfo.
    let publicKey: [UInt8]
    private let privateKey: [UInt8]

    enum Failure: Error {
        /// The text names the operation.
        case library(String)
    }

    init(_ algorithm: SimulatedIssuerAlgorithm) throws {
        self.algorithm = algorithm
        let key = try Self.make(algorithm.key)
        defer { EVP_PKEY_free(key) }
        privateKey = try Self.encode(key, i2d_PrivateKey)
        publicKey = try Self.encode(key, i2d_PUBKEY)
    }

    /// RFC 5280, 4.2.1.2, method 1: SHA-1 of the key's bits.
    var identifier: [UInt8] {
        get throws {
            let bits = try DER.sequence(try DER.parse(publicKey), identifier: .sequence) { nodes in
                _ = nodes.next()
                return try ASN1BitString(derEncoded: &nodes).bytes
            }
            return try HashFunction.sha1.hash(Array(bits))
        }
    }

    /// With another way of signing, the same key.
    func signing(with algorithm: SimulatedIssuerAlgorithm) -> SimulatedIssuerKey {
        SimulatedIssuerKey(algorithm: algorithm, publicKey: publicKey, privateKey: privateKey)
    }

    private init(algorithm: SimulatedIssuerAlgorithm, publicKey: [UInt8], privateKey: [UInt8]) {
        (self.algorithm, self.publicKey, self.privateKey) = (algorithm, publicKey, privateKey)
    }

    func sign(_ message: [UInt8]) throws -> [UInt8] {
        let key = privateKey.withUnsafeBufferPointer { buffer in
            var at = buffer.baseAddress
            return d2i_AutoPrivateKey(nil, &at, buffer.count)
        }
        guard let key, let context = EVP_MD_CTX_new() else { throw Failure.library("private key") }
        defer {
            EVP_MD_CTX_free(context)
            EVP_PKEY_free(key)
        }
        var parameters: OpaquePointer?
        var length = 0
        guard EVP_DigestSignInit(context, &parameters, Self.library(algorithm.hash), nil, key) == 1,
            prepare(parameters), EVP_DigestSign(context, nil, &length, message, message.count) == 1
        else { throw Failure.library("signature") }
        var signature = [UInt8](repeating: 0, count: length)
        guard EVP_DigestSign(context, &signature, &length, message, message.count) == 1 else {
            throw Failure.library("signature")
        }
        signature.removeLast(signature.count - length)
        return algorithm.scheme == .plainECDSA
            ? try Self.plain(signature, size: Int(EVP_PKEY_get_bits(key) + 7) / 8) : signature
    }

    private func prepare(_ parameters: OpaquePointer?) -> Bool {
        guard case .pss(let mask, let salt) = algorithm.scheme else { return true }
        return EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1
            && EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, Int32(salt ?? algorithm.hash.length)) == 1
            && EVP_PKEY_CTX_set_rsa_mgf1_md(parameters, Self.library(mask ?? algorithm.hash)) == 1
    }

    /// The SEQUENCE { r, s } as r and s side by side, each as long as the group's order.
    private static func plain(_ signature: [UInt8], size: Int) throws -> [UInt8] {
        try DER.sequence(try DER.parse(signature), identifier: .sequence) { nodes in
            let numbers = [try ArraySlice<UInt8>(derEncoded: &nodes), try ArraySlice<UInt8>(derEncoded: &nodes)]
            return numbers.flatMap { number in
                let digits = number.drop { $0 == 0 }
                return [UInt8](repeating: 0, count: size - digits.count) + digits
            }
        }
    }

    private static func make(_ kind: SimulatedIssuerAlgorithm.Key) throws -> OpaquePointer {
        let name = if case .rsa = kind { "RSA" } else { "EC" }
        guard let context = EVP_PKEY_CTX_new_from_name(nil, name, nil) else { throw Failure.library("key") }
        defer { EVP_PKEY_CTX_free(context) }
        var isReady = EVP_PKEY_keygen_init(context) == 1
        switch kind {
        case .rsa(let bits): isReady = isReady && EVP_PKEY_CTX_set_rsa_keygen_bits(context, Int32(bits)) == 1
        case .curve(let name, let explicit):
            isReady = isReady && EVP_PKEY_CTX_set_group_name(context, name) == 1
            if explicit {
                isReady = isReady && EVP_PKEY_CTX_set_ec_param_enc(context, OPENSSL_EC_EXPLICIT_CURVE) == 1
            }
        }
        var key: OpaquePointer?
        guard isReady, EVP_PKEY_generate(context, &key) == 1, let key else { throw Failure.library("key of \(kind)") }
        return key
    }

    private static func encode(
        _ key: OpaquePointer, _ encoder: (OpaquePointer?, UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32
    ) throws -> [UInt8] {
        let length = encoder(key, nil)
        guard length > 0 else { throw Failure.library("encoding of a key") }
        var bytes = [UInt8](repeating: 0, count: Int(length))
        let written = bytes.withUnsafeMutableBufferPointer { buffer in
            var at = buffer.baseAddress
            return encoder(key, &at)
        }
        guard written == length else { throw Failure.library("encoding of a key") }
        return bytes
    }

    private static func library(_ hash: HashFunction) -> OpaquePointer? {
        switch hash {
        case .sha1: EVP_sha1()
        case .sha224: EVP_sha224()
        case .sha256: EVP_sha256()
        case .sha384: EVP_sha384()
        case .sha512: EVP_sha512()
        }
    }
}
