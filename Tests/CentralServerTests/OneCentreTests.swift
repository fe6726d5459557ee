import CentralProtocol
import CentreTestSupport
import Foundation
import HostSystem
import Logging
import TestSupport
import Testing

@testable import CentralServer

@Suite("One centre")
struct OneCentreTests {
    @Test("a second centre in the same folder is refused and touches nothing; the folder is free when the first ends")
    func oneAFolder() async throws {
        let folder = TemporaryFolder()
        try await withCentre(folder.url) { _, _ in
            let unfinished = folder.url.appending(path: "dossiers/.x.part")
            try Data("half".utf8).write(to: unfinished)
            let error = await #expect(throws: FolderInUse.self) {
                try await withCentre(folder.url) { _, _ in }
            }
            #expect(error?.description.contains(folder.url.path) == true)
            #expect(FileManager.default.fileExists(atPath: unfinished.path))
        }
        try await withCentre(folder.url) { _, _ in }
    }

    @Test("a port that is taken is named with the remedy")
    func portTaken() async throws {
        let folder = TemporaryFolder()
        try await withCentre(folder.url) { _, url in
            let other = TemporaryFolder()
            let server = try CentralServer(
                data: other.url, port: url.port ?? 0, logger: Logger(label: "centre") { _ in SwiftLogNoOpLogHandler() })
            let error = await #expect(throws: CentreError.self) { try await server.run() }
            #expect(error?.description.contains("\(url.port ?? 0)") == true)
            #expect(error?.description.contains("--port") == true)
        }
    }

    @Test(
        "staff pages are shown under addresses and given names only: another site's name may point here",
        arguments: [
            ("127.0.0.1:8490", true), ("[::1]:8490", true), ("localhost", true), ("centre.example:443", true),
            ("CENTRE.example", true), ("evil.example", false), ("127.0.0.1.evil.example", false), ("", false),
        ])
    func names(_ authority: String, _ isAccepted: Bool) {
        #expect(HostGuard(names: ["centre.example"]).accepts(authority) == isAccepted)
    }
}
