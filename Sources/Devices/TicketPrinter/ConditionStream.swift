import Peripherals
import Synchronization

/// The condition now and each change, for any number of listeners.
final class ConditionStream: Sendable {
    private struct State {
        var condition: PrinterCondition
        var listeners: [UInt64: AsyncStream<PrinterCondition>.Continuation] = [:]
        var next: UInt64 = 0
    }

    private let state: Mutex<State>

    init(_ condition: PrinterCondition) {
        state = Mutex(State(condition: condition))
    }

    var condition: PrinterCondition { state.withLock { $0.condition } }

    /// Tells the listeners, when it is a change.
    func publish(_ condition: PrinterCondition) {
        state.withLock { state in
            guard state.condition != condition else { return }
            state.condition = condition
            for listener in state.listeners.values { listener.yield(condition) }
        }
    }

    /// A listener that falls behind misses changes in between, never the latest.
    func subscribe() -> AsyncStream<PrinterCondition> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: PrinterCondition.self, bufferingPolicy: .bufferingNewest(16))
        let id = state.withLock { state in
            let id = state.next
            state.next += 1
            state.listeners[id] = continuation
            continuation.yield(state.condition)
            return id
        }
        continuation.onTermination = { [weak self] _ in
            _ = self?.state.withLock { $0.listeners.removeValue(forKey: id) }
        }
        return stream
    }
}
