import CentralProtocol
import CentreTestSupport
import Crypto
import Foundation
import GRDB
import Testing
import TestSupport

@testable import CentralServer

@Suite("Uploads")
struct UploadTests {
    private let data = TemporaryFolder()

    private func centre(_ body: (CentralServer, CentreClient) async throws -> Void) async throws {
        try await withCentre(data.url) { server, url in
            try await body(server, CentreClient(base: url, enrolment: server.enroll("kiosk-01")))
        }
    }

    @Test("OPTIONS tells what of tus is spoken")
    func options() async throws {
        try await centre { _, client in
            let answer = try await client.send("OPTIONS", "/v1/uploads", authorized: false)
            #expect(answer.status == 204)
            #expect(answer.headers["tus-version"] == "1.0.0" && answer.headers["tus-extension"] == "creation,checksum")
            #expect(answer.headers["tus-max-size"] == "\(Limits.sealedBytes)")
        }
    }

    @Test("created twice it is one upload; HEAD tells the offset; PATCH appends only there")
    func protocolSteps() async throws {
        try await centre { server, client in
            let sealed = Data(repeating: 9, count: 1000)
            let id = UUID()
            let created = try await client.create(id, sealed)
            #expect(created.status == 201)
            let path = try #require(created.headers["location"])
            #expect(try await client.create(id, sealed).headers["location"] == path)

            #expect(try await client.send("HEAD", path).headers["upload-offset"] == "0")
            #expect(try await client.patch(path, at: 0, sealed.prefix(400)).headers["upload-offset"] == "400")
            let head = try await client.send("HEAD", path)
            #expect(head.headers["upload-offset"] == "400" && head.headers["upload-length"] == "1000")
            #expect(head.headers["cache-control"] == "no-store")

            for offset in [0, 399, 401, 1000] {
                let conflict = try await client.patch(path, at: offset, Data([1]))
                #expect(conflict.status == 409 && conflict.problem == .offsetConflict)
            }
            #expect(try await client.patch(path, at: 400, Data(repeating: 1, count: 601)).status == 413)
            let changed = try await client.patch(path, at: 400, Data([1]), checksum: "sha256 AAAA")
            #expect(changed.status == 460 && changed.problem == .checksumMismatch)
            #expect(try await client.patch(path, at: 400, Data([1]), checksum: "md5 AAAA").status == 400)
            #expect(try await client.send("HEAD", path).headers["upload-offset"] == "400")
        }
    }

    @Test("the offset outlives a restart of the centre")
    func restart() async throws {
        let id = UUID()
        let sealed = Data(repeating: 9, count: 1000)
        var path = ""
        try await centre { _, client in
            path = try await client.create(id, sealed).headers["location"] ?? ""
            _ = try await client.patch(path, at: 0, sealed.prefix(300))
        }
        try await centre { _, client in
            let again = try await client.create(id, sealed)
            #expect(again.headers["location"] == path)
            #expect(try await client.send("HEAD", path).headers["upload-offset"] == "300")
        }
    }

    @Test("the same dossier with other bytes is refused, also of another kiosk")
    func otherBytes() async throws {
        try await centre { server, client in
            let id = UUID()
            _ = try await client.create(id, Data([1, 2, 3]))
            let other = try await client.create(id, Data([4, 5, 6]))
            #expect(other.status == 409 && other.problem == .differentBytes)
            let second = CentreClient(base: client.base, enrolment: try server.enroll("kiosk-02"))
            #expect(try await second.create(id, Data([1, 2, 3])).problem == .differentBytes)
        }
    }

