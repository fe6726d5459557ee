import CentralProtocol
import CentreTestSupport
import Crypto
import Foundation
import GRDB
import Testing
import TestSupport

@testable import CentralServer

@Suite("Intake")
struct IntakeTests {
    private let data = TemporaryFolder()

    private func centre(_ body: (CentralServer, CentreClient) async throws -> Void) async throws {
        try await withCentre(data.url) { server, url in
            try await body(server, CentreClient(base: url, enrolment: server.enroll("kiosk-01")))
        }
    }

    @Test("a whole dossier gets a signed receipt and a code; once more gets the same receipt")
    func taken() async throws {
        try await centre { server, client in
            let dossier = try SampleDossier(server.keys, kiosk: "kiosk-01")
            let first = try await client.submit(dossier)
            #expect(first.status == 200)
            let receipt = try JSONDecoder().decode(SignedReceipt.self, from: first.body)
            try receipt.verify(dossier.commit, keys: server.keys)
            #expect(receipt.receipt.code == "H21.23710-261124-0001")
            #expect(try await client.commit(dossier.commit).body == first.body)
            // The whole way again, as a kiosk does that lost the answer.
            #expect(try await client.submit(dossier).body == first.body)
            let second = try await client.submit(SampleDossier(server.keys, kiosk: "kiosk-01"))
            let code = try JSONDecoder().decode(SignedReceipt.self, from: second.body).receipt.code
            #expect(code == "H21.23710-261124-0002")
        }
    }

    @Test("commits at the same moment get one code and one receipt")
    func race() async throws {
        try await centre { server, client in
            let dossier = try SampleDossier(server.keys, kiosk: "kiosk-01")
            let path = try await client.create(dossier.id, dossier.sealed).headers["location"] ?? ""
            _ = try await client.patch(path, at: 0, dossier.sealed)
            async let first = client.commit(dossier.commit)
            async let second = client.commit(dossier.commit)
            let answers = try await [first, second]
            #expect(answers.map(\.status) == [200, 200] && answers[0].body == answers[1].body)
        }
    }

    @Test("what is not whole waits")
    func incomplete() async throws {
        try await centre { server, client in
            let dossier = try SampleDossier(server.keys, kiosk: "kiosk-01")
            #expect(try await client.commit(dossier.commit).problem == .noSuchUpload)
            let path = try await client.create(dossier.id, dossier.sealed).headers["location"] ?? ""
            _ = try await client.patch(path, at: 0, dossier.sealed.dropLast())
            #expect(try await client.commit(dossier.commit).problem == .uploadIncomplete)
        }
    }

    @Test("bytes that changed after they were announced begin again")
    func damaged() async throws {
        try await centre { server, client in
            let dossier = try SampleDossier(server.keys, kiosk: "kiosk-01")
            let path = try await client.create(dossier.id, dossier.sealed).headers["location"] ?? ""
            var changed = dossier.sealed
            changed[200] ^= 1
            _ = try await client.patch(path, at: 0, changed)
            #expect(try await client.commit(dossier.commit).problem == .uploadDamaged)
            #expect(try await client.send("HEAD", path).headers["upload-offset"] == "0")
            #expect(try await client.submit(dossier).status == 200)
        }
    }

    @Test("what can't be opened, or isn't what it says, is refused for good and leaves nothing")
    func refused() async throws {
        try await centre { server, client in
            let foreign = CentreKeys(
                sealing: Curve25519.KeyAgreement.PrivateKey().publicKey.rawRepresentation, receipt: server.keys.receipt)
            var altered = try SampleDossier(server.keys, kiosk: "kiosk-01")
            altered.sealed[altered.sealed.count - 20] ^= 1
            altered.commit.sealedSHA256 = Hex.sha256(altered.sealed)
            var short = try SampleDossier(server.keys, kiosk: "kiosk-01")
            short.sealed = short.sealed.prefix(60)
            short.commit.sealedSHA256 = Hex.sha256(short.sealed)
            short.commit.sealedBytes = 60
            var manifestHash = try SampleDossier(server.keys, kiosk: "kiosk-01")
            manifestHash.commit.manifestSHA256 = String(repeating: "0", count: 64)
            let cases = [
                ("another key", try SampleDossier(foreign, kiosk: "kiosk-01")), ("altered", altered), ("short", short),
                ("manifest's hash", manifestHash), ("another kiosk", try SampleDossier(server.keys, kiosk: "kiosk-02")),
                ("bytes after the end", try SampleDossier(server.keys, kiosk: "kiosk-01", extra: Data([0]))),
                (
                    "file's hash",
                    try SampleDossier(server.keys, kiosk: "kiosk-01") {
                        $0.files[0].sha256 = String(repeating: "0", count: 64)
                    }
                ),
                ("missing bytes", try SampleDossier(server.keys, kiosk: "kiosk-01") { $0.files[0].bytes += 1 }),
                ("a path as name", try SampleDossier(server.keys, kiosk: "kiosk-01") { $0.files[0].name = "../x" }),
                ("another id", try SampleDossier(server.keys, kiosk: "kiosk-01") { $0.id = UUID() }),
            ]
            for (name, dossier) in cases {
                let answer = try await client.submit(dossier)
                #expect(answer.status == 422 && answer.problem == .refused, "\(name)")
            }
            for folder in ["dossiers", "uploads"] {
                let left = try FileManager.default.contentsOfDirectory(atPath: data.url.appending(path: folder).path)
                #expect(left.isEmpty, "\(folder)")
            }
        }
    }

