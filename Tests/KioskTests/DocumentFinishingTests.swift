import CentralProtocol
import Crypto
import Dossiers
import Foundation
import Peripherals
import Store
import Synchronization
import TestSupport
import Testing

@testable import Kiosk

@Suite("Text layers after the applicant has left")
struct DocumentFinishingTests {
    /// Writes small files where the real one writes large ones, and notes what it was asked for.
    private final class Pages: PageProcessing {
        private let state = Mutex((recognised: [String](), failing: Set<String>(), isFull: false))

        var recognised: [String] { state.withLock { $0.recognised } }
        func fail(_ picture: String) { state.withLock { _ = $0.failing.insert(picture) } }
        func fillTheDisk() { state.withLock { $0.isFull = true } }

        func prepare(_ page: ScannedPage, to file: URL) async throws(PageError) -> PreparedPage {
            throw .failed("not asked for here")
        }

        func recognise(_ page: ScannedPage, layer: URL) async throws(PageError) -> RecognisedText {
            let name = page.file.lastPathComponent
            let fails = state.withLock { state in
                state.recognised.append(name)
                return state.failing.contains(name)
            }
            if fails { throw .timedOut }
            write("text of \(name)", to: layer)
            return RecognisedText(layer: layer, text: "", confidence: 90)
        }

        func writePDF(_ pages: [DocumentPage], _ metadata: DocumentMetadata, to file: URL) async throws(PageError) {
            if state.withLock({ $0.isFull }) { throw .diskFull }
            let lines = pages.map { page in
                let layer = page.layer.flatMap { try? String(contentsOf: $0, encoding: .utf8) } ?? "no text"
                return "\(page.picture.file.lastPathComponent): \(layer)"
            }
            write(([metadata.component] + lines).joined(separator: "\n"), to: file)
        }

        private func write(_ text: String, to file: URL) {
            #expect(throws: Never.self) { try Data(text.utf8).write(to: file) }
        }
    }

    /// A kiosk's dossiers, and one that was submitted with two pages, of which one has its text.
    private struct Bench {
        let folder = TemporaryFolder()
        let key = Curve25519.KeyAgreement.PrivateKey()
        let store: Store
        let dossiers: Dossiers
        let pages = Pages()
        let draft: DossierDraft
        let documents: [String: PendingDossier.Document]

        var pending: URL { folder.url.appending(path: "pending") }
        func finishing() throws -> DocumentFinishing {
            try DocumentFinishing(folder: pending, dossiers: dossiers, pages: pages)
        }

        init() throws {
            store = try Store(file: folder.url.appending(path: "kiosk.sqlite"), modules: [Dossiers.schema])
            dossiers = try Dossiers(
                folder: folder.url.appending(path: "sealed"), store: store,
                keys: CentreKeys(
                    sealing: key.publicKey.rawRepresentation,
                    receipt: Curve25519.Signing.PrivateKey().publicKey.rawRepresentation))
            let visit = folder.url.appending(path: "visit")
            try FileManager.default.createDirectory(at: visit, withIntermediateDirectories: true)
            let files = try ["a.jpg", "b.jpg", "a.text.pdf", "paper.pdf"].map { name in
                let file = visit.appending(path: name)
                try Data(name.utf8).write(to: file)
                return file
            }
            let id = UUID()
            draft = DossierDraft(
                id: id, provisionalCode: ProvisionalCode.make(dossier: id, businessDate: "2026-11-24"),
                procedure: "1.001193", procedureVersion: "2026-07-01", agency: "H21.23710", kiosk: "kiosk-01",
                createdAt: Date(timeIntervalSince1970: 1_795_482_000),
                files: [
                    .init(name: "answers.json", mediaType: "application/json", content: .bytes(Data("{}".utf8))),
                    .init(name: "paper.pdf", mediaType: "application/pdf", content: .file(files[3])),
                ])
            documents = [
                "paper.pdf": PendingDossier.Document(
                    metadata: DocumentMetadata(
                        title: "Giấy chứng sinh", component: "paper", procedure: "1.001193",
                        createdAt: Date(timeIntervalSince1970: 1_795_482_000)),
                    pages: [
                        DocumentPage(picture: Self.page(files[0]), layer: files[2]),
                        DocumentPage(picture: Self.page(files[1])),
                    ])
            ]
        }

        private static func page(_ file: URL) -> ScannedPage {
            ScannedPage(file: file, width: 1654, height: 2339, resolution: 200)
        }

        /// As a submission does it; the visit's own folder is gone afterwards.
        func submit(_ finishing: DocumentFinishing) async throws {
            let sealed = try await dossiers.seal(draft)
            try await finishing.keep(draft, documents: documents)
            try await store.write { [dossiers] in
                try dossiers.record(sealed, ticket: nil, held: true, in: $0)
            }
            let visit = folder.url.appending(path: "visit")
            // What was recorded is removed behind.
            while FileManager.default.fileExists(atPath: visit.appending(path: "paper.pdf").path) { await Task.yield() }
            try FileManager.default.removeItem(at: visit)
        }

