import CentralProtocol
import Crypto
import Foundation
import Store
import TestSupport

@testable import Dossiers

/// A kiosk's dossier folder and database, and the centre's private key to look inside.
struct DossierFixture {
    let folder = TemporaryFolder()
    let sealingKey = Curve25519.KeyAgreement.PrivateKey()
    let receiptKey = Curve25519.Signing.PrivateKey()
    let store: Store
    let dossiers: Dossiers

    var keys: CentreKeys {
        CentreKeys(sealing: sealingKey.publicKey.rawRepresentation, receipt: receiptKey.publicKey.rawRepresentation)
    }
    var sealedFolder: URL { folder.url.appending(path: "sealed") }

    init() throws {
        store = try Store(file: folder.url.appending(path: "kiosk.sqlite"), modules: [Dossiers.schema])
        let keys = CentreKeys(
            sealing: sealingKey.publicKey.rawRepresentation, receipt: receiptKey.publicKey.rawRepresentation)
        dossiers = try Dossiers(folder: folder.url.appending(path: "sealed"), store: store, keys: keys)
    }

    func draft(_ files: [DossierDraft.File], id: UUID = UUID()) -> DossierDraft {
        DossierDraft(
            id: id, provisionalCode: ProvisionalCode.make(dossier: id, businessDate: "2026-11-24"),
            procedure: "1.001193",
            procedureVersion: "2026-07-01", agency: "H21.23710", kiosk: "kiosk-01",
            createdAt: Date(timeIntervalSince1970: 1_795_482_000), files: files)
    }

    /// A draft with one small file.
    func smallDraft(id: UUID = UUID()) -> DossierDraft {
        draft(
            [.init(name: "answers.json", mediaType: "application/json", content: .bytes(Data(#"{"a":1}"#.utf8)))],
            id: id)
    }

    func sealedFile(_ sealed: SealedDossier) -> URL { sealedFolder.appending(path: sealed.commit.fileName) }

    /// What lies in the folder for sealed files.
    func sealedNames() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: sealedFolder.path) }
}

/// Opens a sealed dossier as the README describes it, written apart from the product's code.
func openByTheBook(_ file: Data, key: Curve25519.KeyAgreement.PrivateKey) throws -> (manifest: Data, content: Data) {
    let bytes = [UInt8](file)
    let associated = Data(bytes[0..<42])
    let suite = HPKE.Ciphersuite(kem: .Curve25519_HKDF_SHA256, kdf: .HKDF_SHA256, aead: .AES_GCM_256)
    var recipient = try HPKE.Recipient(
        privateKey: key, ciphersuite: suite, info: Data("kiosk dossier content key 1".utf8),
        encapsulatedKey: Data(bytes[42..<74]))
    let contentKey = SymmetricKey(data: try recipient.open(Data(bytes[74..<122]), authenticating: associated))
    var plain = Data()
    var position = 122
    var counter: UInt8 = 0
    while position < bytes.count {
        let end = min(position + 65_536 + 16, bytes.count)
        let nonce = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, counter, end == bytes.count ? 1 : 0]
        plain.append(
            try AES.GCM.open(
                AES.GCM.SealedBox(
                    nonce: AES.GCM.Nonce(data: nonce), ciphertext: bytes[position..<end - 16],
                    tag: bytes[end - 16..<end]),
                using: contentKey))
        position = end
        counter += 1
    }
    let length = Int(plain[0]) << 24 | Int(plain[1]) << 16 | Int(plain[2]) << 8 | Int(plain[3])
    return (Data(plain[4..<4 + length]), Data(plain[(4 + length)...]))
}
