/// What an applicant may be told about the wait: a number that is known, and a range only when there is enough data.
public struct WaitEstimate: Sendable, Equatable {
    /// How many would be called before, if everybody were called now.
    public let ahead: Int
    /// From the middle half of today's service times; nil while too few were served or no counter is open.
    public let range: ClosedRange<Duration>?

    /// Fewer served tickets say nothing.
    static let leastServed = 8
    /// A counter that called somebody within this time counts as open.
    static let openCounter = Duration.seconds(3600)

    /// - Parameters:
    ///   - served: the service times of today's finished tickets.
    ///   - openCounters: counters that work now.
    public init(ahead: Int, served: [Duration], openCounters: Int) {
        self.ahead = ahead
        guard served.count >= Self.leastServed, openCounters > 0 else {
            range = nil
            return
        }
        let sorted = served.sorted()
        let quick = sorted[(sorted.count - 1) / 4]
        let slow = sorted[(sorted.count - 1) * 3 / 4]
        // Everybody ahead shares the counters; the counters themselves are busy for a part of one service more.
        range = quick * ahead / openCounters...slow * (ahead + 1) / openCounters
    }
}
