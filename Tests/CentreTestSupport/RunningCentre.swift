import CentralServer
import Foundation
import Logging
import ServiceLifecycle

/// kiosk-central on a free port, for as long as `body` runs.
public func withCentre<Value: Sendable>(
    _ data: URL, _ body: (CentralServer, URL) async throws -> Value
) async throws -> Value {
    let quiet = Logger(label: "centre") { _ in SwiftLogNoOpLogHandler() }
    let (ports, port) = AsyncStream.makeStream(of: Int.self)
    let server = try CentralServer(
        data: data, now: { Date(timeIntervalSince1970: 1_795_482_000) }, logger: quiet, onReady: { port.yield($0) })
    let group = ServiceGroup(configuration: .init(services: [server], logger: quiet))
    return try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask {
            defer { port.finish() }
            try await group.run()
        }
        var iterator = ports.makeAsyncIterator()
        guard let port = await iterator.next(), let url = URL(string: "http://127.0.0.1:\(port)") else {
            try await tasks.waitForAll()
            throw CancellationError()
        }
        let result: Result<Value, any Error>
        do { result = .success(try await body(server, url)) } catch { result = .failure(error) }
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
        return try result.get()
    }
}
