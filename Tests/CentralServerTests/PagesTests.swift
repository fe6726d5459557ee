import CentralProtocol
import CentreTestSupport
import Foundation
import Testing
import TestSupport

@testable import CentralServer

@Suite("Pages")
struct PagesTests {
    private let data = TemporaryFolder()

    private func centre(_ body: (CentralServer, CentreClient) async throws -> Void) async throws {
        try await withCentre(data.url) { server, url in
            try await body(server, CentreClient(base: url, enrolment: server.enroll("kiosk-01")))
        }
    }

    private static let hostile =
        #"{"child":{"name":"<script>alert(1)</script> & \"An\" 'x'"},"<b>":["&lt;",2,true,null]}"#

    @Test("the list and a dossier are readable, in Vietnamese, without scripts, and nothing from a form becomes markup")
    func pages() async throws {
        try await centre { server, client in
            #expect(try await client.send("GET", "/dossiers", authorized: false).text.contains("Chưa có hồ sơ nào."))
            let dossier = try SampleDossier(
                server.keys, kiosk: "kiosk-01",
                files: [
                    ("answers.json", "application/json", Data(Self.hostile.utf8)),
                    ("scan.pdf", "application/pdf", Data("%PDF-1.7".utf8)),
                    ("page.html", "text/html", Data("<script>alert(1)</script>".utf8)),
                ])
            _ = try await client.submit(dossier)
            let list = try await client.send("GET", "/dossiers", authorized: false)
            #expect(list.text.contains("H21.23710-261124-0001") && list.text.contains(#"<html lang="vi">"#))
            let page = try await client.send("GET", "/dossiers/\(dossier.id.uuidString)", authorized: false)
            #expect(page.status == 200)
            #expect(page.text.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;An&quot; &#39;x&#39;"))
            #expect(!page.text.contains("<script") && !page.text.contains("<b>"))
            #expect(page.text.contains("child › name"))
            for answer in [list, page] {
                let policy = answer.headers["content-security-policy"] ?? ""
                #expect(
                    policy.contains("default-src 'none'") && !policy.contains("unsafe") && !policy.contains("script"))
                #expect(answer.headers["x-content-type-options"] == "nosniff")
                #expect(answer.headers["cache-control"] == "no-store")
            }
            let base = "/dossiers/\(dossier.id.uuidString)/files"
            let pdf = try await client.send("GET", "\(base)/scan.pdf", authorized: false)
            #expect(pdf.headers["content-type"] == "application/pdf" && pdf.text == "%PDF-1.7")
            #expect(pdf.headers["content-disposition"] == #"inline; filename="scan.pdf""#)
            let html = try await client.send("GET", "\(base)/page.html", authorized: false)
            #expect(html.headers["content-type"] == "application/octet-stream")
            #expect(html.headers["content-disposition"]?.hasPrefix("attachment") == true)
            #expect(
                try await client.send("GET", "/assets/centre.css", authorized: false).headers["content-type"]
                    == "text/css; charset=utf-8")
        }
    }

    @Test(
        "what isn't there is not found",
        arguments: [
            "/dossiers/x", "/dossiers/00000000-0000-0000-0000-000000000000", "/dossiers/%2e%2e/files/x",
            "/dossiers/00000000-0000-0000-0000-000000000000/files/..%2f..%2fkeys%2fsealing.x25519", "/nothing",
            "/api/dossiers/x",
        ])
    func missing(_ path: String) async throws {
        try await centre { _, client in
            let answer = try await client.send("GET", path, authorized: false)
            #expect(answer.status == 404)
        }
    }

    @Test(
        "a file is served only by a name of the manifest",
        arguments: [".manifest.json", "..%2fx", "answers.json%00", "x"])
    func names(_ name: String) async throws {
        try await centre { server, client in
            let dossier = try SampleDossier(server.keys, kiosk: "kiosk-01")
            _ = try await client.submit(dossier)
            let path = "/dossiers/\(dossier.id.uuidString)/files/\(name)"
            #expect([400, 404].contains(try await client.send("GET", path, authorized: false).status))
        }
    }

    @Test("the JSON tells id, code, files with hashes, and the receipt")
    func json() async throws {
        try await centre { server, client in
            let dossier = try SampleDossier(server.keys, kiosk: "kiosk-01")
            _ = try await client.submit(dossier)
            let list = try await client.send("GET", "/api/dossiers", authorized: false)
            let one = try await client.send("GET", "/api/dossiers/\(dossier.id.uuidString)", authorized: false)
            let object = try #require(try JSONSerialization.jsonObject(with: one.body) as? [String: Any])
            #expect(object["id"] as? String == dossier.id.uuidString)
            #expect(object["code"] as? String == "H21.23710-261124-0001")
            let files = try #require(object["files"] as? [[String: Any]])
            #expect(
                files.first?["name"] as? String == "answers.json" && (files.first?["sha256"] as? String)?.count == 64)
            #expect((object["receipt"] as? [String: Any])?["signature"] != nil)
            let all = try #require(try JSONSerialization.jsonObject(with: list.body) as? [String: Any])
            #expect((all["dossiers"] as? [Any])?.count == 1)
        }
    }

    @Test("health and the public keys need no secret")
    func open() async throws {
        try await centre { server, client in
            #expect(try await client.send("GET", "/health", authorized: false).text == #"{"status":"ok"}"#)
            let keys = try await client.send("GET", "/v1/keys", authorized: false)
            #expect(try JSONDecoder().decode(CentreKeys.self, from: keys.body) == server.keys)
        }
    }
}

@Suite("Answers")
struct AnswersTableTests {
    @Test("a kiosk's answers are shown as the applicant saw them, after who applied")
    func answers() {
        let json = #"""
            {"form":"birth","version":"1","applicant":{"number":"052199000001","name":"An","access":"PACE-CAN"},
             "answers":[{"path":"/data/sex","label":"Giới tính","value":"f","display":"Nữ"},
                        {"path":"/data/n","label":"Số bản","value":2},{"path":"/data/x","label":"Ghi chú","display":""},7]}
            """#
        let rows = AnswersTable(Data(json.utf8))?.rows.map { "\($0.label)=\($0.value)" }
        #expect(
            rows == [
                "Số định danh của người nộp=052199000001", "Họ và tên người nộp=An", "Cách đọc thẻ=PACE-CAN",
                "Giới tính=Nữ", "Số bản=2", "Ghi chú=—",
            ])
    }

    @Test("otherwise fields by their paths, in a fixed order")
    func paths() {
        let json = #"{"b":{"y":true,"x":[1,"z"]},"a":null,"n":2.5}"#
        let rows = AnswersTable(Data(json.utf8))?.rows.map { "\($0.label)=\($0.value)" }
        #expect(rows == ["a=—", "b › x 1=1", "b › x 2=z", "b › y=có", "n=2.5"])
    }

    @Test("what is no JSON is not shown", arguments: ["", "{", "nonsense"])
    func bad(_ text: String) { #expect(AnswersTable(Data(text.utf8)) == nil) }

    @Test("depth and number are bounded")
    func bounded() {
        let deep = String(repeating: #"{"a":"#, count: 100) + "1" + String(repeating: "}", count: 100)
        #expect(AnswersTable(Data(deep.utf8))?.rows.isEmpty == true)
        let many = "[" + Array(repeating: "1", count: 5000).joined(separator: ",") + "]"
        #expect(AnswersTable(Data(many.utf8))?.rows.count == AnswersTable.mostRows)
    }
}
