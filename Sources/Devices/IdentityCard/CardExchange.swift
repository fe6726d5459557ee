import SmartCard

/// One command and its answer as the chip understood them: before protection was put on, after it was taken off.
/// Whoever writes a trace sees these; they hold personal data.
public struct CardExchange: Sendable, Equatable {
    public enum Outcome: Sendable, Equatable {
        case answered(APDU.Response)
        /// The chip answered without protection and so ended the session.
        case sessionLost(APDU.StatusWord)
        case failed(SmartCardError)
        /// The answer's protection is wrong; the text says how.
        case unprotectable(String)
        /// The answer never ends, or the reading's time is over.
        case unusable(String)
    }

    public var command: APDU.Command
    public var outcome: Outcome
    /// Whether secure messaging carried it.
    public var isProtected: Bool
    /// On the reading's clock.
    public var began: Duration
    public var took: Duration
}

/// Sees every exchange of a reading, in order, from the reading's own task: it must be quick.
public typealias CardObserver = @Sendable (CardExchange) -> Void
