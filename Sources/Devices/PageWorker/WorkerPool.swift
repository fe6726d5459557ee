import Foundation
import Peripherals

/// The processes of one worker program. One that has answered is kept for the next job: starting a fresh one and
/// its fresh memory cost a fifth of the time of a page more. With the pool its processes end.
actor WorkerPool {
    private let program: URL
    private let jobLimit: Int
    private let gate: WorkerGate
    private var idle: [WorkerProcess] = []

    /// - Parameters:
    ///   - jobLimit: of one process.
    ///   - places: jobs at a time.
    init(_ program: URL, jobLimit: Int, places: Int) {
        self.program = program
        self.jobLimit = jobLimit
        gate = WorkerGate(places)
    }

    /// - Returns: the answer to such a job, never a failure.
    func answer(to job: PageJob, within deadline: Duration) async throws(PageError) -> PageAnswer {
        await gate.enter()
        let outcome = await outcome(of: job, within: deadline)
        await gate.leave()
        if Task.isCancelled { throw .cancelled }
        return try outcome.get()
    }

    /// Ends the processes that wait for a job. They are gone when this returns.
    func endIdle() async {
        let workers = idle
        idle = []
        for worker in workers { await worker.end() }
    }

    // MARK: One job

    /// Its process is gone when this returns, or has answered.
    private func outcome(of job: PageJob, within deadline: Duration) async -> Result<PageAnswer, PageError> {
        await withTaskGroup(of: Result<PageAnswer, PageError>.self) { group in
            group.addTask { await self.attempt(job) }
            // The deadline: libraries hang on damaged pictures, and have none of their own.
            group.addTask {
                // Woken before its time: the answer was first, or nobody waits any more.
                do { try await Task.sleep(for: deadline) } catch { return .failure(.cancelled) }
                return .failure(.timedOut)
            }
            let first = await group.next() ?? .failure(.cancelled)
            // Ends the process, if it is still at work.
            group.cancelAll()
            return first
        }
    }

    /// A failure counts only in a fresh process: one that did a job before may just have come to its own end.
    private func attempt(_ job: PageJob) async -> Result<PageAnswer, PageError> {
        if let used = takeIdle(), case .success(let answer) = await ask(used, job) { return .success(answer) }
        if Task.isCancelled { return .failure(.cancelled) }
        return await ask(WorkerProcess(program), job)
    }

    private func takeIdle() -> WorkerProcess? {
        idle.removeAll(where: \.hasEnded)
        return idle.popLast()
    }

    private func ask(_ worker: WorkerProcess, _ job: PageJob) async -> Result<PageAnswer, PageError> {
        guard let answer = await worker.answer(to: job) else { return .failure(await worker.end()) }
        // Whatever a page did to the process ends with it.
        if let error = answer.error {
            await worker.end()
            return .failure(error)
        }
        if worker.jobs < jobLimit { idle.append(worker) } else { await worker.end() }
        return .success(answer)
    }
}
