import CardCryptography

/// Active authentication from the chip's side (ICAO 9303-11, 6.1.2): a signature over what the reader sent.
enum ChipSignature {
    static func sign(
        _ nonce: [UInt8], as kind: ChipProtocols.Signature, key: SigningKey, randomness: ChipRandomness
    ) throws -> [UInt8] {
        switch kind {
        case .ecdsa(_, let hash): return try key.ecdsa(nonce, hash: hash)
        case .rsa(let bits, let hash, let hasLongTrailer):
            return try key.rawRSA(
                block(nonce, length: bits / 8, hash, hasLongTrailer || hash != .sha1, randomness))
        }
    }

    /// 6A (partial recovery, no padding), a number of the chip's that fills the block, the hash of both numbers, the
    /// trailer (ISO/IEC 9796-2, scheme 1).
    private static func block(
        _ nonce: [UInt8], length: Int, _ hash: HashFunction, _ hasLongTrailer: Bool, _ randomness: ChipRandomness
    ) throws -> [UInt8] {
        var trailer: [UInt8] = [0xBC]
        if hasLongTrailer {
            switch hash {
            case .sha1: trailer = [0x33, 0xCC]
            case .sha224: trailer = [0x38, 0xCC]
            case .sha256: trailer = [0x34, 0xCC]
            case .sha384: trailer = [0x36, 0xCC]
            case .sha512: trailer = [0x35, 0xCC]
            }
        }
        let own = randomness.bytes(length - 1 - hash.length - trailer.count)
        return [0x6A] + own + (try hash.hash(own + nonce)) + trailer
    }
}
