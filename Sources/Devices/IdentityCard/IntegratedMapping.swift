import CardCryptography

/// The pseudo-random function of integrated mapping (ICAO 9303-11, 4.4.3.3.2, figure 2).
enum IntegratedMapping {
    /// For 3DES and AES-128 (l = 128).
    private static let shortConstants: ([UInt8], [UInt8]) = (
        [0xA6, 0x68, 0x89, 0x2A, 0x7C, 0x41, 0xE3, 0xCA, 0x73, 0x9F, 0x40, 0xB0, 0x57, 0xD8, 0x59, 0x04],
        [0xA4, 0xE1, 0x36, 0xAC, 0x72, 0x5F, 0x73, 0x8B, 0x01, 0xC1, 0xF6, 0x02, 0x17, 0xC1, 0x88, 0xAD]
    )
    /// For AES-192 and AES-256 (l = 256).
    private static let longConstants: ([UInt8], [UInt8]) = (
        [
            0xD4, 0x63, 0xD6, 0x52, 0x34, 0x12, 0x4E, 0xF7, 0x89, 0x70, 0x54, 0x98, 0x6D, 0xCA, 0x0A, 0x17,
            0x4E, 0x28, 0xDF, 0x75, 0x8C, 0xBA, 0xA0, 0x3F, 0x24, 0x06, 0x16, 0x41, 0x4D, 0x5A, 0x16, 0x76,
        ],
        [
            0x54, 0xBD, 0x72, 0x55, 0xF0, 0xAA, 0xF8, 0x31, 0xBE, 0xC3, 0x42, 0x3F, 0xCF, 0x39, 0xD6, 0x9B,
            0x6C, 0xBF, 0x06, 0x66, 0x77, 0xD0, 0xFA, 0xAE, 0x5A, 0xAD, 0xD9, 0x9D, 0xF8, 0xE5, 0x35, 0x17,
        ]
    )

    /// Length of the chip's nonce s in bytes: whole blocks, at least a key long.
    static func chipNonceLength(for cipher: CardCipher) -> Int { cipher.keyLength > 16 ? 32 : 16 }

    /// Length of the reader's nonce t in bytes: a key.
    static func readerNonceLength(for cipher: CardCipher) -> Int { cipher.keyLength }

    /// x1 || … || xn, not yet reduced modulo the field's prime.
    static func pseudorandom(
        chipNonce: [UInt8], readerNonce: [UInt8], cipher: CardCipher, fieldBits: Int
    ) throws(CryptographyError) -> [UInt8] {
        let length = chipNonceLength(for: cipher)
        guard chipNonce.count == length, readerNonce.count == cipher.keyLength else {
            throw .badInput("nonce's length")
        }
        let (c0, c1) = length == 16 ? shortConstants : longConstants
        let bits = length * 8
        var key = try encrypt(chipNonce, readerNonce, cipher)
        var output: [UInt8] = []
        for _ in 0..<(fieldBits + 64 + bits - 1) / bits {
            output += try encrypt(c1, key, cipher)
            key = try encrypt(c0, key, cipher)
        }
        return output
    }

    private static func encrypt(
        _ plaintext: [UInt8], _ key: [UInt8], _ cipher: CardCipher
    ) throws(CryptographyError) -> [UInt8] {
        try cipher.encrypt(
            plaintext, key: Array(key.prefix(cipher.keyLength)), initializationVector: cipher.zeroBlock)
    }
}
