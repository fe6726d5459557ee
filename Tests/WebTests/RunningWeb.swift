import AsyncHTTPClient
import Foundation
import HTTPTypes
import HallQueue
import Journey
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import Testing

@testable import Web

/// A web server on a free port, and a client that talks to it.
struct RunningWeb: Sendable {
    let touchscreen: ScriptedTouchscreen
    let desk: ScriptedDesk
    let port: Int
    fileprivate let group: ServiceGroup

    struct Answer: Sendable {
        var status: Int
        var headers: HTTPHeaders
        var body: Data

        func decode<T: Decodable>(_ type: T.Type) throws -> T {
            let decoder = JSONDecoder()
            decoder.dateDecodingStrategy = .iso8601
            return try decoder.decode(type, from: body)
        }
    }

    struct Fault: Decodable, Equatable {
        var code: String
        var message: String
        var remedy: String
    }

    func request(
        _ method: HTTPMethod, _ path: String, headers: [String: String] = [:], body: String? = nil
    ) async throws -> Answer {
        let response = try await stream(method, path, headers: headers, body: body)
        let bytes = try await response.body.collect(upTo: 8 * 1024 * 1024)
        return Answer(status: Int(response.status.code), headers: response.headers, body: Data(buffer: bytes))
    }

    func stream(
        _ method: HTTPMethod, _ path: String, headers: [String: String] = [:], body: String? = nil
    ) async throws -> HTTPClientResponse {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = method
        for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        return try await HTTPClient.shared.execute(request, timeout: .seconds(60))
    }

    func get(_ path: String) async throws -> Answer { try await request(.GET, path) }

    func act(_ action: String, revision: Int, headers: [String: String] = [:]) async throws -> Answer {
        try await request(
            .POST, "/api/kiosk/action", headers: ["Content-Type": "application/json"].merging(headers) { $1 },
            body: #"{"revision":\#(revision),"action":"\#(action)"}"#)
    }

    func shutDown() async { await group.triggerGracefulShutdown() }
}

/// Runs `test` against a server of its own, which has ended when this returns.
func withWeb(
    screen: Screen = Screen(revision: 7, id: "welcome", language: "vi", title: "Xin chào"),
    waiting: [String] = ["A001", "U002"], keepAlive: Duration = .seconds(15),
    _ test: @Sendable (RunningWeb) async throws -> Void
) async throws {
    let touchscreen = ScriptedTouchscreen(screen)
    let desk = ScriptedDesk(waiting: waiting)
    let (ports, listening) = AsyncStream.makeStream(of: Int.self)
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let web = try Web(
        touchscreen: touchscreen, desk: desk, settings: WebServerSettings(port: 0, keepAlive: keepAlive), logger: logger
    ) { port in
        listening.yield(port)
    }
    let group = ServiceGroup(services: [web], logger: logger)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask {
            defer { listening.finish() }
            try await group.run()
        }
        var iterator = ports.makeAsyncIterator()
        let port = try #require(await iterator.next(), "the server did not start")
        do {
            try await test(RunningWeb(touchscreen: touchscreen, desk: desk, port: port, group: group))
        } catch {
            await group.triggerGracefulShutdown()
            throw error
        }
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
    }
}

/// Reads server-sent events by the rules of WHATWG HTML, 9.2.6: fields by line, an event at each empty line.
struct EventReader {
    struct Event: Equatable {
        var name = "message"
        var data = ""
    }

    private var bytes: HTTPClientResponse.Body.AsyncIterator
    private var pending = ""
    /// Comment lines seen so far.
    private(set) var comments = 0

    init(_ response: HTTPClientResponse) { bytes = response.body.makeAsyncIterator() }

    /// The next event; nil when the stream has ended.
    mutating func next() async throws -> Event? {
        var event = Event()
        while let line = try await nextLine() {
            if line.isEmpty {
                if !event.data.isEmpty { return event }
                event = Event()
            } else if line.hasPrefix(":") {
                comments += 1
            } else if let value = line.value(of: "event") {
                event.name = value
            } else if let value = line.value(of: "data") {
                event.data = value
            }
        }
        return nil
    }

    mutating func next<T: Decodable>(_ type: T.Type) async throws -> T? {
        guard let event = try await next() else { return nil }
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        return try decoder.decode(type, from: Data(event.data.utf8))
    }

    /// The next line, comment or not; nil when the stream has ended.
    mutating func nextLine() async throws -> String? {
        while !pending.contains("\n") {
            guard let more = try await bytes.next() else { return nil }
            pending += String(buffer: more)
        }
        let line = pending.prefix { $0 != "\n" }
        pending.removeFirst(line.count + 1)
        return String(line)
    }
}

extension String {
    fileprivate func value(of field: String) -> String? {
        guard hasPrefix("\(field): ") else { return nil }
        return String(dropFirst(field.count + 2))
    }
}
