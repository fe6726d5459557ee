import Foundation
import Logging
import Testing

@testable import Web

@Suite struct PageTests {
    @Test("pages and files have their type and are checked for news each time")
    func files() async throws {
        try await withWeb { web in
            for (path, type) in [
                ("/", "text/html; charset=utf-8"), ("/display", "text/html; charset=utf-8"),
                ("/counter", "text/html; charset=utf-8"), ("/counter/1", "text/html; charset=utf-8"),
                ("/assets/kiosk.js", "text/javascript; charset=utf-8"),
                ("/assets/css/kiosk.css", "text/css; charset=utf-8"),
                ("/assets/icon.svg", "image/svg+xml"),
            ] {
                let answer = try await web.get(path)
                #expect(answer.status == 200, "\(path)")
                #expect(answer.headers.first(name: "Content-Type") == type)
                #expect(answer.headers.first(name: "Cache-Control") == "no-cache")
                let etag = try #require(answer.headers.first(name: "ETag"))
                let again = try await web.request(.GET, path, headers: ["If-None-Match": etag])
                #expect(again.status == 304)
                #expect(again.body.isEmpty)
            }
        }
    }

    @Test(
        "what is not a page is not found, said in JSON, under the same headers",
        arguments: [
            "/nothing", "/counter/x", "/assets/", "/assets/kiosk.html", "/assets/../Package.swift",
            "/assets/%2e%2e/%2e%2e/Package.swift", "/assets/kiosk.js/x", "/favicon.ico",
        ])
    func notFound(path: String) async throws {
        try await withWeb { web in
            let answer = try await web.get(path)
            #expect(answer.status == 404)
            #expect(try answer.decode(RunningWeb.Fault.self).code == "not-found")
            #expect(answer.headers.first(name: "Content-Security-Policy") == SecurityHeaders.contentSecurityPolicy)
        }
    }

    @Test("every answer forbids what no page needs", arguments: ["/", "/health", "/api/kiosk/screen", "/nothing"])
    func headers(path: String) async throws {
        try await withWeb { web in
            let headers = try await web.get(path).headers
            for (name, value) in SecurityHeaders.all { #expect(headers.first(name: name) == value) }
            #expect(headers.first(name: "Content-Security-Policy")?.contains("unsafe") == false)
        }
    }

    @Test("no page carries a script, a style or a handler inside itself")
    func nothingInline() throws {
        let assets = try Assets(directory: WebServerSettings.packagedResources)
        let pages = assets.files.filter { $0.key.hasSuffix(".html") }
        #expect(pages.count == 4)
        for (name, file) in pages {
            let text = String(buffer: file.bytes)
            for forbidden in [#/<style/#, #/<script(?![^>]*\bsrc=)/#, #/\son[a-z]+=/#, #/\sstyle=/#, #/https?:/#] {
                #expect(text.firstMatch(of: forbidden) == nil, "\(name)")
            }
        }
    }

    @Test("a folder without pages is refused when the server is made, with its path")
    func noFolder() {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        #expect(throws: AssetsError.noFolder(folder.path)) { try Assets(directory: folder) }
    }

    @Test("a port that is taken is named in the error")
    func portTaken() async throws {
        try await withWeb { web in
            let second = try Web(
                touchscreen: web.touchscreen, desk: web.desk, settings: WebServerSettings(port: web.port),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            do {
                try await second.run()
                Issue.record("two servers listen on one port")
            } catch let error as WebError {
                guard case .cannotListen(let host, let port, _) = error else { return }
                #expect(host == "127.0.0.1")
                #expect(port == web.port)
            }
        }
    }

    @Test("health is green and names the version of the files")
    func health() async throws {
        try await withWeb { web in
            let answer = try await web.get("/health")
            #expect(answer.status == 200)
            #expect(try answer.decode([String: String].self)["status"] == "ok")
        }
    }
}
