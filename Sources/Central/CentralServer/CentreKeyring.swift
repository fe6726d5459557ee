import CentralProtocol
import Crypto
import Foundation
import HostSystem

/// The centre's two private keys, made at the first start and kept in files that only the centre's user can read.
struct CentreKeyring: Sendable {
    let sealing: Curve25519.KeyAgreement.PrivateKey
    let receipt: Curve25519.Signing.PrivateKey

    var publicKeys: CentreKeys {
        CentreKeys(sealing: sealing.publicKey.rawRepresentation, receipt: receipt.publicKey.rawRepresentation)
    }

    /// Blocks. A key that is there but damaged is never replaced: dossiers may be sealed to it.
    init(folder: URL) throws {
        try DurableFile.makeFolder(folder)
        let sealingFile = folder.appending(path: "sealing.x25519")
        let receiptFile = folder.appending(path: "receipt.ed25519")
        sealing = try Self.load(
            sealingFile, fresh: { Curve25519.KeyAgreement.PrivateKey().rawRepresentation },
            read: { try Curve25519.KeyAgreement.PrivateKey(rawRepresentation: $0) })
        receipt = try Self.load(
            receiptFile, fresh: { Curve25519.Signing.PrivateKey().rawRepresentation },
            read: { try Curve25519.Signing.PrivateKey(rawRepresentation: $0) })
        try DurableFile.write(JSONEncoder().encode(publicKeys), to: folder.appending(path: "public.json"))
    }

    private static func load<Key>(_ file: URL, fresh: () -> Data, read: (Data) throws -> Key) throws -> Key {
        if !FileManager.default.fileExists(atPath: file.path) { try DurableFile.write(fresh(), to: file) }
        let reader = try FileReader(file)
        guard reader.byteCount == 32 else { throw CentreError.keyDamaged(file) }
        do { return try read(try reader.read(at: 0, count: 32)) } catch { throw CentreError.keyDamaged(file) }
    }
}

/// Why the centre can't start.
public enum CentreError: Error, Sendable, Equatable, CustomStringConvertible {
    case keyDamaged(URL)
    case database(String)
    case badKioskID(String)
    /// Without TLS, secrets and personal data would cross the network in the clear.
    case notLoopback(String)
    case cannotListen(String, port: Int, reason: String)

    public var description: String {
        switch self {
        case .keyDamaged(let file):
            "the key \(file.path) is damaged: restore it from the backup; dossiers sealed to it can't be opened by another"
        case .database(let what):
            "the centre's database can't be opened: \(what); check the data folder's disk and owner"
        case .badKioskID(let id): "“\(id)” can't name a kiosk: use 1 to 64 of A–Z a–z 0–9 . _ -"
        case .notLoopback(let host):
            "\(host) is not a loopback address: let a reverse proxy with TLS on this machine listen there, "
                + "and kiosk-central on 127.0.0.1"
        case .cannotListen(let host, let port, let reason):
            "kiosk-central can't listen at \(host):\(port): \(reason); stop the program that listens there, or take "
                + "another port by --port"
        }
    }
}
