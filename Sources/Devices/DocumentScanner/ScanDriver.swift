import Peripherals
import Subprocess

/// Carries out what `ScanSupervision` says, with a real process and a real clock.
struct ScanDriver: Sendable {
    var supervision: ScanSupervision
    var cancellation: ScanCancellation
    var onAction: @Sendable (ScanSupervision.Action) async -> Void
    var stop: @Sendable () -> Void
    var kill: @Sendable () -> Void

    private enum Message: Sendable {
        case input(ScanSupervision.Input)
        /// The alarm that was set as this number rang. An alarm that was replaced in the meantime is not heard.
        case alarm(Int)
    }

    /// - Returns: how the run ended: nil for well.
    func drive(
        _ output: SubprocessOutputSequence, request: @escaping @Sendable () async -> Void
    ) async -> ScanError? {
        let (messages, inbox) = AsyncStream.makeStream(of: Message.self)
        cancellation.onCancel { inbox.yield(.input(.cancel)) }
        return await withTaskGroup(of: Void.self) { group in
            group.addTask { await request() }
            group.addTask {
                do {
                    for try await line in output.strings() { inbox.yield(.input(.line(line))) }
                } catch {
                    // A line without an end: the process cannot be understood, and its deadline ends it.
                }
                inbox.yield(.input(.exited))
            }
            let outcome = await supervise(messages, inbox)
            inbox.finish()
            group.cancelAll()
            return outcome
        }
    }

    private func supervise(
        _ messages: AsyncStream<Message>, _ inbox: AsyncStream<Message>.Continuation
    ) async -> ScanError? {
        var supervision = supervision
        var alarm: Task<Void, Never>?
        var alarmNumber = 0
        defer { alarm?.cancel() }

        var actions = supervision.start()
        var iterator = messages.makeAsyncIterator()
        while true {
            for action in actions {
                switch action {
                case .allow(let duration):
                    alarm?.cancel()
                    alarmNumber += 1
                    alarm = Task { [alarmNumber] in
                        guard (try? await Task.sleep(for: duration)) != nil else { return }
                        inbox.yield(.alarm(alarmNumber))
                    }
                case .stop: stop()
                case .kill: kill()
                case .over(let error): return error
                case .found, .opened, .page, .condition, .abilities: await onAction(action)
                }
            }
            switch await iterator.next() {
            case .input(let input): actions = supervision.handle(input)
            case .alarm(let number): actions = number == alarmNumber ? supervision.handle(.deadline) : []
            case nil: return .cancelled
            }
        }
    }
}
