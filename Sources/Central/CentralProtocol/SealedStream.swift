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

/// Seals: `header`, then what each `seal` returns, then `finish`.
public struct DossierSealer {
    private let key = SymmetricKey(size: .bits256)
    private var counter: UInt32 = 0
    private var pending = Data()
    /// The first bytes of the sealed file.
    public let header: Data

    /// - Throws: ``ProtocolError`` when the centre's key isn't one.
    public init(dossier: UUID, keys: CentreKeys) throws {
        header = try SealedHeader(sealing: key, to: keys, dossier: dossier).bytes
    }

    /// Takes plain bytes; returns the sealed bytes that are complete.
    public mutating func seal(_ plain: Data) throws -> Data {
        pending.append(plain)
        var out = Data()
        // The last chunk is sealed by `finish`, so one chunk's worth stays here.
        while pending.count > SealedHeader.chunkBytes {
            out.append(try chunk(pending.prefix(SealedHeader.chunkBytes), last: false))
            pending = Data(pending.dropFirst(SealedHeader.chunkBytes))
        }
        return out
    }

    public mutating func finish() throws -> Data {
        defer { pending = Data() }
        return try chunk(pending, last: true)
    }

    private mutating func chunk(_ plain: Data, last: Bool) throws -> Data {
        let box = try AES.GCM.seal(plain, using: key, nonce: nonce(counter, last: last))
        counter += 1
        return box.ciphertext + box.tag
    }
}

/// Opens what ``DossierSealer`` made.
public struct DossierOpener {
    private static let sealedChunkBytes = SealedHeader.chunkBytes + 16

    /// How many bytes the header has.
    public static let headerBytes = SealedHeader.byteCount

    private let key: SymmetricKey
    private var counter: UInt32 = 0
    private var pending = Data()

    /// - Throws: ``ProtocolError/cannotOpen(_:)``.
    public init(header: Data, dossier: UUID, key: Curve25519.KeyAgreement.PrivateKey) throws {
        self.key = try SealedHeader(header).contentKey(key, dossier: dossier)
    }

    /// Takes sealed bytes; returns plain bytes that are authentic. What the manifest says of them is still to be checked.
    public mutating func open(_ sealed: Data) throws -> Data {
        pending.append(sealed)
        var out = Data()
        while pending.count > Self.sealedChunkBytes {
            out.append(try chunk(pending.prefix(Self.sealedChunkBytes), last: false))
            pending = Data(pending.dropFirst(Self.sealedChunkBytes))
        }
        return out
    }

    /// The end of the file: only now is it known that nothing is missing.
    public mutating func finish() throws -> Data {
        defer { pending = Data() }
        return try chunk(pending, last: true)
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
