/// How steep the edges of print are.
enum Sharpness {
    /// Where edges are looked for, and how many there must be.
    struct Look {
        /// Pixels of a page of 200 dpi.
        var window: Int
        /// Levels between the darkest and the lightest pixel of a window.
        var contrast: Int
        var leastWindows: Int
    }

    /// Print, as letters are: within a millimetre.
    static let fine = Look(window: 8, contrast: 70, leastWindows: 400)
    /// What is left of print when letters have run into each other: within four millimetres.
    static let coarse = Look(window: 32, contrast: 40, leastWindows: 200)

    /// The difference of two neighbours against the difference within a window, where that is large: 0.5 and more for
    /// sharp print, 0.2 when a letter's edge is spread over half a millimetre. Of all such places the upper quartile.
    ///
    /// - Returns: nil when there are too few edges to tell.
    static func measure(_ plane: Plane, _ look: Look = fine) -> Double? {
        let window = look.window
        var counts = [Int](repeating: 0, count: 101)
        var total = 0
        plane.samples.withUnsafeBufferPointer { samples in
            for row in stride(from: 2, to: plane.height - 2, by: 5) {
                for start in stride(from: row * plane.width, to: (row + 1) * plane.width - window, by: window - 1) {
                    var (least, most, steepest) = (Int(samples[start]), Int(samples[start]), 0)
                    var last = least
                    for index in start + 1..<start + window {
                        let value = Int(samples[index])
                        least = min(least, value)
                        most = max(most, value)
                        steepest = max(steepest, abs(value - last))
                        last = value
                    }
                    guard most - least >= look.contrast else { continue }
                    counts[min(100, steepest * 100 / (most - least))] += 1
                    total += 1
                }
            }
        }
        guard total >= look.leastWindows else { return nil }
        var sum = 0
        for value in stride(from: 100, through: 0, by: -1) {
            sum += counts[value]
            if sum * 4 >= total { return Double(value) / 100 }
        }
        return 0
    }
}
