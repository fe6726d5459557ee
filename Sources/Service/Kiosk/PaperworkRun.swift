import Foundation
import Journey
import Logging
import Peripherals
import Synchronization

/// The papers of one visit on their way through the office printer, one after the other.
///
/// When the visit is over, what is coming out may come out; what still waits for paper or a closed door is given up, so
/// that nothing personal appears when nobody is there.
final class PaperworkRun: Sendable {
    private struct State {
        var isWaiting = false
        var isVisitOver = false
        var task: Task<Void, Never>?
    }

    private let state = Mutex(State())

    /// - Parameter tell: gets each news, in order.
    init(
        _ documents: [A4Document], printer: any DocumentPrinting, logger: Logger,
        tell: @escaping @Sendable (Paperwork) async -> Void
    ) {
        let task = Task {
            await tell(.printing)
            var end = Paperwork.printed
            for document in documents {
                let outcome = await printer.print(document, job: UUID()) { step in
                    await self.took(step, tell)
                }
                switch outcome {
                case .printed: continue
                case .transmitted: end = .transmitted
                case .refused(let condition), .failed(let condition):
                    logger.warning("a paper was not printed", metadata: ["condition": "\(condition.code)"])
                    return await tell(.failed(condition))
                }
            }
            await tell(end)
        }
        let isOver = state.withLock { state in
            state.task = task
            return state.isVisitOver && state.isWaiting
        }
        if isOver { task.cancel() }
    }

    private func took(_ step: DocumentStep, _ tell: (Paperwork) async -> Void) async {
        switch step {
        case .sending: return
        case .queued:
            state.withLock { $0.isWaiting = false }
            await tell(.printing)
        case .waiting(let condition):
            let task = state.withLock { state in
                state.isWaiting = true
                return state.isVisitOver ? state.task : nil
            }
            task?.cancel()
            await tell(.waiting(condition))
        }
    }

    func visitEnded() {
        let task = state.withLock { state in
            state.isVisitOver = true
            return state.isWaiting ? state.task : nil
        }
        task?.cancel()
    }
}
