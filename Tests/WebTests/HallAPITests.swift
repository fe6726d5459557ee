import Foundation
import HallQueue
import Testing

@testable import Web

@Suite struct HallAPITests {
    @Test("a counter calls, recalls and finishes, and its page and the hall display see each step")
    func counter() async throws {
        try await withWeb { web in
            var display = EventReader(try await web.stream(.GET, "/api/display/events"))
            var page = EventReader(try await web.stream(.GET, "/api/counter/2/events"))
            #expect(try await display.next()?.name == "hello")
            #expect(try await page.next()?.name == "hello")
            #expect(try await display.next(HallDisplay.self)?.waiting == 2)
            #expect(try await page.next(CounterView.self)?.current == nil)

            let called = try await web.request(.POST, "/api/counter/2/call-next")
            #expect(called.status == 200)
            #expect(try called.decode(CounterView.self).current?.number == "A001")
            #expect(try await page.next(CounterView.self)?.current?.number == "A001")
            let shown = try #require(try await display.next(HallDisplay.self))
            #expect(shown.calls.first?.number == "A001")
            #expect(shown.calls.first?.calledAt == Date(timeIntervalSince1970: 1_800_000_000))
            #expect(shown.announcement == 1)

            #expect(try await web.request(.POST, "/api/counter/2/recall").status == 200)
            #expect(try await display.next(HallDisplay.self)?.announcement == 2)
            let finished = try await web.request(.POST, "/api/counter/2/finish")
            #expect(try finished.decode(CounterView.self).current == nil)
        }
    }

    @Test(
        "what a counter cannot do is said by code, in Vietnamese, with what to do",
        arguments: [
            ("/api/counter/9/call-next", [], 404, "unknown-counter"),
            ("/api/counter/x/call-next", [], 404, "unknown-counter"),
            ("/api/counter/1/recall", [], 409, "no-ticket-at-counter"),
            ("/api/counter/1/finish", [], 409, "no-ticket-at-counter"),
            ("/api/counter/1/no-show", [], 409, "no-ticket-at-counter"),
            ("/api/counter/1/call-next", ["A001"], 409, "nobody-waits"),
            ("/api/counter/2/call-next", ["A001", "A002"], 409, "counter-busy"),
        ])
    func faults(path: String, waiting: [String], status: Int, code: String) async throws {
        try await withWeb(waiting: waiting) { web in
            if !waiting.isEmpty {
                #expect(try await web.request(.POST, "/api/counter/2/call-next").status == 200)
            }
            let answer = try await web.request(.POST, path)
            #expect(answer.status == status)
            let fault = try answer.decode(RunningWeb.Fault.self)
            #expect(fault.code == code)
            #expect(!fault.message.isEmpty && !fault.remedy.isEmpty)
        }
    }

    @Test("the counters are listed, and an unknown one has no events")
    func counters() async throws {
        try await withWeb { web in
            struct Counter: Decodable, Equatable {
                var number: Int
                var label: String
            }
            let answer = try await web.get("/api/counters")
            let expected = [Counter(number: 1, label: "Quầy 1"), Counter(number: 2, label: "Quầy 2")]
            #expect(try answer.decode([Counter].self) == expected)
            #expect(try await web.get("/api/counter/3/events").status == 404)
        }
    }
}
