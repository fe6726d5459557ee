import COpenSSL

/// Owns a key of libcrypto's for one computation; lives and dies inside one call.
final class LibraryKey {
    let pointer: OpaquePointer

    /// Takes over the key.
    init(_ pointer: OpaquePointer) { self.pointer = pointer }

    deinit { EVP_PKEY_free(pointer) }

    /// - Parameter der: a SubjectPublicKeyInfo.
    convenience init(publicKey der: [UInt8]) throws(CryptographyError) {
        let key = der.withUnsafeBufferPointer { bytes in
            var next = bytes.baseAddress
            return d2i_PUBKEY(nil, &next, bytes.count)
        }
        guard let key else { throw .badInput("public key") }
        self.init(key)
    }

    /// - Parameter der: PKCS #8, or the algorithm's own form.
    convenience init(privateKey der: [UInt8]) throws(CryptographyError) {
        let key = der.withUnsafeBufferPointer { bytes in
            var next = bytes.baseAddress
            return d2i_AutoPrivateKey(nil, &next, bytes.count)
        }
        guard let key else { throw .badInput("private key") }
        self.init(key)
    }

    /// One of a key's numbers, big-endian without leading zeros.
    static func number(_ name: String, of key: OpaquePointer) throws(CryptographyError) -> [UInt8] {
        var number: OpaquePointer?
        defer { BN_clear_free(number) }
        guard EVP_PKEY_get_bn_param(key, name, &number) == 1, let number else { throw .library("parameter \(name)") }
        var bytes = [UInt8](repeating: 0, count: Numbers.byteLength(number))
        BN_bn2bin(number, &bytes)
        return bytes
    }

    /// What one of libcrypto's functions writes that is first asked for the length and then for the bytes.
    static func encode(_ body: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32) -> [UInt8]? {
        let length = body(nil)
        guard length > 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: Int(length))
        let written = bytes.withUnsafeMutableBufferPointer { buffer in
            var next = buffer.baseAddress
            return withUnsafeMutablePointer(to: &next) { body($0) }
        }
        return written == length ? bytes : nil
    }

    /// The raw RSA operation on one block as long as the modulus, without any padding.
    func rawRSA(_ block: [UInt8], isPrivate: Bool) throws(CryptographyError) -> [UInt8] {
        defer { withExtendedLifetime(self) {} }
        guard EVP_PKEY_is_a(pointer, "RSA") == 1 else { throw .badInput("not an RSA key") }
        guard block.count == Int(EVP_PKEY_get_size(pointer)) else { throw .badInput("block of \(block.count) bytes") }
        guard let context = EVP_PKEY_CTX_new_from_pkey(nil, pointer, nil) else { throw .library("RSA context") }
        defer { EVP_PKEY_CTX_free(context) }
        var output = [UInt8](repeating: 0, count: block.count)
        var length = output.count
        let initialized = isPrivate ? EVP_PKEY_sign_init(context) : EVP_PKEY_verify_recover_init(context)
        guard initialized == 1, EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) == 1 else {
            throw .library("RSA")
        }
        let done =
            isPrivate
            ? EVP_PKEY_sign(context, &output, &length, block, block.count)
            : EVP_PKEY_verify_recover(context, &output, &length, block, block.count)
        guard done == 1, length == block.count else { throw .badInput("signature is not below the modulus") }
        return output
    }
}
