import Hummingbird
import Logging
import ServiceLifecycle

/// Server-sent events (WHATWG HTML, 9.2): first `hello` with the version of the pages' files, then a state now and at
/// each change.
///
/// A stream ends when its client goes, when its source ends, or at once when a graceful shutdown begins. A client too
/// slow to take every change misses the older ones, never the newest.
struct EventStreams: Sendable {
    let keepAlive: Duration
    let assetsVersion: String

    private enum Message<State: Sendable>: Sendable {
        case state(State)
        case alive
    }

    func response<State: Encodable & Sendable>(
        to request: Request, event: String, of states: AsyncStream<State>
    ) -> Response {
        let body = ResponseBody { writer in
            let (messages, source) = AsyncStream.makeStream(
                of: Message<State>.self, bufferingPolicy: .bufferingNewest(16))
            try await request.body.consumeWithInboundCloseHandler { _ in
                try await withGracefulShutdownHandler {
                    try await merge(states, into: source) {
                        try await write(messages, event: event, to: &writer)
                    }
                } onGracefulShutdown: {
                    source.finish()
                }
            } onInboundClosed: {
                source.finish()
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store"], body: body)
    }

    /// Feeds states and signs of life into `source` while `operation` runs.
    private func merge<State: Sendable>(
        _ states: AsyncStream<State>, into source: AsyncStream<Message<State>>.Continuation,
        while operation: () async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                for await state in states { source.yield(.state(state)) }
                source.finish()
            }
            group.addTask {
                while true {
                    try await Task.sleep(for: keepAlive)
                    source.yield(.alive)
                }
            }
            try await operation()
        }
    }

    private func write<State: Encodable & Sendable>(
        _ messages: AsyncStream<Message<State>>, event: String, to writer: inout any ResponseBodyWriter
    ) async throws {
        try await writer.write(ByteBuffer(string: "retry: 1000\nevent: hello\ndata: \"\(assetsVersion)\"\n\n"))
        for await message in messages {
            switch message {
            case .state(let state): try await writer.write(try Self.frame(event, state))
            case .alive: try await writer.write(ByteBuffer(string: ": alive\n\n"))
            }
        }
    }

    /// One event. The data is a single line, since JSON escapes line breaks.
    static func frame(_ event: String, _ state: some Encodable) throws -> ByteBuffer {
        var frame = ByteBuffer(string: "event: \(event)\ndata: ")
        frame.writeBytes(try WebJSON.encode(state))
        frame.writeString("\n\n")
        return frame
    }
}
