import Peripherals
import SmartCard

extension CardTerminal {
    /// One whole reading: powers the card up, reads it, powers it down. Whoever stops listening stops the reading.
    ///
    /// - Parameter needs: verdicts that must be reached before `holder`; the others come with `finished`.
    public func identityCardEvents(
        _ key: CardKey, needs: Set<CardVerdicts.Kind>, context: ReadingContext = ReadingContext()
    ) -> AsyncStream<CardReadEvent> {
        AsyncStream { events in
            let reading = Task {
                await readIdentityCard(key, needs: needs, context: context) { events.yield($0) }
                events.finish()
            }
            events.onTermination = { _ in reading.cancel() }
        }
    }

    /// Everything that the card gives.
    public func readIdentityCard(
        _ key: CardKey, context: ReadingContext = ReadingContext()
    ) async throws(CardReadError) -> CardReadResult {
        try await identityCardEvents(key, needs: [], context: context).whole()
    }

    private func readIdentityCard(
        _ key: CardKey, needs: Set<CardVerdicts.Kind>, context: ReadingContext,
        report: @escaping @Sendable (CardReadEvent) -> Void
    ) async {
        do throws(CardReadError) {
            // Refuse a text that opens nothing before the card is asked for.
            _ = try OpeningPlan(key)
            do throws(SmartCardError) {
                try await withCard { channel in
                    await IdentityCardReader(channel: channel, context: context)
                        .read(key, needs: needs, report: report)
                }
            } catch {
                throw CardReadError(error)
            }
        } catch {
            report(.failed(error))
        }
    }
}
