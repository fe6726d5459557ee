import Foundation
import HallQueue
import Journey
import Testing

@testable import Web

@Suite struct EventStreamTests {
    @Test("the kiosk's events bring the version, the screen of now, then each change")
    func screens() async throws {
        try await withWeb { web in
            let response = try await web.stream(.GET, "/api/kiosk/events")
            #expect(response.headers.first(name: "Content-Type") == "text/event-stream; charset=utf-8")
            var events = EventReader(response)
            #expect(try await events.next()?.name == "hello")
            #expect(try await events.next(Screen.self)?.id == "welcome")
            let next = Screen(revision: 8, id: "need", language: "vi", title: "Ông, bà cần gì?\nChọn một việc")
            await web.touchscreen.show(next)
            let event = try #require(try await events.next())
            #expect(event.name == "screen")
            #expect(try JSONDecoder().decode(Screen.self, from: Data(event.data.utf8)) == next)
        }
    }

    @Test("a stream without news shows that it is alive")
    func keepAlive() async throws {
        try await withWeb(keepAlive: .milliseconds(5)) { web in
            var events = EventReader(try await web.stream(.GET, "/api/kiosk/events"))
            _ = try await events.next()
            _ = try await events.next()
            #expect(try await events.nextLine() == ": alive")
        }
    }

    @Test("a graceful shutdown ends every open stream")
    func shutdown() async throws {
        try await withWeb { web in
            let paths = ["/api/kiosk/events", "/api/display/events", "/api/counter/1/events"]
            var streams: [EventReader] = []
            for path in paths {
                var events = EventReader(try await web.stream(.GET, path))
                _ = try await events.next()
                _ = try await events.next()
                streams.append(events)
            }
            await web.shutDown()
            for index in streams.indices { #expect(try await streams[index].next() == nil) }
        }
    }

    @Test("who goes is watched for no longer")
    func departure() async throws {
        try await withWeb { web in
            let (opened, opening) = AsyncStream.makeStream(of: Void.self)
            let watching = Task {
                defer { opening.finish() }
                var events = EventReader(try await web.stream(.GET, "/api/kiosk/events"))
                while try await events.next() != nil { opening.yield() }
            }
            var departures = web.touchscreen.departures.makeAsyncIterator()
            for await _ in opened { break }
            watching.cancel()
            await departures.next()
        }
    }
}
