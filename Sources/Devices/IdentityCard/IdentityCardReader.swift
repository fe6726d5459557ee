import Peripherals
import SmartCard

/// Reads the holder's data from the chip of a Vietnamese identity card, over any channel to it.
///
/// ```swift
/// for await event in IdentityCardReader(channel: card).events(.qr(text), needs: [.hashes]) { … }
/// ```
public struct IdentityCardReader: Sendable {
    private let channel: any CardChannel
    private let context: ReadingContext

    public init(channel: any CardChannel, context: ReadingContext = ReadingContext()) {
        self.channel = channel
        self.context = context
    }

    /// The reading as it goes. Whoever stops listening stops the reading.
    ///
    /// - Parameter needs: verdicts that must be reached before `holder`; the others come with `finished`.
    public func events(_ key: CardKey, needs: Set<CardVerdicts.Kind>) -> AsyncStream<CardReadEvent> {
        AsyncStream { events in
            let reading = Task {
                await read(key, needs: needs) { events.yield($0) }
                events.finish()
            }
            events.onTermination = { _ in reading.cancel() }
        }
    }

    /// Everything that the card gives.
    ///
    /// - Throws: `CardReadError`, each of which has its own message for the applicant. After any of them the next reading
    ///   begins afresh.
    public func read(_ key: CardKey) async throws(CardReadError) -> CardReadResult {
        try await events(key, needs: []).whole()
    }

    /// Reads and reports; the last event is `finished` or `failed`.
    func read(
        _ key: CardKey, needs: Set<CardVerdicts.Kind>, report: @escaping @Sendable (CardReadEvent) -> Void
    ) async {
        let plan: OpeningPlan
        do throws(CardReadError) { plan = try OpeningPlan(key) } catch { return report(.failed(error)) }
        var reading = await ChipReading(
            channel: channel, plan: plan, needs: needs, context: context, report: report)
        await reading.run()
    }
}

extension AsyncStream<CardReadEvent> {
    /// Waits for the end of a reading.
    func whole() async throws(CardReadError) -> CardReadResult {
        for await event in self {
            switch event {
            case .progress, .holder: break
            case .finished(let result): return result
            case .failed(let error): throw error
            }
        }
        throw .cancelled
    }
}