    @Test(
        "nobody who isn't enrolled gets in, and another kiosk's upload isn't there",
        arguments: [
            ["Authorization": "Bearer wrong"], ["Authorization": ""], ["Kiosk-Id": "kiosk-99"], ["Kiosk-Id": "../x"],
            ["Kiosk-Id": "kiosk-01' OR 1=1 --"],
        ])
    func notEnrolled(_ headers: [String: String]) async throws {
        try await centre { server, client in
            let path = try await client.create(UUID(), Data([1])).headers["location"] ?? ""
            for (method, path) in [("POST", "/v1/uploads"), ("HEAD", path), ("PATCH", path)] {
                #expect(try await client.send(method, path, headers).status == 401, "\(method)")
            }
            let commit = "/v1/dossiers/\(UUID().uuidString)/commit"
            #expect(try await client.send("POST", commit, headers, Data("{}".utf8)).problem == .notEnrolled)
            let second = CentreClient(base: client.base, enrolment: try server.enroll("kiosk-02"))
            #expect(try await second.send("HEAD", path).status == 404)
        }
    }

    @Test(
        "malformed requests are told so",
        arguments: [
            ["Upload-Length": "x"], ["Upload-Length": ""], ["Upload-Metadata": ""], ["Upload-Metadata": "dossier AAAA"],
            ["Upload-Metadata": "dossier !!!,sha256 !!!"], ["Upload-Metadata": String(repeating: "a", count: 2000)],
        ])
    func malformed(_ headers: [String: String]) async throws {
        try await centre { _, client in
            let good = UploadMetadata(dossier: UUID(), sealedSHA256: String(repeating: "a", count: 64)).headerValue
            let all = ["Upload-Length": "5", "Upload-Metadata": good].merging(headers) { $1 }
            let answer = try await client.send("POST", "/v1/uploads", all)
            #expect(answer.status == 400 && answer.problem == .malformed)
        }
    }

    @Test("sizes are bounded before they are believed", arguments: ["0", "-1", "\(Limits.sealedBytes + 1)"])
    func sizes(_ length: String) async throws {
        try await centre { _, client in
            let metadata = UploadMetadata(dossier: UUID(), sealedSHA256: String(repeating: "a", count: 64)).headerValue
            let answer = try await client.send(
                "POST", "/v1/uploads", ["Upload-Length": length, "Upload-Metadata": metadata])
            #expect(answer.status == 413 && answer.problem == .tooLarge)
        }
    }

    @Test("a body beyond the limit is refused")
    func largeBodies() async throws {
        try await centre { _, client in
            let path = try await client.create(UUID(), Data([1]), length: 20_000_000).headers["location"] ?? ""
            #expect(try await client.patch(path, at: 0, Data(count: Limits.patchBytes + 1)).status == 413)
            #expect(try await client.send("HEAD", path).headers["upload-offset"] == "0")
            let commit = "/v1/dossiers/\(UUID().uuidString)/commit"
            #expect(try await client.send("POST", commit, [:], Data(count: Limits.bodyBytes + 1)).status == 413)
        }
    }

    @Test("a kiosk can't fill the centre with uploads it never finishes")
    func tooMany() async throws {
        let database = try CentreDatabase(file: data.url.appending(path: "test.sqlite"))
        let uploads = try UploadStore(folder: data.url.appending(path: "test"), database: database)
        _ = try KioskRegister(database: database).enroll(
            "kiosk-01", keys: CentreKeys(sealing: Data(), receipt: Data()), at: .distantPast)
        let hash = String(repeating: "a", count: 64)
        try await database.pool.write { database in
            for index in 0..<Limits.openUploadsPerKiosk {
                try database.execute(
                    sql: """
                        INSERT INTO upload (id, kiosk, dossier, sealed_sha256, length, created_at_ms)
                        VALUES (?, 'kiosk-01', ?, ?, 1, 0)
                        """,
                    arguments: ["\(index)", UUID().uuidString, hash])
            }
        }
        await #expect(throws: CentreProblem.self) {
            try await uploads.create(
                kiosk: "kiosk-01", UploadMetadata(dossier: UUID(), sealedSHA256: hash), length: 1, at: .distantPast)
        }
    }

    @Test("without Tus-Resumable: 412")
    func version() async throws {
        try await centre { _, client in
            let answer = try await client.send("POST", "/v1/uploads", ["Tus-Resumable": "0.2.2"])
            #expect(answer.status == 412)
        }
    }
}
