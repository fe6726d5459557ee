/// How long to wait before a reader is asked again for its slot's state: often for a while after something happened,
/// seldom when nobody is there. Pure.
struct PollingPace: Sendable {
    /// Questions at the quick pace after a change.
    static let quickQuestions = 20
    static let quickest = Duration.milliseconds(100)

    let slow: Duration
    private var quickLeft = 0

    init(slow: Duration) { self.slow = slow }

    /// A card came or went, or a session ended.
    mutating func noteChange() { quickLeft = Self.quickQuestions }

    mutating func next() -> Duration {
        guard quickLeft > 0 else { return slow }
        quickLeft -= 1
        return min(slow, Self.quickest)
    }
}
