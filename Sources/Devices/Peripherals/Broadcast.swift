import Synchronization

/// Tells everybody who listens what happens from then on.
public final class Broadcast<Value: Sendable>: Sendable {
    private struct State {
        var listeners: [Int: AsyncStream<Value>.Continuation] = [:]
        var last = 0
    }

    private let state = Mutex(State())

    public init() {}

    public func send(_ value: Value) {
        state.withLock { state in
            for listener in state.listeners.values { listener.yield(value) }
        }
    }

    /// A listener that is slow misses the oldest of more than `limit`.
    public func listen(limit: Int = 256) -> AsyncStream<Value> {
        AsyncStream(bufferingPolicy: .bufferingNewest(limit)) { continuation in
            let key = state.withLock { state in
                state.last += 1
                state.listeners[state.last] = continuation
                return state.last
            }
            continuation.onTermination = { [weak self] _ in
                _ = self?.state.withLock { $0.listeners.removeValue(forKey: key) }
            }
        }
    }

    public var hasListeners: Bool { state.withLock { !$0.listeners.isEmpty } }
}