        /// Runs until nothing is held any more, and the plain papers are gone.
        func finish(_ finishing: DocumentFinishing) async throws {
            let running = Task { await finishing.run() }
            while try await !dossiers.held().isEmpty { await Task.yield() }
            while try !FileManager.default.contentsOfDirectory(atPath: pending.path).isEmpty { await Task.yield() }
            running.cancel()
            await running.value
        }

        /// The files of the dossier that the centre will get.
        func sealedContent() async throws -> [String: String] {
            let record = try #require(try await dossiers.record(draft.id))
            let file = try Data(
                contentsOf: folder.url.appending(path: "sealed").appending(
                    path: "\(draft.id.uuidString).\(record.commit.sealedSHA256.prefix(16)).sealed"))
            let header = file.prefix(DossierOpener.headerBytes)
            var opener = try DossierOpener(header: header, dossier: draft.id, key: key)
            var plain = try opener.open(file.dropFirst(header.count))
            plain += try opener.finish()
            // 4 bytes length of the manifest, the manifest, the files in its order (README of Dossiers).
            let bytes = [UInt8](plain)
            let length = bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            let manifest = try DossierManifest(canonical: Data(bytes[4..<4 + length]))
            var rest = bytes[(4 + length)...]
            return Dictionary(
                uniqueKeysWithValues: manifest.files.map { file in
                    defer { rest = rest.dropFirst(file.bytes) }
                    return (file.name, String(decoding: rest.prefix(file.bytes), as: UTF8.self))
                })
        }
    }

    @Test("what was recognised during the visit is kept, the rest is recognised behind, and the dossier goes complete")
    func completes() async throws {
        let bench = try Bench()
        let finishing = try bench.finishing()
        try await bench.submit(finishing)
        finishing.begin(bench.draft.id)
        try await bench.finish(finishing)
        #expect(bench.pages.recognised == ["paper-002.jpg"])
        let content = try await bench.sealedContent()
        #expect(content["answers.json"] == "{}")
        #expect(
            content["paper.pdf"] == "paper\npaper-001.jpg: a.text.pdf\npaper-002.jpg: text of paper-002.jpg")
    }

    @Test("a dossier that is submitted again keeps what is being finished, and is finished once")
    func again() async throws {
        let bench = try Bench()
        let finishing = try bench.finishing()
        try await bench.submit(finishing)
        let kept = bench.pending.appending(path: "\(bench.draft.id.uuidString)/paper-001.jpg")
        try await finishing.keep(bench.draft, documents: [:])
        #expect(FileManager.default.fileExists(atPath: kept.path))
        finishing.begin(bench.draft.id)
        finishing.begin(bench.draft.id)
        try await bench.finish(finishing)
        #expect(bench.pages.recognised == ["paper-002.jpg"])
        #expect(try await bench.sealedContent()["paper.pdf"]?.contains("text of paper-002.jpg") == true)
    }

    @Test("a daemon that was killed goes on after its restart")
    func resumes() async throws {
        let bench = try Bench()
        try await bench.submit(try bench.finishing())
        let restarted = try bench.finishing()
        try await restarted.recover()
        try await bench.finish(restarted)
        #expect(try await bench.sealedContent()["paper.pdf"]?.contains("text of paper-002.jpg") == true)
    }

    @Test("after a power cut the dossier is sent as it was recorded")
    func powerCut() async throws {
        let bench = try Bench()
        try await bench.submit(try bench.finishing())
        let recorded = try await bench.dossiers.record(bench.draft.id)
        try FileManager.default.removeItem(at: bench.pending)
        let restarted = try bench.finishing()
        try await restarted.recover()
        #expect(try await bench.dossiers.held().isEmpty)
        #expect(try await bench.dossiers.record(bench.draft.id) == recorded)
    }

    @Test("what belongs to no held dossier is removed at start: a submission that was not recorded leaves nothing")
    func orphans() async throws {
        let bench = try Bench()
        try await bench.finishing().keep(bench.draft, documents: bench.documents)
        try FileManager.default.createDirectory(
            at: bench.pending.appending(path: UUID().uuidString + PendingDossier.unfinishedSuffix),
            withIntermediateDirectories: true)
        try await bench.finishing().recover()
        #expect(try FileManager.default.contentsOfDirectory(atPath: bench.pending.path).isEmpty)
    }

    @Test("a page that can't be read costs only its own text")
    func unreadable() async throws {
        let bench = try Bench()
        bench.pages.fail("paper-002.jpg")
        let finishing = try bench.finishing()
        try await bench.submit(finishing)
        finishing.begin(bench.draft.id)
        try await bench.finish(finishing)
        #expect(
            try await bench.sealedContent()["paper.pdf"] == "paper\npaper-001.jpg: a.text.pdf\npaper-002.jpg: no text")
    }

    @Test("a full disk loses nothing: the dossier goes as it was recorded")
    func diskFull() async throws {
        let bench = try Bench()
        bench.pages.fillTheDisk()
        let finishing = try bench.finishing()
        try await bench.submit(finishing)
        let recorded = try await bench.dossiers.record(bench.draft.id)
        finishing.begin(bench.draft.id)
        try await bench.finish(finishing)
        #expect(try await bench.dossiers.record(bench.draft.id) == recorded)
    }
}
