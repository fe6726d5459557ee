import CardCryptography
import SmartCard

/// What happened in a reading, in order: everything that decides what the reading does next.
public enum CardTraceEvent: Sendable, Equatable {
    case exchange(TracedExchange)
    /// A protocol with keys of its own ended. What it said can't be computed again without those keys.
    case run(CardProtocolRun)
    /// The card was powered down and up; nil: it answered.
    case reset(SmartCardError?)
}

/// A command and its answer, and what they cost on the wire.
public struct TracedExchange: Sendable, Equatable {
    public var exchange: CardExchange
    /// Commands on the wire, with those that collect an answer in pieces.
    public var transmissions: Int
    /// Both ways, protection included.
    public var bytes: Int

    public init(_ exchange: CardExchange, transmissions: Int, bytes: Int) {
        self.exchange = exchange
        self.transmissions = transmissions
        self.bytes = bytes
    }
}

/// How a cryptographic protocol ended.
public struct CardProtocolRun: Sendable, Equatable {
    public var name: String
    /// A stable word, sometimes with a status; never data of the card.
    public var outcome: String
    /// Of the channel that stands now.
    public var cipher: CardCipher?

    public init(_ name: String, outcome: String, cipher: CardCipher? = nil) {
        self.name = name
        self.outcome = outcome
        self.cipher = cipher
    }

    static let established = "established"
    /// An exchange failed before the protocol could say anything.
    static let interrupted = "interrupted"
    /// Nothing was sent: the key that the card offers cannot be used.
    static let unusable = "unusable"
}

/// Sees everything of a reading, with personal data, from the reading's own task: it must be quick.
public typealias CardTracer = @Sendable (CardTraceEvent) -> Void
