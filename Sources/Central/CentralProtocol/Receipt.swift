import Crypto
import Foundation

/// The centre's word that it holds a dossier: whole, opened, checked and on its disk.
public struct Receipt: Sendable, Equatable, Codable {
    /// 1.
    public var format: Int
    public var dossier: UUID
    /// The dossier code, issued by the centre; opaque.
    public var code: String
    public var manifestSHA256: String
    public var sealedSHA256: String
    /// Milliseconds since 1970 (UTC).
    public var receivedAtMs: Int

    public init(dossier: UUID, code: String, manifestSHA256: String, sealedSHA256: String, receivedAtMs: Int) {
        format = 1
        self.dossier = dossier
        self.code = code
        self.manifestSHA256 = manifestSHA256
        self.sealedSHA256 = sealedSHA256
        self.receivedAtMs = receivedAtMs
    }

    /// What is signed: a fixed text that no other message of ours begins with, then the receipt in its one form.
    var signedBytes: Data {
        Data("kiosk dossier receipt 1\n".utf8)
            + CanonicalJSON.object([
                "format": .integer(format), "dossier": .text(dossier.uuidString), "code": .text(code),
                "manifestSHA256": .text(manifestSHA256), "sealedSHA256": .text(sealedSHA256),
                "receivedAtMs": .integer(receivedAtMs),
            ]).bytes
    }
}

public struct SignedReceipt: Sendable, Equatable, Codable {
    public var receipt: Receipt
    /// Ed25519 (RFC 8032), 64 bytes.
    public var signature: Data

    /// The centre's side.
    public init(signing receipt: Receipt, with key: Curve25519.Signing.PrivateKey) throws {
        self.receipt = receipt
        signature = try key.signature(for: receipt.signedBytes)
    }

    /// The kiosk's side: the signature is the centre's, and the receipt is for exactly what was sent.
    /// - Throws: ``ProtocolError``.
    public func verify(_ commit: DossierCommit, keys: CentreKeys) throws {
        guard receipt.format == 1 else { throw ProtocolError.unsupported("receipt format") }
        guard Limits.isCode(receipt.code), signature.count == 64,
            try keys.receiptKey.isValidSignature(signature, for: receipt.signedBytes)
        else { throw ProtocolError.signatureInvalid }
        guard receipt.dossier == commit.dossier, receipt.manifestSHA256 == commit.manifestSHA256,
            receipt.sealedSHA256 == commit.sealedSHA256
        else { throw ProtocolError.receiptForOther }
    }
}
