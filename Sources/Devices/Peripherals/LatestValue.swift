import Synchronization

/// A value that many may watch: each gets the value of now, then each change.
public final class LatestValue<Value: Sendable & Equatable>: Sendable {
    private struct State {
        var value: Value
        var watchers: [Int: AsyncStream<Value>.Continuation] = [:]
        var last = 0
    }

    private let state: Mutex<State>

    public init(_ value: Value) {
        state = Mutex(State(value: value))
    }

    public var value: Value { state.withLock { $0.value } }

    /// Tells the watchers, when it is a change.
    public func set(_ value: Value) {
        state.withLock { state in
            guard value != state.value else { return }
            state.value = value
            for watcher in state.watchers.values { watcher.yield(value) }
        }
    }

    /// A slow watcher misses old values, never the newest.
    public func watch() -> AsyncStream<Value> {
        AsyncStream(bufferingPolicy: .bufferingNewest(16)) { continuation in
            let key = state.withLock { state in
                state.last += 1
                state.watchers[state.last] = continuation
                continuation.yield(state.value)
                return state.last
            }
            continuation.onTermination = { [weak self] _ in
                _ = self?.state.withLock { $0.watchers.removeValue(forKey: key) }
            }
        }
    }
}
