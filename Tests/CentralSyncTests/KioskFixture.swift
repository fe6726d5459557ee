import AsyncHTTPClient
import CentralProtocol
import Dossiers
import Foundation
import Store
import Synchronization
import TestSupport

@testable import CentralSync

/// A kiosk with its store and dossiers, enrolled at a centre.
struct KioskFixture {
    let folder = TemporaryFolder()
    let store: Store
    let dossiers: Dossiers
    let enrolment: Enrolment
    let clock = TestClock()

    init(_ enrolment: Enrolment) throws {
        self.enrolment = enrolment
        let clock = clock
        store = try Store(
            file: folder.url.appending(path: "kiosk.sqlite"), modules: [Dossiers.schema], now: { clock.now })
        dossiers = try Dossiers(folder: folder.url.appending(path: "sealed"), store: store, keys: enrolment.keys)
    }

    func sync(_ transport: any CentreTransport, keys: CentreKeys? = nil) -> CentralSync {
        CentralSync(
            store: store, dossiers: dossiers, keys: keys ?? enrolment.keys, transport: transport, chunkBytes: 40_000,
            chance: { 1 })
    }

    /// Records a dossier of about 100 kB, that is three chunks.
    func record(_ content: Data = Self.content) async throws -> SealedDossier {
        let id = UUID()
        let sealed = try await dossiers.seal(
            DossierDraft(
                id: id, provisionalCode: ProvisionalCode.make(dossier: id, businessDate: "2026-11-24"),
                procedure: "1.001193", procedureVersion: "1", agency: "H21.23710", kiosk: enrolment.kiosk,
                createdAt: clock.now,
                files: [
                    .init(
                        name: "answers.json", mediaType: "application/json", content: .bytes(Data(#"{"a":"b"}"#.utf8))),
                    .init(name: "scan.pdf", mediaType: "application/pdf", content: .bytes(content)),
                ]))
        try await store.write { [dossiers] in try dossiers.record(sealed, ticket: nil, in: $0) }
        return sealed
    }

    static let content = Data((0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7 >> 3) })

    func sealedFile(_ sealed: SealedDossier) throws -> URL {
        let name = try sealedNames().first { $0.hasPrefix(sealed.id.uuidString) } ?? ""
        return folder.url.appending(path: "sealed/\(name)")
    }

    func sealedNames() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.url.appending(path: "sealed").path)
    }
}

final class TestClock: Sendable {
    private let date = Mutex(Date(timeIntervalSince1970: 1_795_482_000))
    var now: Date { date.withLock { $0 } }
    func advance(_ seconds: Double) { date.withLock { $0 = $0.addingTimeInterval(seconds) } }
}

/// Breaks chosen requests on their way, or their answers on the way back.
actor CuttingTransport: CentreTransport {
    enum Cut: Sendable, CaseIterable { case before, after }

    private let inner: HTTPTransport
    private var plan: @Sendable (Int, SyncRequest) -> Cut?
    private(set) var requests: [SyncRequest] = []

    init(_ inner: HTTPTransport, plan: @escaping @Sendable (Int, SyncRequest) -> Cut? = { _, _ in nil }) {
        self.inner = inner
        self.plan = plan
    }

    func heal() { plan = { _, _ in nil } }

    func send(_ request: SyncRequest, chunk: Data) async -> SyncReply {
        requests.append(request)
        switch plan(requests.count - 1, request) {
        case .before: return .failed("cut before")
        case .after:
            _ = await inner.send(request, chunk: chunk)
            return .failed("cut after")
        case nil: return await inner.send(request, chunk: chunk)
        }
    }

    func check() async -> SyncTrouble? { await inner.check() }
    func close() async { await inner.close() }
}

/// What `GET /api/dossiers` answers, read apart from the product's types.
struct CentreList: Decodable {
    struct Dossier: Decodable {
        struct File: Decodable {
            let name: String
            let sha256: String
            let bytes: Int
        }
        let id: UUID
        let code: String
        let files: [File]
    }
    let dossiers: [Dossier]

    static func get(_ centre: URL) async throws -> [Dossier] {
        let response = try await HTTPClient.shared.execute(
            HTTPClientRequest(url: centre.absoluteString + "/api/dossiers"), timeout: .seconds(30))
        let body = try await response.body.collect(upTo: 1 << 20)
        return try JSONDecoder().decode(Self.self, from: Data(body.readableBytesView)).dossiers
    }
}
