import SmartCard

/// One session as its card sees it: it is over at the first deadline that passes, because a call to pcscd can't be taken
/// back.
actor PCSCSession {
    nonisolated let worker: PCSCWorker
    private var isOver = false
    private var isHanging = false

    init(worker: PCSCWorker) { self.worker = worker }

    /// - Returns: whether a call is still inside pcscd.
    func end() -> Bool {
        isOver = true
        return isHanging
    }

    /// Runs one call on the worker's thread, and waits for it no longer than `limit` or until the task is cancelled.
    func run<Value: Sendable>(
        within limit: Duration, _ call: @escaping @Sendable (PCSCWorker) async throws(PCSCError) -> Value
    ) async throws(SmartCardError) -> Value {
        guard !isOver else { throw .removed }
        let (outcomes, outcome) = AsyncStream.makeStream(of: Result<Value, SmartCardError>.self)
        let worker = worker
        Task {
            do throws(PCSCError) {
                outcome.yield(.success(try await call(worker)))
            } catch {
                outcome.yield(.failure(error.smartCardError))
            }
        }
        let timer = Task {
            try await Task.sleep(for: limit)
            outcome.yield(.failure(.timedOut))
        }
        defer { timer.cancel() }
        // Ends without a value when this task is cancelled.
        for await first in outcomes {
            if case .failure(.timedOut) = first { giveUp() }
            return try first.get()
        }
        giveUp()
        throw .cancelled
    }

    private func giveUp() {
        isOver = true
        isHanging = true
    }
}

/// The card on a PC/SC reader, for the length of one session; afterwards every command throws `.removed`.
struct PCSCCard: CardChannel {
    let session: PCSCSession
    let answerToReset: [UInt8]
    let maximumCommandLength: Int

    func transmit(_ command: APDU.Command, deadline: Duration) async throws(SmartCardError) -> APDU.Response {
        let bytes = command.bytes
        guard bytes.count <= maximumCommandLength else { throw .reader("the command is too long for this reader") }
        let answer: [UInt8]
        do {
            answer = try await session.run(within: deadline) { worker throws(PCSCError) in
                try await worker.transmit(bytes)
            }
        } catch .noCard {
            throw .removed
        }
        guard let response = APDU.Response(bytes: answer) else { throw .reader("answer without a status word") }
        return response
    }

    func resetCard() async throws(SmartCardError) {
        do {
            try await session.run(within: .seconds(10)) { worker throws(PCSCError) in try await worker.reset() }
        } catch .noCard {
            throw .removed
        }
    }
}
