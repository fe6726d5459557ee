import CentralProtocol
import Foundation
import Store
import Testing

@testable import Dossiers

@Suite("Dossiers")
struct DossiersTests {
    private struct Stop: Error {}

    @Test(
        "sealed and opened by the book, nothing is lost at any size",
        arguments: [
            0, 1, 1000, 65_535, 65_536, 65_537, 131_072, 300_001,
        ])
    func roundTrip(_ size: Int) async throws {
        let fixture = try DossierFixture()
        let content = Data((0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        let paper = fixture.folder.url.appending(path: "scan.pdf")
        try content.write(to: paper)
        let answers = Data("{}".utf8)
        let draft = fixture.draft([
            .init(name: "answers.json", mediaType: "application/json", content: .bytes(answers)),
            .init(name: "giay-chung-sinh.pdf", mediaType: "application/pdf", content: .file(paper)),
        ])
        let sealed = try await fixture.dossiers.seal(draft)
        let file = try Data(contentsOf: fixture.sealedFile(sealed))
        #expect(file.count == sealed.commit.sealedBytes)
        #expect(Hex.sha256(file) == sealed.commit.sealedSHA256)
        let opened = try openByTheBook(file, key: fixture.sealingKey)
        #expect(opened.content == answers + content)
        #expect(Hex.sha256(opened.manifest) == sealed.commit.manifestSHA256)
        let manifest = try DossierManifest(canonical: opened.manifest)
        #expect(manifest.files.map(\.name) == ["answers.json", "giay-chung-sinh.pdf"])
        #expect(manifest.files.map(\.sha256) == [Hex.sha256(answers), Hex.sha256(content)])
        #expect(manifest.id == draft.id && manifest.agency == "H21.23710" && manifest.kiosk == "kiosk-01")
    }

    @Test("nothing that a person gave stands readable on the disk once the dossier is recorded")
    func nothingReadable() async throws {
        let fixture = try DossierFixture()
        let secret = "NGUYEN THI AN TOAN 052199000001"
        let paper = fixture.folder.url.appending(path: "scan.pdf")
        try Data("%PDF \(secret)".utf8).write(to: paper)
        let draft = fixture.draft([
            .init(name: "answers.json", mediaType: "application/json", content: .bytes(Data(secret.utf8))),
            .init(name: "scan.pdf", mediaType: "application/pdf", content: .file(paper)),
        ])
        let sealed = try await fixture.dossiers.seal(draft)
        #expect(FileManager.default.fileExists(atPath: paper.path), "until it is recorded, the visit may try again")
        try await fixture.store.write { [dossiers = fixture.dossiers] in
            try dossiers.record(sealed, ticket: UUID(), in: $0)
        }
        while FileManager.default.fileExists(atPath: paper.path) { await Task.yield() }
        let walk = try #require(FileManager.default.enumerator(atPath: fixture.folder.url.path))
        for case let name as String in walk {
            let content = FileManager.default.contents(atPath: fixture.folder.url.appending(path: name).path) ?? Data()
            #expect(content.range(of: Data("TOAN".utf8)) == nil, "\(name)")
        }
    }

    @Test("ticket and dossier stand or fall together; the visit can try again")
    func together() async throws {
        let fixture = try DossierFixture()
        let dossiers = fixture.dossiers
        let sealed = try await dossiers.seal(fixture.smallDraft())
        await #expect(throws: Stop.self) {
            try await fixture.store.write { transaction -> Void in
                try dossiers.record(sealed, ticket: nil, in: transaction)
                throw Stop()
            }
        }
        #expect(try await dossiers.list().isEmpty)
        #expect(try await fixture.store.outbox().isEmpty)
        for _ in 0..<2 { try await fixture.store.write { try dossiers.record(sealed, ticket: nil, in: $0) } }
        #expect(try await dossiers.list().map(\.id) == [sealed.id])
        #expect(try await fixture.store.outbox().map(\.id) == [sealed.id])
        #expect(try await fixture.store.events().map(\.name) == [.dossierRecorded])
    }

    @Test("submitting again, even at the same moment, never touches the bytes that were recorded")
    func again() async throws {
        let fixture = try DossierFixture()
        let dossiers = fixture.dossiers
        let draft = fixture.smallDraft()
        // Two submissions of one visit, both sealed before either is recorded.
        let first = try await dossiers.seal(draft)
        let second = try await dossiers.seal(draft)
        #expect(first.commit.sealedSHA256 != second.commit.sealedSHA256)
        for sealed in [first, second] {
            try await fixture.store.write { try dossiers.record(sealed, ticket: nil, in: $0) }
        }
        try await dossiers.discard(second)
        // And one more, after it was recorded.
        #expect(try await dossiers.seal(draft).commit == first.commit)
        let record = try #require(try await dossiers.record(draft.id))
        #expect(record.commit == first.commit)
        #expect(try await dossiers.isIntact(record))
        #expect(try fixture.sealedNames() == [first.commit.fileName])
        #expect(try await dossiers.find(code: draft.provisionalCode) == record)
        #expect(try await dossiers.find(code: "TAM-000000-000000") == nil)
    }

    @Test("a held dossier is completed once, and only as long as it is held; the file that is left over goes")
    func complete() async throws {
        let fixture = try DossierFixture()
        let dossiers = fixture.dossiers
        let draft = fixture.smallDraft()
        let first = try await dossiers.seal(draft)
        try await fixture.store.write { try dossiers.record(first, ticket: nil, held: true, in: $0) }
        #expect(try await dossiers.held() == [draft.id])

        var completed = draft
        completed.files.append(
            .init(name: "scan.pdf", mediaType: "application/pdf", content: .bytes(Data("%PDF".utf8))))
        #expect(try await dossiers.complete(completed))
        let record = try #require(try await dossiers.record(draft.id))
        #expect(record.commit != first.commit)
        #expect(try await dossiers.isIntact(record))
        #expect(try await dossiers.held().isEmpty)
        let file = try Data(contentsOf: fixture.sealedFolder.appending(path: record.commit.fileName))
        let opened = try openByTheBook(file, key: fixture.sealingKey)
        #expect(try DossierManifest(canonical: opened.manifest).files.map(\.name) == ["answers.json", "scan.pdf"])

        #expect(try await dossiers.complete(draft) == false)
        #expect(try await dossiers.record(draft.id) == record)
        #expect(try fixture.sealedNames() == [record.commit.fileName])
        #expect(
            try await fixture.store.events().map(\.name) == [.dossierRecorded, .dossierCompleted])
    }