    @Test("the same id with other bytes is refused after it was taken")
    func differentAfter() async throws {
        try await centre { server, client in
            let dossier = try SampleDossier(server.keys, kiosk: "kiosk-01")
            _ = try await client.submit(dossier)
            let other = try SampleDossier(server.keys, kiosk: "kiosk-01", id: dossier.id)
            #expect(try await client.create(other.id, other.sealed).problem == .differentBytes)
            #expect(try await client.commit(other.commit).problem == .differentBytes)
        }
    }

    @Test("what a crash left between unpacking and the receipt is unpacked again")
    func crash() async throws {
        let id = UUID()
        let left = data.url.appending(path: "dossiers/\(id.uuidString)")
        try FileManager.default.createDirectory(at: left, withIntermediateDirectories: true)
        try Data("half".utf8).write(to: left.appending(path: "answers.json"))
        let unfinished = data.url.appending(path: "dossiers/.x.part")
        try FileManager.default.createDirectory(at: unfinished, withIntermediateDirectories: true)
        try await centre { server, client in
            #expect(!FileManager.default.fileExists(atPath: unfinished.path))
            let answer = try await client.submit(SampleDossier(server.keys, kiosk: "kiosk-01", id: id))
            #expect(answer.status == 200)
            #expect(
                try Data(contentsOf: left.appending(path: "answers.json")) == Data(#"{"child":{"name":"An"}}"#.utf8))
        }
    }

    @Test("keys outlive a restart; a damaged key stops the start and is not replaced")
    func keys() throws {
        let first = try CentralServer(data: data.url).keys
        #expect(try CentralServer(data: data.url).keys == first)
        let file = data.url.appending(path: "keys/sealing.x25519")
        #expect(try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int == 0o600)
        try Data("damaged".utf8).write(to: file)
        #expect(throws: CentreError.keyDamaged(file)) { try CentralServer(data: data.url) }
        #expect(try Data(contentsOf: file) == Data("damaged".utf8))
    }

    @Test("an enrolment file is kept while it counts, and made again when it doesn't")
    func enrolment() throws {
        let server = try CentralServer(data: data.url)
        try server.ensureEnrolled("kiosk-01")
        let first = try Enrolment(contentsOf: server.enrolmentFile("kiosk-01"))
        try server.ensureEnrolled("kiosk-01")
        #expect(try Enrolment(contentsOf: server.enrolmentFile("kiosk-01")) == first)
        try Data("{}".utf8).write(to: server.enrolmentFile("kiosk-01"))
        try server.ensureEnrolled("kiosk-01")
        #expect(try Enrolment(contentsOf: server.enrolmentFile("kiosk-01")).token != first.token)
        #expect(throws: CentreError.badKioskID("../x")) { try server.ensureEnrolled("../x") }
        #expect(throws: CentreError.badKioskID("a b")) { try server.enroll("a b") }
    }

    @Test("without TLS only the loopback is served", arguments: ["0.0.0.0", "::", "192.168.1.5", "kiosk.example"])
    func loopback(_ host: String) {
        #expect(throws: CentreError.notLoopback(host)) { try CentralServer(data: data.url, host: host) }
    }

    @Test("the centre's commits are durable too")
    func durable() throws {
        let database = try CentreDatabase(file: data.url.appending(path: "centre.sqlite"))
        let synchronous = try database.pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
        #expect(synchronous == 2)
    }
}
