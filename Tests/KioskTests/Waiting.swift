import Foundation

struct WaitedTooLong: Error, CustomStringConvertible {
    var description: String
}

/// Runs `body`, which waits for something; gives it up after the limit.
func within<Value: Sendable>(
    _ limit: Duration, _ what: String, _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
        group.addTask(operation: body)
        group.addTask {
            try await Task.sleep(for: limit)
            throw WaitedTooLong(description: "waited \(limit) for \(what)")
        }
        defer { group.cancelAll() }
        guard let value = try await group.next() else { throw CancellationError() }
        return value
    }
}

/// Asks again and again, for what nobody announces.
/// - Returns: how long it took.
@discardableResult
func eventually(
    _ what: String, within limit: Duration = .seconds(20), _ condition: () async throws -> Bool
) async throws -> Duration {
    let start = ContinuousClock.now
    while try await !condition() {
        guard start.duration(to: .now) < limit else {
            throw WaitedTooLong(description: "waited \(limit) until \(what)")
        }
        try await Task.sleep(for: .milliseconds(20))
    }
    return start.duration(to: .now)
}