    @Test("a held dossier that is let go is sent as it was recorded")
    func release() async throws {
        let fixture = try DossierFixture()
        let dossiers = fixture.dossiers
        let sealed = try await dossiers.seal(fixture.smallDraft())
        try await fixture.store.write { try dossiers.record(sealed, ticket: nil, held: true, in: $0) }
        try await dossiers.release(sealed.id)
        #expect(try await dossiers.held().isEmpty)
        #expect(try await fixture.store.outbox().map(\.isHeld) == [false])
        #expect(try await dossiers.record(sealed.id)?.commit == sealed.commit)
    }

    @Test("a full disk while the outbox is written is a clear error; the sealed file stays, and later it works")
    func diskFull() async throws {
        let fixture = try DossierFixture()
        let dossiers = fixture.dossiers
        let sealed = try await dossiers.seal(fixture.smallDraft())
        // The database may not grow; a filler takes what room is left in its pages.
        try await fixture.store.write { transaction in
            try transaction.database.execute(sql: "PRAGMA max_page_count = 1")
        }
        let record = { @Sendable (transaction: Store.Transaction) in
            for key in 0..<100 { try transaction.set(String(repeating: "x", count: 4000), for: "filler \(key)") }
            try dossiers.record(sealed, ticket: nil, in: transaction)
        }
        let error = await #expect(throws: StoreError.self) { try await fixture.store.write(record) }
        #expect(error?.kind == .diskFull)
        #expect(try fixture.sealedNames() == [sealed.commit.fileName])
        try await fixture.store.write { transaction in
            try transaction.database.execute(sql: "PRAGMA max_page_count = 1000000")
        }
        try await fixture.store.write(record)
        #expect(try await fixture.store.outbox().map(\.id) == [sealed.id])
    }

