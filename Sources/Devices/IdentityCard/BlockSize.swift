/// How many bytes one READ BINARY asks for: begins with what the channel carries and steps down when the chip refuses.
/// What worked stays for the next file.
public struct BlockSize: Sendable, Equatable {
    private static let shortSteps = [224, 192, 128, 96]

    private var steps: [Int]

    /// - Parameters:
    ///   - extended: the longest answer of one command with extended length; nil without it.
    ///   - short: the longest answer that fits a short response, which secure messaging makes smaller.
    public init(extended: Int?, short: Int) {
        steps = (extended.map { [$0] } ?? []) + [short] + Self.shortSteps.filter { $0 < short }
    }

    public var current: Int { steps[0] }

    /// - Returns: false when nothing smaller is left.
    public mutating func stepDown() -> Bool {
        guard steps.count > 1 else { return false }
        steps.removeFirst()
        return true
    }

    /// A limit that came to light otherwise.
    public mutating func limit(to size: Int) {
        while current > size, stepDown() {}
    }
}
