import CardTrust
import Foundation

/// What a reading needs besides the card and its key.
public struct ReadingContext: Sendable {
    /// The authorities that the kiosk believes; empty: `trust` is not reached.
    public var trust: TrustStore
    /// Kept from card to card, it saves the commands that find out what a kind of chip takes.
    public var profiles: ChipProfiles
    /// Time since some fixed moment.
    public var clock: @Sendable () -> Duration
    /// For the validity of certificates.
    public var now: @Sendable () -> Date
    /// Sees every exchange, with personal data.
    public var observer: CardObserver?
    /// Sees what a replay needs.
    var tracer: CardTracer?
    /// Takes the card's place.
    var tape: CardTape?

    public init(
        trust: TrustStore = TrustStore(), profiles: ChipProfiles = ChipProfiles(),
        clock: @escaping @Sendable () -> Duration = Self.uptime, now: @escaping @Sendable () -> Date = { Date() },
        observer: CardObserver? = nil
    ) {
        self.trust = trust
        self.profiles = profiles
        self.clock = clock
        self.now = now
        self.observer = observer
    }

    /// For a replay.
    init(clock: @escaping @Sendable () -> Duration, now: @escaping @Sendable () -> Date, tape: CardTape) {
        self.init(clock: clock, now: now)
        self.tape = tape
    }

    private static let start = ContinuousClock.now

    public static let uptime: @Sendable () -> Duration = { start.duration(to: .now) }
}