    @Test("at start, what a crash left is deleted, and what is needed stays")
    func recover() async throws {
        let fixture = try DossierFixture()
        let dossiers = fixture.dossiers
        let needed = try await dossiers.seal(fixture.smallDraft())
        let orphan = try await dossiers.seal(fixture.smallDraft())
        let received = try await dossiers.seal(fixture.smallDraft())
        try await fixture.store.write { transaction in
            try dossiers.record(needed, ticket: nil, in: transaction)
            try dossiers.record(received, ticket: nil, in: transaction)
        }
        let bytes = try Data(contentsOf: fixture.sealedFile(received))
        try await dossiers.acknowledge(receipt(received, fixture))
        // The power went between the receipt's commit and the deletion, and in the middle of sealing another.
        try bytes.write(to: fixture.sealedFile(received))
        try Data("half".utf8).write(to: fixture.sealedFolder.appending(path: ".x.sealed.1.part"))
        #expect(try await dossiers.recover() == 3)
        #expect(try fixture.sealedNames() == [needed.commit.fileName])
        _ = orphan
    }

    @Test("a receipt deletes the sealed file and is kept; once more changes nothing")
    func acknowledge() async throws {
        let fixture = try DossierFixture()
        let dossiers = fixture.dossiers
        let sealed = try await dossiers.seal(fixture.smallDraft())
        try await fixture.store.write { try dossiers.record(sealed, ticket: nil, in: $0) }
        let receipt = try receipt(sealed, fixture)
        for _ in 0..<2 { try await dossiers.acknowledge(receipt) }
        #expect(try fixture.sealedNames().isEmpty)
        let record = try #require(try await dossiers.record(sealed.id))
        #expect(record.receipt == receipt && record.code == "H21.23710-261124-0001")
        #expect(try await fixture.store.outbox().isEmpty)
        #expect(try await fixture.store.events().map(\.name) == [.dossierRecorded, .dossierReceived])
    }

    @Test("a dossier given up before it was recorded leaves nothing; a recorded one is not discarded")
    func discard() async throws {
        let fixture = try DossierFixture()
        let dossiers = fixture.dossiers
        let sealed = try await dossiers.seal(fixture.smallDraft())
        try await dossiers.discard(sealed)
        #expect(try fixture.sealedNames().isEmpty)
        let kept = try await dossiers.seal(fixture.smallDraft())
        try await fixture.store.write { try dossiers.record(kept, ticket: nil, in: $0) }
        try await dossiers.discard(kept)
        #expect(try fixture.sealedNames().count == 1)
    }

    @Test("what can't be sealed is named, and nothing of it is kept")
    func refused() async throws {
        let fixture = try DossierFixture()
        let missing = fixture.folder.url.appending(path: "gone.pdf")
        let cases: [([DossierDraft.File], DossierError)] = [
            ([], .invalid(.malformed("manifest: number of files"))),
            (
                [.init(name: "../x", mediaType: "a/b", content: .bytes(Data()))],
                .invalid(.malformed("manifest: a file's name"))
            ),
            (
                [.init(name: "x", mediaType: "a b", content: .bytes(Data()))],
                .invalid(.malformed("manifest: a media type"))
            ),
            (
                Array(repeating: .init(name: "x", mediaType: "a/b", content: .bytes(Data())), count: 2),
                .invalid(.malformed("manifest: a name twice"))
            ),
            ([.init(name: "gone.pdf", mediaType: "a/b", content: .file(missing))], .fileChanged(name: "gone.pdf")),
        ]
        for (files, error) in cases {
            await #expect(throws: error) { try await fixture.dossiers.seal(fixture.draft(files)) }
        }
        #expect(try fixture.sealedNames().isEmpty)
    }

    private func receipt(_ sealed: SealedDossier, _ fixture: DossierFixture) throws -> SignedReceipt {
        try SignedReceipt(
            signing: Receipt(
                dossier: sealed.id, code: "H21.23710-261124-0001", manifestSHA256: sealed.commit.manifestSHA256,
                sealedSHA256: sealed.commit.sealedSHA256, receivedAtMs: 1), with: fixture.receiptKey)
    }
}
