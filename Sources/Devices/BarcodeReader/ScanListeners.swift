import Synchronization

/// Hands each scan to everybody who listens at that moment. A scan is personal data: it waits for nobody longer than
/// the next few, and is kept nowhere else.
final class ScanListeners: Sendable {
    private struct State {
        var listeners: [UInt64: AsyncStream<BarcodeScan>.Continuation] = [:]
        var next: UInt64 = 0
    }

    private let state = Mutex(State())

    func send(_ scan: BarcodeScan) {
        state.withLock { state in
            for listener in state.listeners.values { listener.yield(scan) }
        }
    }

    func subscribe() -> AsyncStream<BarcodeScan> {
        let (stream, continuation) = AsyncStream.makeStream(of: BarcodeScan.self, bufferingPolicy: .bufferingNewest(4))
        let id = state.withLock { state in
            let id = state.next
            state.next += 1
            state.listeners[id] = continuation
            return id
        }
        continuation.onTermination = { [weak self] _ in
            _ = self?.state.withLock { $0.listeners.removeValue(forKey: id) }
        }
        return stream
    }
}
