import CardCryptography

/// A signature with message recovery, opened: ISO/IEC 9796-2, digital signature scheme 1. The recovered block is
/// `header | M1 | hash | trailer`.
struct MessageRecovery {
    private let recoverable: [UInt8]
    private let digest: [UInt8]
    private let hash: HashFunction
    /// Partial recovery: the message goes on outside of the signature.
    private let isPartial: Bool

    /// - Returns: nil when the signature is not one of this key's.
    init?(signature: [UInt8], key: SubjectPublicKey) throws(CryptographyError) {
        guard case .rsa(let bits) = key.kind, signature.count == (bits + 7) / 8 else { return nil }
        guard var block = try? key.recover(signature) else { return nil }
        // B.6 gives the block itself; B.4 gives it or its complement, of which only one ends in C.
        if block.last.map({ $0 & 0x0F }) != 0x0C { block = try key.complement(block) }
        guard let (hash, trailerLength) = Self.trailer(of: block),
            let start = Self.messageStart(in: block), start + hash.length + trailerLength <= block.count
        else { return nil }
        let digestStart = block.count - trailerLength - hash.length
        self.hash = hash
        isPartial = block[0] & 0x20 != 0
        recoverable = Array(block[start..<digestStart])
        digest = Array(block[digestStart..<block.count - trailerLength])
    }

    /// The hash function, when the message is `recoverable | nonce`, or, with total recovery, ends in the nonce.
    func hash(accepting nonce: [UInt8]) throws(CryptographyError) -> HashFunction? {
        let message = isPartial ? recoverable + nonce : recoverable
        guard message.suffix(nonce.count) == nonce[...] else { return nil }
        return ConstantTime.equal(try hash.hash(message), digest) ? hash : nil
    }

    /// Option 1: BC, for SHA-1. Option 2: the hash function's number (ISO/IEC 10118-3), then CC.
    private static func trailer(of block: [UInt8]) -> (HashFunction, Int)? {
        switch (block.dropLast().last, block.last) {
        case (_, 0xBC): (.sha1, 1)
        case (0x33, 0xCC): (.sha1, 2)
        case (0x34, 0xCC): (.sha256, 2)
        case (0x35, 0xCC): (.sha512, 2)
        case (0x36, 0xCC): (.sha384, 2)
        case (0x38, 0xCC): (.sha224, 2)
        default: nil
        }
    }

    /// The header is 4A or 6A; when the message is short 4B or 6B, then BB as often as needed, then BA. The whole of it is
    /// checked: freedom here is what forgeries need.
    private static func messageStart(in block: [UInt8]) -> Int? {
        switch block.first {
        case 0x4A, 0x6A: return 1
        case 0x4B, 0x6B:
            guard let end = block.dropFirst().firstIndex(where: { $0 != 0xBB }), block[end] == 0xBA else { return nil }
            return end + 1
        default: return nil
        }
    }
}
