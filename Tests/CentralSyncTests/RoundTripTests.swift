import CentralProtocol
import CentralServer
import CentreTestSupport
import Crypto
import Dossiers
import Foundation
import Store
import Testing

@testable import CentralSync

@Suite("From the kiosk to the centre")
struct RoundTripTests {
    private let centreData = TemporaryFolder()

    /// The centre holds this dossier exactly once and whole, and the kiosk only the receipt.
    private func expectArrived(_ sealed: SealedDossier, _ kiosk: KioskFixture, _ centre: URL) async throws {
        let held = try await CentreList.get(centre)
        #expect(held.map(\.id) == [sealed.id])
        #expect(held.first?.files.map(\.name) == ["answers.json", "scan.pdf"])
        #expect(held.first?.files.last?.sha256 == Hex.sha256(KioskFixture.content))
        let file = centreData.url.appending(path: "dossiers/\(sealed.id.uuidString)/scan.pdf")
        #expect(try Data(contentsOf: file) == KioskFixture.content)
        #expect(try kiosk.sealedNames().isEmpty)
        let record = try #require(try await kiosk.dossiers.record(sealed.id))
        #expect(record.code == held.first?.code)
        try record.receipt?.verify(sealed.commit, keys: kiosk.enrolment.keys)
        #expect(try await kiosk.store.outbox(states: [.sent]).map(\.id) == [sealed.id])
        // Nothing is left of the upload.
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: centreData.url.appending(path: "uploads").path).isEmpty)
    }

    @Test("sealed, uploaded in chunks, committed, acknowledged, deleted")
    func roundTrip() async throws {
        try await withCentre(centreData.url) { server, url in
            let kiosk = try KioskFixture(server.enroll("kiosk-01"))
            let transport = CuttingTransport(HTTPTransport(centre: url, enrolment: kiosk.enrolment))
            let sealed = try await kiosk.record()
            let sync = kiosk.sync(transport)
            #expect(try await sync.status().link == .unknown)
            #expect(await sync.drain() == nil)
            try await expectArrived(sealed, kiosk, url)
            let kinds = await transport.requests.map { request in
                switch request {
                case .create: "create"
                case .offset: "offset"
                case .append: "append"
                case .commit: "commit"
                }
            }
            #expect(kinds == ["create", "offset", "append", "append", "append", "commit"])
            let status = try await sync.status()
            #expect(status.link == .fine && status.pending == 0 && status.lastReceipt != nil)
            await transport.close()
        }
    }

    @Test(
        "a cut at any request, before or after the centre saw it, neither loses nor doubles",
        arguments: 0..<6, CuttingTransport.Cut.allCases)
    func cut(_ index: Int, _ cut: CuttingTransport.Cut) async throws {
        try await withCentre(centreData.url) { server, url in
            let kiosk = try KioskFixture(server.enroll("kiosk-01"))
            let transport = CuttingTransport(HTTPTransport(centre: url, enrolment: kiosk.enrolment)) { number, _ in
                number == index ? cut : nil
            }
            let sealed = try await kiosk.record()
            let sync = kiosk.sync(transport)
            let wait = try #require(await sync.drain())
            #expect(try kiosk.sealedNames().count == 1, "nothing is deleted without a receipt")
            #expect(try await sync.list().first?.reason?.contains("can't be reached") == true)
            kiosk.clock.advance(Double(wait.components.seconds) + 1)
            #expect(await sync.drain() == nil)
            try await expectArrived(sealed, kiosk, url)
            await transport.close()
        }
    }

    @Test("when the answer of every request is lost once, it arrives all the same, and no chunk is sent twice")
    func everyAnswerLost() async throws {
        try await withCentre(centreData.url) { server, url in
            let kiosk = try KioskFixture(server.enroll("kiosk-01"))
            let seen = Seen()
            let transport = CuttingTransport(HTTPTransport(centre: url, enrolment: kiosk.enrolment)) { _, request in
                seen.isFirst("\(request)") ? .after : nil
            }
            let sealed = try await kiosk.record()
            let sync = kiosk.sync(transport)
            var rounds = 0
            while let wait = await sync.drain(), rounds < 20 {
                kiosk.clock.advance(Double(wait.components.seconds) + 1)
                rounds += 1
            }
            try await expectArrived(sealed, kiosk, url)
            let appends = await transport.requests.filter { if case .append = $0 { true } else { false } }
            #expect(appends.count == 3)
            await transport.close()
        }
    }

    @Test(
        "the connection is cut in the middle of bytes",
        arguments: [1, 150, 700, 1_500, 30_000, 41_500, 80_000, 102_000])
    func cutBytes(_ bytes: Int) async throws {
        try await withCentre(centreData.url) { server, url in
            let kiosk = try KioskFixture(server.enroll("kiosk-01"))
            let proxy = try await CuttingProxy(to: url.port ?? 0, cutAfter: bytes)
            let through = try #require(URL(string: "http://127.0.0.1:\(proxy.port)"))
            let transport = HTTPTransport(centre: through, enrolment: kiosk.enrolment)
            let sealed = try await kiosk.record()
            let sync = kiosk.sync(transport)
            let wait = try #require(await sync.drain())
            #expect(try kiosk.sealedNames().count == 1)
            kiosk.clock.advance(Double(wait.components.seconds) + 1)
            #expect(await sync.drain() == nil)
            try await expectArrived(sealed, kiosk, url)
            await transport.close()
            try await proxy.close()
        }
    }

    @Test("a receipt that another key signed deletes nothing, and the remedy is told")
    func wrongSignature() async throws {
        try await withCentre(centreData.url) { server, url in
            let kiosk = try KioskFixture(server.enroll("kiosk-01"))
            let transport = HTTPTransport(centre: url, enrolment: kiosk.enrolment)
            var keys = kiosk.enrolment.keys
            keys.receipt = Curve25519.Signing.PrivateKey().publicKey.rawRepresentation
            let sealed = try await kiosk.record()
            let sync = kiosk.sync(transport, keys: keys)
            #expect(await sync.drain() != nil)
            #expect(try kiosk.sealedNames().count == 1)
            #expect(try await kiosk.dossiers.record(sealed.id)?.receipt == nil)
            #expect(try await sync.list().first?.state == .pending)
            #expect(try await sync.status().problem?.contains("receipt") == true)
            // With the right key it goes, and the centre answers the same receipt.
            let right = kiosk.sync(transport)
            kiosk.clock.advance(600)
            #expect(await right.drain() == nil)
            try await expectArrived(sealed, kiosk, url)
            await transport.close()
        }
    }

    @Test("sealed bytes changed on this disk are parked, and don't hold up the next dossier")
    func alteredBytes() async throws {
        try await withCentre(centreData.url) { server, url in
            let kiosk = try KioskFixture(server.enroll("kiosk-01"))
            let transport = HTTPTransport(centre: url, enrolment: kiosk.enrolment)
            let bad = try await kiosk.record()
            let file = try kiosk.sealedFile(bad)
            var bytes = try Data(contentsOf: file)
            bytes[bytes.count / 2] ^= 1
            try bytes.write(to: file)
            kiosk.clock.advance(1)
            let good = try await kiosk.record()
            let sync = kiosk.sync(transport)
            #expect(await sync.drain() == nil)
            let parked = try #require(try await sync.list().first)
            #expect(parked.id == bad.id && parked.state == .parked && parked.reason?.contains("damaged") == true)
            #expect(try await CentreList.get(url).map(\.id) == [good.id])
            #expect(try await sync.status().parked == 1)
            await transport.close()
        }
    }

    @Test("a sealed file that is gone is parked")
    func missingFile() async throws {
        try await withCentre(centreData.url) { server, url in
            let kiosk = try KioskFixture(server.enroll("kiosk-01"))
            let transport = HTTPTransport(centre: url, enrolment: kiosk.enrolment)
            let sealed = try await kiosk.record()
            try FileManager.default.removeItem(at: kiosk.sealedFile(sealed))
            let sync = kiosk.sync(transport)
            #expect(await sync.drain() == nil)
            #expect(try await sync.list().map(\.state) == [.parked])
            await transport.close()
        }
    }

    @Test("without a centre the status says so, and when it is back all goes without a restart")
    func centreComesBack() async throws {
        let enrolment = try await withCentre(centreData.url) { server, _ in try server.enroll("kiosk-01") }
        let kiosk = try KioskFixture(enrolment)
        let nowhere = try #require(URL(string: "http://127.0.0.1:9"))
        let transport = SwitchingTransport(HTTPTransport(centre: nowhere, enrolment: enrolment))
        let sealed = try await kiosk.record()
        let sync = kiosk.sync(transport)
        let wait = try #require(await sync.drain())
        var status = try await sync.status(probing: true)
        #expect(status.link == .trouble && status.pending == 1 && status.nextAttempt != nil)
        #expect(status.problem?.contains("can't be reached") == true && status.remedy?.contains("central.url") == true)
        #expect(wait <= .seconds(60))
        try await withCentre(centreData.url) { _, url in
            await transport.lead(to: HTTPTransport(centre: url, enrolment: enrolment))
            status = try await sync.status(probing: true)
            #expect(status.link == .fine && status.problem == nil)
            #expect(await sync.drain() == nil)
            try await expectArrived(sealed, kiosk, url)
            await transport.close()
        }
    }

    @Test("an enrolment that counts no more is told, and nothing is parked for it")
    func notEnrolled() async throws {
        try await withCentre(centreData.url) { server, url in
            let kiosk = try KioskFixture(server.enroll("kiosk-01"))
            let newEnrolment = try server.enroll("kiosk-01")
            let old = HTTPTransport(centre: url, enrolment: kiosk.enrolment)
            let sealed = try await kiosk.record()
            #expect(await kiosk.sync(old).drain() != nil)
            #expect(try await kiosk.store.outboxCount(.pending) == 1)
            let new = HTTPTransport(centre: url, enrolment: newEnrolment)
            kiosk.clock.advance(120)
            #expect(await kiosk.sync(new).drain() == nil)
            try await expectArrived(sealed, kiosk, url)
            await old.close()
            await new.close()
        }
    }

    @Test("running, it sends what is recorded without being asked")
    func running() async throws {
        try await withCentre(centreData.url) { server, url in
            let kiosk = try KioskFixture(server.enroll("kiosk-01"))
            let transport = HTTPTransport(centre: url, enrolment: kiosk.enrolment)
            let sync = kiosk.sync(transport)
            let task = Task { await sync.run() }
            let sealed = try await kiosk.record()
            while try await kiosk.store.outboxCount(.sent) == 0 { await Task.yield() }
            while try kiosk.sealedNames().count > 0 { await Task.yield() }
            task.cancel()
            await task.value
            try await expectArrived(sealed, kiosk, url)
            await transport.close()
        }
    }
}

import Synchronization
import TestSupport

private final class Seen: Sendable {
    private let seen = Mutex<Set<String>>([])
    func isFirst(_ key: String) -> Bool { seen.withLock { $0.insert(key).inserted } }
}

/// A way that can be led elsewhere.
private actor SwitchingTransport: CentreTransport {
    private var inner: HTTPTransport
    init(_ inner: HTTPTransport) { self.inner = inner }

    func lead(to other: HTTPTransport) async {
        await inner.close()
        inner = other
    }
    func send(_ request: SyncRequest, chunk: Data) async -> SyncReply { await inner.send(request, chunk: chunk) }
    func check() async -> SyncTrouble? { await inner.check() }
    func close() async { await inner.close() }
}
