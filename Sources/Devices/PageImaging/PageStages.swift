import Foundation

/// How much of a core the stages of a page took.
struct PageStages {
    private var last = now()
    private(set) var milliseconds: [(String, Double)] = []

    mutating func mark(_ name: String) {
        let now = Self.now()
        milliseconds.append((name, now - last))
        last = now
    }

    /// Milliseconds of this thread's own time: what other programs take does not count.
    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1_000 + Double(time.tv_nsec) / 1_000_000
    }
}
