import CentralProtocol
import Crypto
import Foundation
import Store
import TestSupport
import Testing

@testable import Dossiers

@Suite("Full disk")
struct FullDiskTests {
    @Test(
        "on a disk that is really full nothing is half written, nothing is lost, and work goes on when there is room",
        .enabled(if: TinyDisk.isPossible, "needs the right to mount a tmpfs"))
    func fullDisk() async throws {
        let disk = try TinyDisk(kilobytes: 1024)
        let keys = CentreKeys(
            sealing: Curve25519.KeyAgreement.PrivateKey().publicKey.rawRepresentation,
            receipt: Curve25519.Signing.PrivateKey().publicKey.rawRepresentation)
        let store = try Store(file: disk.url.appending(path: "kiosk.sqlite"), modules: [Dossiers.schema])
        let folder = disk.url.appending(path: "sealed")
        let dossiers = try Dossiers(folder: folder, store: store, keys: keys)

        // Too large for what is left: sealing says so and leaves nothing.
        await #expect(throws: DossierError.diskFull) { try await dossiers.seal(draft(bytes: 2_000_000)) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)

        // Sealed in time, but no room for the outbox.
        let sealed = try await dossiers.seal(draft(bytes: 10_000))
        try disk.fill()
        let error = await #expect(throws: StoreError.self) {
            try await store.write { transaction in
                for key in 0..<50 { try transaction.set(String(repeating: "x", count: 4000), for: "\(key)") }
                try dossiers.record(sealed, ticket: nil, in: transaction)
            }
        }
        #expect(error?.kind == .diskFull)
        #expect(try await store.outbox().isEmpty)
        #expect(try await dossiers.list().isEmpty)

        // Room again: the same sealed dossier is recorded.
        try disk.empty()
        try await store.write { try dossiers.record(sealed, ticket: nil, in: $0) }
        let record = try #require(try await dossiers.record(sealed.id))
        #expect(try await dossiers.isIntact(record))
        #expect(try await store.outbox().map(\.id) == [sealed.id])
    }

    private func draft(bytes: Int) -> DossierDraft {
        let id = UUID()
        return DossierDraft(
            id: id, provisionalCode: ProvisionalCode.make(dossier: id, businessDate: "2026-11-24"),
            procedure: "1.001193",
            procedureVersion: "1", agency: "H21.23710", kiosk: "kiosk-01", createdAt: Date(timeIntervalSince1970: 0),
            files: [.init(name: "scan.pdf", mediaType: "application/pdf", content: .bytes(Data(count: bytes)))])
    }
}
