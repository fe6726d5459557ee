/// Finds what a mistyped word was meant to be.
enum EditDistance {
    /// Levenshtein's distance, with a swap of neighbours counted once (optimal string alignment).
    static func between(_ left: String, _ right: String) -> Int {
        let (a, b) = (Array(left), Array(right))
        if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
        var rows = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
        for i in 0...a.count { rows[i][0] = i }
        for j in 0...b.count { rows[0][j] = j }
        for i in 1...a.count {
            for j in 1...b.count {
                let cost = a[i - 1] == b[j - 1] ? 0 : 1
                var best = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + cost)
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    best = min(best, rows[i - 2][j - 2] + 1)
                }
                rows[i][j] = best
            }
        }
        return rows[a.count][b.count]
    }

    /// The candidate nearest to a word, if it is near enough to be meant: at most a third of the letters differ, or
    /// two. Case does not count.
    static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
        let limit = max(2, word.count / 3)
        return candidates.map { ($0, between(word.lowercased(), $0.lowercased())) }
            .filter { $0.1 <= limit && $0.1 < max(word.count, $0.0.count) }
            .min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
    }
}
