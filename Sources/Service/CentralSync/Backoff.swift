/// How long to wait after a failed attempt: doubled each time up to a limit, and half of it by chance, so that kiosks
/// which lost the centre at the same moment don't come back at the same moment.
public struct Backoff: Sendable, Equatable {
    public var first: Duration
    public var limit: Duration

    public init(first: Duration = .seconds(1), limit: Duration = .seconds(300)) {
        self.first = first
        self.limit = limit
    }

    /// - Parameters:
    ///   - failures: attempts that failed so far, this one included; at least 1.
    ///   - chance: 0 to 1.
    public func delay(failures: Int, chance: Double) -> Duration {
        let doublings = min(max(failures, 1) - 1, 30)
        let full = min(limit, first * (1 << doublings))
        return full / 2 + (full / 2) * min(max(chance, 0), 1)
    }
}
