/// The key derivation function of ICAO 9303-11, 9.7.1.
public enum KeyDerivation {
    /// The counter that separates the keys made from one secret.
    public enum Purpose: UInt8, Sendable {
        case encryption = 1
        case authentication = 2
        /// Kπ, from a password (9.7.3).
        case password = 3
    }

    /// SHA-1 for 3DES (with odd parity) and AES-128, SHA-256 for the longer AES keys.
    public static func key(
        _ purpose: Purpose, from secret: [UInt8], for cipher: CardCipher
    ) throws(CryptographyError) -> [UInt8] {
        let input = secret + [0, 0, 0, purpose.rawValue]
        switch cipher {
        case .tripleDES: return oddParity(Array(try HashFunction.sha1.hash(input).prefix(16)))
        case .aes128: return Array(try HashFunction.sha1.hash(input).prefix(16))
        case .aes192: return Array(try HashFunction.sha256.hash(input).prefix(24))
        case .aes256: return try HashFunction.sha256.hash(input)
        }
    }

    private static func oddParity(_ key: [UInt8]) -> [UInt8] {
        key.map { byte in
            let upper = byte & 0xFE
            return upper | (upper.nonzeroBitCount.isMultiple(of: 2) ? 1 : 0)
        }
    }
}
