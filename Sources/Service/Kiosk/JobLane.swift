import Synchronization

/// Work that waits for its turn: at most so much at once, begun in the order in which it came.
final class JobLane: Sendable {
    typealias Work = @Sendable () async -> Void

    private struct State {
        var waiting: [(id: String, work: Work)] = []
        var running: [String: Task<Void, Never>] = [:]
    }

    private let limit: Int
    private let priority: TaskPriority
    private let state = Mutex(State())

    init(limit: Int, priority: TaskPriority) {
        self.limit = limit
        self.priority = priority
    }

    /// - Parameter id: no other work of now bears it.
    func add(_ id: String, _ work: @escaping Work) {
        state.withLock { state in
            state.waiting.append((id, work))
            begin(&state)
        }
    }

    /// What has not begun never does; what runs is cancelled.
    func cancel(_ id: String) {
        state.withLock { state in
            state.waiting.removeAll { $0.id == id }
            state.running[id]?.cancel()
        }
    }

    func cancelAll() {
        state.withLock { state in
            state.waiting = []
            state.running.values.forEach { $0.cancel() }
        }
    }

    private func begin(_ state: inout State) {
        while state.running.count < limit, !state.waiting.isEmpty {
            let (id, work) = state.waiting.removeFirst()
            state.running[id] = Task(priority: priority) {
                await work()
                self.ended(id)
            }
        }
    }

    private func ended(_ id: String) {
        state.withLock { state in
            state.running[id] = nil
            begin(&state)
        }
    }
}
