import Crypto
import Foundation

/// The content of a sealed dossier: AES-256-GCM in chunks of ``SealedHeader/chunkBytes``, by the STREAM construction
/// (Hoang, Reyhanitabar, Rogaway, Vizár 2015). The nonce is seven zero bytes, a big-endian chunk counter and a flag that
/// is 1 in the last chunk only; so no chunk can be moved, left out, or cut off at the end. The key is used for one
/// dossier only, which makes each nonce unique. A chunk is its ciphertext and the 16-byte tag.
///
/// Pure: both sides feed bytes in and get bytes out.
private func nonce(_ counter: UInt32, last: Bool) throws -> AES.GCM.Nonce {
    var bytes = Data(count: 7)
    withUnsafeBytes(of: counter.bigEndian) { bytes.append(contentsOf: $0) }
    bytes.append(last ? 1 : 0)
    return try AES.GCM.Nonce(data: bytes)
}

/// Cuts bytes into chunks of one size. The last chunk, full or not, is known only at the end, so one chunk's worth waits.
private struct Chunks {
    let size: Int
    private var pending = Data()

    init(of size: Int) { self.size = size }

    /// - Returns: the chunks that are complete and not the last.
    mutating func add(_ bytes: Data) -> [Data] {
        pending.append(bytes)
        var complete: [Data] = []
        while pending.count > size {
            complete.append(pending.prefix(size))
            pending = Data(pending.dropFirst(size))
        }
        return complete
    }

    mutating func last() -> Data {
        defer { pending = Data() }
        return pending
    }
}

/// Seals: `header`, then what each `seal` returns, then `finish`.
public struct DossierSealer {
    private let key = SymmetricKey(size: .bits256)
    private var counter: UInt32 = 0
    private var chunks = Chunks(of: SealedHeader.chunkBytes)
    /// The first bytes of the sealed file.
    public let header: Data

    /// - Throws: ``ProtocolError`` when the centre's key isn't one.
    public init(dossier: UUID, keys: CentreKeys) throws {
        header = try SealedHeader(sealing: key, to: keys, dossier: dossier).bytes
    }

    /// Takes plain bytes; returns the sealed bytes that are complete.
    public mutating func seal(_ plain: Data) throws -> Data {
        var out = Data()
        for complete in chunks.add(plain) { out.append(try chunk(complete, last: false)) }
        return out
    }

    public mutating func finish() throws -> Data {
        try chunk(chunks.last(), last: true)
    }

    private mutating func chunk(_ plain: Data, last: Bool) throws -> Data {
        let box = try AES.GCM.seal(plain, using: key, nonce: nonce(counter, last: last))
        counter += 1
        return box.ciphertext + box.tag
    }
}

/// Opens what ``DossierSealer`` made.
public struct DossierOpener {
    /// How many bytes the header has.
    public static let headerBytes = SealedHeader.byteCount

    private let key: SymmetricKey
    private var counter: UInt32 = 0
    /// Each with its tag.
    private var chunks = Chunks(of: SealedHeader.chunkBytes + 16)

    /// - Throws: ``ProtocolError/cannotOpen(_:)``.
    public init(header: Data, dossier: UUID, key: Curve25519.KeyAgreement.PrivateKey) throws {
        self.key = try SealedHeader(header).contentKey(key, dossier: dossier)
    }

    /// Takes sealed bytes; returns plain bytes that are authentic. What the manifest says of them is still to be checked.
    public mutating func open(_ sealed: Data) throws -> Data {
        var out = Data()
        for complete in chunks.add(sealed) { out.append(try chunk(complete, last: false)) }
        return out
    }

    /// The end of the file: only now is it known that nothing is missing.
    public mutating func finish() throws -> Data {
        try chunk(chunks.last(), last: true)
    }

    private mutating func chunk(_ sealed: Data, last: Bool) throws -> Data {
        guard sealed.count >= 16 else { throw ProtocolError.cannotOpen("cut short") }
        let sealed = Data(sealed)
        do {
            let box = try AES.GCM.SealedBox(
                nonce: nonce(counter, last: last), ciphertext: sealed.dropLast(16), tag: sealed.suffix(16))
            let plain = try AES.GCM.open(box, using: key)
            counter += 1
            return plain
        } catch {
            throw ProtocolError.cannotOpen("chunk \(counter) was changed")
        }
    }
}
