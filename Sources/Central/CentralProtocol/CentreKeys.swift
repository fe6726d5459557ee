import Crypto
import Foundation

/// The centre's public keys: one that dossiers are sealed to, one that receipts are signed with.
public struct CentreKeys: Sendable, Equatable, Codable {
    /// X25519 (RFC 7748), 32 bytes.
    public var sealing: Data
    /// Ed25519 (RFC 8032), 32 bytes.
    public var receipt: Data

    public init(sealing: Data, receipt: Data) {
        self.sealing = sealing
        self.receipt = receipt
    }

    /// - Throws: ``ProtocolError`` when a key isn't one.
    public func validate() throws {
        _ = try sealingKey
        _ = try receiptKey
    }

    var sealingKey: Curve25519.KeyAgreement.PublicKey {
        get throws {
            guard sealing.count == 32 else { throw ProtocolError.malformed("the centre's sealing key") }
            do { return try .init(rawRepresentation: sealing) } catch {
                throw ProtocolError.malformed("the centre's sealing key")
            }
        }
    }

    var receiptKey: Curve25519.Signing.PublicKey {
        get throws {
            guard receipt.count == 32 else { throw ProtocolError.malformed("the centre's receipt key") }
            do { return try .init(rawRepresentation: receipt) } catch {
                throw ProtocolError.malformed("the centre's receipt key")
            }
        }
    }

    /// The first 8 bytes of a public key's SHA-256: names a key without telling it.
    static func identifier(_ publicKey: Data) -> Data { Data(SHA256.hash(data: publicKey).prefix(8)) }
}

/// What a kiosk gets at enrolment, in one JSON file that its configuration points to: who it is, its secret, and the
/// centre's keys. The file is secret.
public struct Enrolment: Sendable, Equatable, Codable {
    public var kiosk: String
    /// For `Authorization: Bearer`.
    public var token: String
    public var keys: CentreKeys

    public init(kiosk: String, token: String, keys: CentreKeys) {
        self.kiosk = kiosk
        self.token = token
        self.keys = keys
    }

    /// - Throws: ``EnrolmentError``.
    public init(contentsOf file: URL) throws {
        guard let bytes = FileManager.default.contents(atPath: file.path) else { throw EnrolmentError.missing(file) }
        do {
            guard bytes.count <= Limits.bodyBytes else { throw ProtocolError.tooLarge("enrolment") }
            let read = try JSONDecoder().decode(Self.self, from: bytes)
            try read.keys.validate()
            guard Limits.isCode(read.kiosk), (16...256).contains(read.token.utf8.count),
                read.token.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
            else { throw ProtocolError.malformed("enrolment") }
            self = read
        } catch {
            throw EnrolmentError.malformed(file)
        }
    }
}

public enum EnrolmentError: Error, Sendable, Equatable, CustomStringConvertible {
    case missing(URL)
    case malformed(URL)

    public var description: String {
        switch self {
        case .missing(let file):
            "the enrolment file \(file.path) can't be read: get it by “kiosk-central enroll” and check its owner and mode"
        case .malformed(let file): "the enrolment file \(file.path) is damaged: get it again by “kiosk-central enroll”"
        }
    }
}
