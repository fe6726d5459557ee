import Crypto
import Foundation

/// The head of a sealed dossier. All numbers are big-endian.
///
/// | bytes | what |
/// | --- | --- |
/// | 8 | `KIOSKSD1` |
/// | 2+2+2 | HPKE suite (RFC 9180, 7): KEM 0x0020 X25519, KDF 0x0001 HKDF-SHA256, AEAD 0x0002 AES-256-GCM |
/// | 8 | the sealing key: first bytes of the SHA-256 of its public key |
/// | 16 | the dossier's id |
/// | 4 | plain bytes in a chunk |
/// | 32 | HPKE's encapsulated key |
/// | 48 | the content key, sealed by HPKE; its associated data is everything up to the chunk size |
struct SealedHeader: Sendable, Equatable {
    static let magic = Data("KIOSKSD1".utf8)
    static let suite = Data([0x00, 0x20, 0x00, 0x01, 0x00, 0x02])
    static let chunkBytes = 64 * 1024
    static let prefixBytes = 8 + 6 + 8 + 16 + 4
    static let byteCount = prefixBytes + 32 + 48

    static var ciphersuite: HPKE.Ciphersuite {
        HPKE.Ciphersuite(kem: .Curve25519_HKDF_SHA256, kdf: .HKDF_SHA256, aead: .AES_GCM_256)
    }
    static let info = Data("kiosk dossier content key 1".utf8)

    static func prefix(keyIdentifier: Data, dossier: UUID) -> Data {
        var prefix = magic + suite + keyIdentifier
        withUnsafeBytes(of: dossier.uuid) { prefix.append(contentsOf: $0) }
        withUnsafeBytes(of: UInt32(chunkBytes).bigEndian) { prefix.append(contentsOf: $0) }
        return prefix
    }

    let prefix: Data
    let encapsulatedKey: Data
    let sealedContentKey: Data

    var bytes: Data { prefix + encapsulatedKey + sealedContentKey }

    /// Seals a content key to the centre.
    init(sealing contentKey: SymmetricKey, to keys: CentreKeys, dossier: UUID) throws {
        let recipient = try keys.sealingKey
        let prefix = Self.prefix(keyIdentifier: CentreKeys.identifier(keys.sealing), dossier: dossier)
        self.prefix = prefix
        var sender = try HPKE.Sender(recipientKey: recipient, ciphersuite: Self.ciphersuite, info: Self.info)
        encapsulatedKey = sender.encapsulatedKey
        sealedContentKey = try contentKey.withUnsafeBytes { try sender.seal(Data($0), authenticating: prefix) }
    }

    /// Opens the content key. The header must be this dossier's and this key's.
    init(_ bytes: Data) throws {
        guard bytes.count == Self.byteCount, bytes.prefix(8) == Self.magic else {
            throw ProtocolError.cannotOpen("not a sealed dossier")
        }
        let bytes = Data(bytes)
        prefix = bytes.prefix(Self.prefixBytes)
        encapsulatedKey = Data(bytes[Self.prefixBytes..<Self.prefixBytes + 32])
        sealedContentKey = Data(bytes[(Self.prefixBytes + 32)...])
    }

    func contentKey(_ key: Curve25519.KeyAgreement.PrivateKey, dossier: UUID) throws -> SymmetricKey {
        let expected = Self.prefix(
            keyIdentifier: CentreKeys.identifier(key.publicKey.rawRepresentation), dossier: dossier)
        guard prefix == expected else {
            throw ProtocolError.cannotOpen("another dossier, another key or another format")
        }
        do {
            var recipient = try HPKE.Recipient(
                privateKey: key, ciphersuite: Self.ciphersuite, info: Self.info, encapsulatedKey: encapsulatedKey)
            let opened = try recipient.open(sealedContentKey, authenticating: prefix)
            guard opened.count == 32 else { throw ProtocolError.cannotOpen("content key") }
            return SymmetricKey(data: opened)
        } catch {
            throw ProtocolError.cannotOpen("content key")
        }
    }
}
