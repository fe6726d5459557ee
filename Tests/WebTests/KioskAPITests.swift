import Foundation
import Journey
import Testing

@testable import Web

@Suite struct KioskAPITests {
    @Test("the screen is served as the touchscreen says it")
    func screen() async throws {
        let screen = Screen(
            revision: 3, id: "form", language: "vi", title: "Người được khai sinh",
            blocks: [
                .field(Block.Field(name: "/data/name", label: "Họ, chữ đệm, tên", control: .text, value: "")),
                .text(Block.Text("Viết có dấu", style: .hint)),
            ],
            actions: [Screen.Action(id: "next", label: "Tiếp tục", role: .primary)])
        try await withWeb(screen: screen) { web in
            let answer = try await web.get("/api/kiosk/screen")
            #expect(answer.status == 200)
            #expect(answer.headers.first(name: "Content-Type") == "application/json; charset=utf-8")
            #expect(answer.headers.first(name: "Cache-Control") == "no-store")
            #expect(try answer.decode(Screen.self) == screen)
        }
    }

    @Test("an action is handed on as it was sent, and answered with the screen that follows")
    func action() async throws {
        try await withWeb { web in
            let body = #"{"revision":7,"action":"next","value":"x","values":{"/data/name":"Nguyễn Thị Hoà"}}"#
            let answer = try await web.request(
                .POST, "/api/kiosk/action", headers: ["Content-Type": "application/json"], body: body)
            #expect(answer.status == 200)
            #expect(try answer.decode(Screen.self).id == "next")
            #expect(try answer.decode(Screen.self).revision == 8)
            let expected = ScreenAction(
                revision: 7, action: "next", value: "x", values: ["/data/name": "Nguyễn Thị Hoà"])
            #expect(await web.touchscreen.actions == [expected])
        }
    }

    @Test("an action for an older screen is answered with the screen of now")
    func stale() async throws {
        try await withWeb { web in
            let answer = try await web.act("next", revision: 6)
            #expect(answer.status == 200)
            #expect(try answer.decode(Screen.self).id == "welcome")
        }
    }

    @Test(
        "a body that is no action is refused by code",
        arguments: [
            ("", "application/json", 400, "bad-action"),
            ("{", "application/json", 400, "bad-action"),
            ("[]", "application/json", 400, "bad-action"),
            (#"{"revision":"7","action":"next"}"#, "application/json", 400, "bad-action"),
            (#"{"revision":7}"#, "application/json", 400, "bad-action"),
            (#"{"revision":7,"action":""}"#, "application/json", 400, "bad-action"),
            (#"{"revision":1e99,"action":"next"}"#, "application/json", 400, "bad-action"),
            (#"{"revision":7,"action":"next","values":[]}"#, "application/json", 400, "bad-action"),
            (String(repeating: "[", count: 60_000), "application/json", 400, "bad-action"),
            (#"{"revision":7,"action":"next"}"#, "text/plain", 415, "not-json"),
            ("revision=7&action=next", "application/x-www-form-urlencoded", 415, "not-json"),
        ])
    func badBody(body: String, type: String, status: Int, code: String) async throws {
        try await withWeb { web in
            let answer = try await web.request(.POST, "/api/kiosk/action", headers: ["Content-Type": type], body: body)
            #expect(answer.status == status)
            #expect(try answer.decode(RunningWeb.Fault.self).code == code)
            #expect(await web.touchscreen.actions.isEmpty)
        }
    }

    @Test("a body of 64 KiB is read, one byte more is refused")
    func bodySize() async throws {
        try await withWeb { web in
            let frame = #"{"revision":7,"action":"next","value":""}"#
            for (extra, status, performed) in [(0, 200, 1), (1, 413, 1)] {
                let padding = String(repeating: "x", count: 64 * 1024 - frame.utf8.count + extra)
                let answer = try await web.request(
                    .POST, "/api/kiosk/action", headers: ["Content-Type": "application/json"],
                    body: frame.replacingOccurrences(of: #""value":"""#, with: #""value":"\#(padding)""#))
                #expect(answer.status == status)
                #expect(await web.touchscreen.actions.count == performed)
            }
        }
    }

    @Test("more values than a screen can hold are refused")
    func valueCount() async throws {
        try await withWeb { web in
            let values = (0...KioskRoutes.valueCountLimit).map { #""\#($0)":"""# }.joined(separator: ",")
            let answer = try await web.request(
                .POST, "/api/kiosk/action", headers: ["Content-Type": "application/json"],
                body: #"{"revision":7,"action":"next","values":{\#(values)}}"#)
            #expect(answer.status == 400)
        }
    }

    @Test("a scanned page is served as JPEG and kept by no cache; any other id is not found")
    func picture() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).jpg")
        let jpeg = Data([0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3])
        try jpeg.write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        try await withWeb { web in
            await web.touchscreen.keep(picture: file, as: "page-1")
            await web.touchscreen.keep(picture: file.appendingPathExtension("gone"), as: "page-2")
            let answer = try await web.get("/api/kiosk/pages/page-1")
            #expect(answer.status == 200)
            #expect(answer.body == jpeg)
            #expect(answer.headers.first(name: "Content-Type") == "image/jpeg")
            #expect(answer.headers.first(name: "Cache-Control") == "no-store")
            for id in ["page-2", "page-3", "..%2Fpage-1", "a.b", String(repeating: "a", count: 65)] {
                #expect(try await web.get("/api/kiosk/pages/\(id)").status == 404, "\(id)")
            }
        }
    }
}
