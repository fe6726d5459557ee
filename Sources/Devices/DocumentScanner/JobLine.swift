/// Jobs one after the other, in the order in which they came.
struct JobLine {
    /// The end of the job that came last; the next one waits for it.
    private var last: Task<Void, Never>?

    /// Runs `work` after everything that came before.
    mutating func enqueue<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) -> Task<Value, Never> {
        let previous = last
        // Not a child of the caller: a process that was started is always seen to its end.
        let job = Task.detached {
            await previous?.value
            return await work()
        }
        last = Task.detached { _ = await job.value }
        return job
    }
}
