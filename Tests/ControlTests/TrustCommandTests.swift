import Foundation
import Testing

@Suite("kioskctl trust", .timeLimit(.minutes(1)))
struct TrustCommandTests {
    /// A folder with certificates that the openssl program made: an authority's, self-signed, and one that it did not sign.
    private struct Certificates {
        let folder: URL

        init() throws {
            folder = FileManager.default.temporaryDirectory.appending(path: "trust-command-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for name in ["csca", "other"] {
                try Self.openssl([
                    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:brainpoolP256r1", "-nodes",
                    "-keyout", path("\(name).key"), "-out", path("\(name).pem"), "-days", "400", "-subj",
                    "/C=VN/O=Nobody/CN=Test \(name)", "-addext", "keyUsage=critical,keyCertSign,cRLSign",
                ])
            }
            try Self.openssl([
                "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                path("signer.key"), "-out", path("signer.csr"), "-subj", "/C=VN/CN=Test signer",
            ])
            try Self.openssl([
                "x509", "-req", "-in", path("signer.csr"), "-CA", path("csca.pem"), "-CAkey", path("csca.key"), "-out",
                path("signer.pem"), "-days", "100",
            ])
        }

        func path(_ name: String) -> String { folder.appending(path: name).path }
        var store: String { path("store") }
        func remove() { try? FileManager.default.removeItem(at: folder) }

        private static func openssl(_ arguments: [String]) throws {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["openssl"] + arguments
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            try #require(process.terminationStatus == 0, "openssl \(arguments.prefix(2))")
        }
    }

    private func json(_ data: Data) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test("import, then list: the CSCA stands there with fingerprint, curve and validity; twice is harmless")
    func importAndList() async throws {
        let files = try Certificates()
        defer { files.remove() }
        let first = try await Kioskctl.run([
            "trust", "import", files.path("csca.pem"), "--folder", files.store, "--yes",
        ])
        #expect(first.status == 0 && first.text.contains("1 imported"), "\(first.text)\(first.errors)")
        let second = try await Kioskctl.run([
            "trust", "import", files.path("csca.pem"), "--folder", files.store, "--yes", "--json",
        ])
        let reply = try json(second.output)
        #expect(second.status == 0 && reply["known"] as? Int == 1 && (reply["imported"] as? [Any])?.isEmpty == true)
        let text = try await Kioskctl.run(["trust", "list", "--folder", files.store])
        #expect(text.status == 0 && text.text.contains("CN=Test csca") && text.text.contains("brainpoolP256r1"))
        let list = try json(try await Kioskctl.run(["trust", "list", "--folder", files.store, "--json"]).output)
        let certificate = try #require((list["certificates"] as? [[String: Any]])?.first)
        #expect(
            Set(certificate.keys) == [
                "subject", "country", "kind", "notBefore", "notAfter", "algorithm", "key", "fingerprint", "keyID",
                "file", "warnings",
            ])
        #expect(certificate["country"] as? String == "VN" && certificate["kind"] as? String == "csca")
    }

    @Test("the folder is the settings' one")
    func settings() async throws {
        let files = try Certificates()
        defer { files.remove() }
        try Data("identity: { trust: store }\n".utf8).write(to: files.folder.appending(path: "kiosk.yaml"))
        let run = try await Kioskctl.run([
            "trust", "import", files.path("csca.pem"), "--config", files.path("kiosk.yaml"), "--yes",
        ])
        #expect(run.status == 0, "\(run.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: files.store).count == 1)
    }

    @Test("without an answer nothing is imported, and a script is told to give --yes")
    func unconfirmed() async throws {
        let files = try Certificates()
        defer { files.remove() }
        for extra in [[], ["--json"]] {
            let run = try await Kioskctl.run(
                ["trust", "import", files.path("csca.pem"), "--folder", files.store] + extra)
            #expect(run.status == 1 && !FileManager.default.fileExists(atPath: files.store))
            #expect((run.errors + run.text).contains("--yes"))
        }
    }

    @Test("a signer whose CSCA is missing is refused; after its CSCA it is taken")
    func order() async throws {
        let files = try Certificates()
        defer { files.remove() }
        let words = ["trust", "import", files.path("signer.pem"), "--folder", files.store, "--yes"]
        _ = try await Kioskctl.run(["trust", "import", files.path("other.pem"), "--folder", files.store, "--yes"])
        let early = try await Kioskctl.run(words)
        #expect(early.status == 1 && early.text.contains("import that first"))
        _ = try await Kioskctl.run(["trust", "import", files.path("csca.pem"), "--folder", files.store, "--yes"])
        let late = try await Kioskctl.run(words)
        #expect(late.status == 0 && late.text.contains("1 imported"), "\(late.text)")
    }

    @Test("a file that holds nothing, and a store that is not there, are faults with a remedy")
    func faults() async throws {
        let files = try Certificates()
        defer { files.remove() }
        for name in ["csca.key", "nothing.pem"] {
            let run = try await Kioskctl.run(["trust", "import", files.path(name), "--folder", files.store, "--yes"])
            #expect(run.status == 1 && run.errors.contains(name) && run.errors.contains("→"), "\(run.errors)")
        }
        let list = try await Kioskctl.run(["trust", "list", "--folder", files.store])
        #expect(list.status == 1 && list.text.contains("kioskctl trust import"))
        let settings = try await Kioskctl.run(["trust", "list", "--config", files.path("nothing.yaml")])
        #expect(settings.status == 1 && settings.errors.contains("--folder"))
    }
}
