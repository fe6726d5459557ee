import Foundation
import Peripherals
import Subprocess

/// A worker program that runs, and is asked for one job after another. With the last reference to it the process is killed.
final class WorkerProcess: Sendable {
    private let conversation: WorkerConversation
    private let requests: AsyncStream<String>.Continuation
    /// Until the process is gone and reaped. What it means to a job without an answer.
    private let life: Task<PageError, Never>

    init(_ program: URL) {
        let conversation = WorkerConversation()
        let (lines, requests) = AsyncStream<String>.makeStream()
        self.conversation = conversation
        self.requests = requests
        life = Task { await Self.run(program, lines, conversation) }
    }

    deinit { life.cancel() }

    /// Jobs that it was asked for.
    var jobs: Int { conversation.asked }
    var hasEnded: Bool { conversation.hasEnded }

    /// Asks for one job; the next only after its answer.
    /// - Returns: nil when the process ended or said nonsense, or when this task was cancelled. It is to be ended then.
    func answer(to job: PageJob) async -> PageAnswer? {
        guard let text = try? job.line() else { return nil }
        let (number, answers) = conversation.ask()
        requests.yield("\(WorkerLine(number: number, text: text))\n")
        guard let answer = await answers.first(where: { _ in true }), answer.isAnswer(to: job) else { return nil }
        return answer
    }

    /// Kills the process. It is gone when this returns.
    @discardableResult
    func end() async -> PageError {
        life.cancel()
        return await life.value
    }

    private static func run(
        _ program: URL, _ requests: AsyncStream<String>, _ conversation: WorkerConversation
    ) async -> PageError {
        defer { conversation.end() }
        var options = PlatformOptions()
        // A group of its own: what stops the daemon's group does not reach it before the daemon itself ends it.
        options.processGroupID = 0
        // Nothing to be tidied up in there: results are moved into place whole.
        options.teardownSequence = []
        var hasStarted = false
        _ = try? await Subprocess.run(
            .path(.init(program.path)), arguments: ["--request"], platformOptions: options, input: .inputWriter,
            output: .sequence, error: .discarded
        ) { execution in
            hasStarted = true
            await withTaskGroup { group in
                group.addTask {
                    // A process that dies at once cannot be written to; that it says nothing is what counts.
                    for await line in requests { _ = try? await execution.standardInputWriter.write(line) }
                }
                await conversation.hear(execution.standardOutput)
                group.cancelAll()
            }
            // It has ended already, or it is one that says no more.
            try? execution.send(signal: .kill, toProcessGroup: true)
        }
        let name = program.lastPathComponent
        return hasStarted
            ? .failed("\(name) gave no answer")
            : .failed("\(name) cannot be run: \(program.path) is missing or not executable")
    }
}
