import Logging
import SmartCard
import USB

/// The second way to a card: a reader that the system's smart-card service pcscd holds (PC/SC, libpcsclite).
///
/// Lives as long as the kiosk: pcscd may be missing, be restarted, lose readers and get new ones. `close` must be called.
///
/// ```swift
/// let reader = PCSCReader(logger: logger)
/// for await condition in reader.conditions() { … }
/// let outcome = try await reader.withCard { card in … }
/// ```
public actor PCSCReader: CardTerminal {
    /// Sessions that were given up because pcscd did not answer; each holds a thread until it does.
    static let abandonedLimit = 3

    private let logger: Logger
    private let watch: PCSCWatch
    private var choice: PCSCReaderChoice
    private var condition: PCSCCondition?
    private var lastEvents = 0
    private var listeners: [Int: AsyncStream<PCSCCondition>.Continuation] = [:]
    private var nextListener = 0
    private var isClosed = false
    private let turn = Turnstile()
    private var abandoned = 0

    /// - Parameter name: a part of the reader's PC/SC name, where several readers could be meant.
    public init(name: String? = nil, logger: Logger = Logger(label: "card-reader")) {
        self.logger = logger
        choice = PCSCReaderChoice(wanted: name)
        watch = PCSCWatch(logger: logger)
        let (states, state) = AsyncStream.makeStream(of: [PCSCReaderState]?.self)
        watch.run { state.yield($0) }
        Task { for await now in states { await self.see(now) } }
    }

    /// Ends the watch and every stream. A session that runs ends by itself.
    public func close() {
        isClosed = true
        watch.end()
        for listener in listeners.values { listener.finish() }
        listeners = [:]
    }

    /// How it stands with pcscd now, once that is known, then each change. Ends when the reader is closed.
    public func conditions() -> AsyncStream<PCSCCondition> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: PCSCCondition.self, bufferingPolicy: .bufferingNewest(8))
        guard !isClosed else {
            continuation.finish()
            return stream
        }
        let number = nextListener
        nextListener += 1
        listeners[number] = continuation
        continuation.onTermination = { _ in Task { await self.forget(number) } }
        if let condition { continuation.yield(condition) }
        return stream
    }

    private func forget(_ number: Int) { listeners[number] = nil }

    private func see(_ states: [PCSCReaderState]?) {
        guard let states else { return set(.noService) }
        let now = choice.see(states)
        if case .ready(let name, hasCard: true) = now {
            let events = states.first { $0.name == name }?.events ?? 0
            // Out and in again between two looks: say both, so that nobody takes the new card for the old one.
            if now == condition, events != lastEvents { set(.ready(name, hasCard: false)) }
            lastEvents = events
        }
        set(now)
    }

    private func set(_ now: PCSCCondition) {
        guard now != condition, !isClosed else { return }
        condition = now
        for listener in listeners.values { listener.yield(now) }
    }

    public func withCard<Outcome: Sendable>(
        _ body: @Sendable (any CardChannel) async -> Outcome
    ) async throws(SmartCardError) -> Outcome {
        await turn.enter()
        defer { turn.leave() }
        guard case .ready(let name, let hasCard)? = condition, !isClosed else { throw .readerGone }
        guard hasCard else { throw .noCard }
        guard abandoned < Self.abandonedLimit else {
            throw .reader("pcscd does not answer: systemctl restart pcscd, then replug the reader")
        }
        let worker = PCSCWorker()
        let session = PCSCSession(worker: worker)
        let opened: PCSCWorker.Opened
        do {
            opened = try await session.run(within: .seconds(10)) { worker throws(PCSCError) in
                try await worker.open(name)
            }
        } catch {
            await end(session)
            throw error
        }
        let card = PCSCCard(
            session: session, answerToReset: opened.answerToReset, maximumCommandLength: opened.maximumCommandLength)
        let outcome = await body(card)
        await end(session)
        return outcome
    }

    private func end(_ session: PCSCSession) async {
        let isHanging = await session.end()
        let worker = session.worker
        guard isHanging else { return await worker.close() }
        // Its thread is inside pcscd still. When that returns the card is powered down; until then it counts.
        logger.warning("pcscd holds on to a command: the session is given up")
        abandoned += 1
        Task {
            await worker.close()
            self.recover()
        }
    }

    private func recover() { abandoned -= 1 }
}
