import SmartCard
import Synchronization

/// A recorded reading that takes the card's place: the same reading runs on it again.
///
/// A newer kiosk may ask for less than the recorded one; then what it does not ask for is passed over. What the record does
/// not hold is not answered.
public final class CardTape: Sendable {
    private struct State {
        var position = 0
        var now = Duration.zero
        var missing: String?
    }

    private let events: [CardTraceEvent]
    private let state = Mutex(State())

    public init(_ events: [CardTraceEvent]) { self.events = events }

    /// The recorded time of what was given last.
    var now: Duration { state.withLock { $0.now } }

    /// The first command that the record has no answer to.
    var missing: String? { state.withLock { $0.missing } }

    func answer(to command: APDU.Command) -> TracedExchange {
        state.withLock { state in
            for index in events.indices[state.position...] {
                guard case .exchange(let traced) = events[index], traced.exchange.command == command else { continue }
                state.position = index + 1
                state.now = traced.exchange.began + traced.exchange.took
                return traced
            }
            let header = [command.cla, command.ins, command.p1, command.p2].map(HexText.byte).joined()
            state.missing = state.missing ?? header
            return TracedExchange(
                CardExchange(
                    command: command, outcome: .unusable("the trace holds no answer to \(header)"), isProtected: false,
                    began: state.now, took: .zero), transmissions: 0, bytes: 0)
        }
    }

    /// The next run of a protocol, with its exchanges; nil when the record has none.
    func run(_ name: String) -> (run: CardProtocolRun, exchanges: [TracedExchange])? {
        state.withLock { state in
            var exchanges: [TracedExchange] = []
            for index in events.indices[state.position...] {
                switch events[index] {
                case .exchange(let traced): exchanges.append(traced)
                case .run(let run) where run.name == name:
                    state.position = index + 1
                    if let last = exchanges.last?.exchange { state.now = last.began + last.took }
                    return (run, exchanges)
                case .run, .reset: continue
                }
            }
            state.missing = state.missing ?? name
            return nil
        }
    }

    func reset() throws(SmartCardError) {
        let failure: SmartCardError? = state.withLock { state in
            for index in events.indices[state.position...] {
                guard case .reset(let failure) = events[index] else { continue }
                state.position = index + 1
                return failure
            }
            return nil
        }
        if let failure { throw failure }
    }
}
