import COpenSSL

/// A cipher and the message authentication code that belongs to it in ICAO 9303-11, 9.8: two-key 3DES with the retail
/// MAC, or AES with CMAC.
public enum CardCipher: Sendable, Hashable, CaseIterable {
    case tripleDES
    case aes128
    case aes192
    case aes256

    /// Length of a key in bytes.
    public var keyLength: Int {
        switch self {
        case .tripleDES, .aes128: 16
        case .aes192: 24
        case .aes256: 32
        }
    }

    /// Length of a block in bytes, which is also that of the send sequence counter.
    public var blockLength: Int { self == .tripleDES ? 8 : 16 }

    /// CBC without padding: the plain text must be whole blocks.
    public func encrypt(
        _ plaintext: [UInt8], key: [UInt8], initializationVector: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        try runCBC(plaintext, key: key, initializationVector: initializationVector, encrypting: true)
    }

    /// CBC without padding: the cipher text must be whole blocks.
    public func decrypt(
        _ ciphertext: [UInt8], key: [UInt8], initializationVector: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        try runCBC(ciphertext, key: key, initializationVector: initializationVector, encrypting: false)
    }

    /// One block on its own (ECB), as the initialization vector of AES secure messaging is made.
    public func encryptBlock(_ block: [UInt8], key: [UInt8]) throws(CryptographyError) -> [UInt8] {
        guard block.count == blockLength else { throw .badInput("block of \(block.count) bytes") }
        return try encrypt(block, key: key, initializationVector: zeroBlock)
    }

    public var zeroBlock: [UInt8] { [UInt8](repeating: 0, count: blockLength) }

    /// The eight-byte code of secure messaging and of tokens. 3DES: retail MAC (ISO/IEC 9797-1 algorithm 3 with
    /// padding method 2, added here). AES: CMAC (NIST SP 800-38B) of the data as it is, its first eight bytes.
    public func authenticationCode(of data: [UInt8], key: [UInt8]) throws(CryptographyError) -> [UInt8] {
        switch self {
        case .tripleDES: try RetailMAC.code(of: ISOPadding.added(to: data, block: 8), key: key)
        case .aes128, .aes192, .aes256: Array(try CMAC.code(of: data, key: key, cipher: self).prefix(8))
        }
    }

    private func runCBC(
        _ input: [UInt8], key: [UInt8], initializationVector: [UInt8], encrypting: Bool
    ) throws(CryptographyError) -> [UInt8] {
        guard key.count == keyLength else { throw .badInput("key of \(key.count) bytes") }
        let algorithm =
            switch self {
            case .tripleDES: EVP_des_ede3_cbc()
            case .aes128: EVP_aes_128_cbc()
            case .aes192: EVP_aes_192_cbc()
            case .aes256: EVP_aes_256_cbc()
            }
        let full = self == .tripleDES ? key + key.prefix(8) : key
        return try BlockMode.run(
            algorithm, input, key: full, initializationVector: initializationVector, block: blockLength,
            encrypting: encrypting)
    }
}

/// One pass of an EVP block cipher without padding.
enum BlockMode {
    static func run(
        _ algorithm: OpaquePointer?, _ input: [UInt8], key: [UInt8], initializationVector: [UInt8], block: Int,
        encrypting: Bool
    ) throws(CryptographyError) -> [UInt8] {
        guard initializationVector.count == block else { throw .badInput("initialization vector") }
        guard input.count.isMultiple(of: block), input.count < 1 << 30 else { throw .badInput("not whole blocks") }
        guard !input.isEmpty else { return [] }
        guard let context = EVP_CIPHER_CTX_new() else { throw .library("cipher context") }
        defer { EVP_CIPHER_CTX_free(context) }
        var output = [UInt8](repeating: 0, count: input.count + block)
        var written: Int32 = 0
        guard EVP_CipherInit_ex(context, algorithm, nil, key, initializationVector, encrypting ? 1 : 0) == 1,
            EVP_CIPHER_CTX_set_padding(context, 0) == 1,
            EVP_CipherUpdate(context, &output, &written, input, Int32(input.count)) == 1,
            Int(written) == input.count
        else { throw .library("block cipher") }
        return Array(output.prefix(input.count))
    }
}
