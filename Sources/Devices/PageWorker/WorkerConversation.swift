import Subprocess
import Synchronization

/// Which answer is awaited from a worker, and by whom.
final class WorkerConversation: Sendable {
    private struct State {
        var asked = 0
        var answers: AsyncStream<PageAnswer>.Continuation?
        var hasEnded = false
    }

    private let state = Mutex(State())

    /// Jobs that the worker was asked for.
    var asked: Int { state.withLock { $0.asked } }
    /// Whether it says nothing any more.
    var hasEnded: Bool { state.withLock { $0.hasEnded } }

    /// - Returns: the number of the next job, and its answer; none when the worker ends without one.
    func ask() -> (number: Int, answers: AsyncStream<PageAnswer>) {
        let (answers, continuation) = AsyncStream<PageAnswer>.makeStream()
        return state.withLock { state in
            state.asked += 1
            state.answers = continuation
            if state.hasEnded { continuation.finish() }
            return (state.asked, answers)
        }
    }

    /// Hears the worker out.
    func hear(_ output: SubprocessOutputSequence) async {
        do {
            for try await line in output.strings(bufferingPolicy: .maxLineLength(PageAnswer.lengthLimit)) { hear(line) }
        } catch {
            // What it says cannot be understood: that is no answer.
        }
        end()
    }

    private func hear(_ text: String) {
        guard let line = WorkerLine(text) else { return }
        state.withLock { state in
            guard line.number == state.asked else { return }
            if let answer = PageAnswer(line: line.text) { state.answers?.yield(answer) }
            state.answers?.finish()
        }
    }

    /// Whoever waits for an answer gets none.
    func end() {
        state.withLock { state in
            state.hasEnded = true
            state.answers?.finish()
        }
    }
}
