/// How steep the edges of print are.
enum Sharpness {
    /// The difference of two neighbours against the difference within a millimetre, where that is large: 0.5 and more for
    /// sharp print, 0.2 when a letter's edge is spread over half a millimetre. Of all such places the upper quartile.
    ///
    /// - Returns: nil when there are too few edges to tell.
    static func measure(_ plane: Plane) -> Double? {
        let window = 8
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
                    guard most - least >= 70 else { continue }
                    counts[min(100, steepest * 100 / (most - least))] += 1
                    total += 1
                }
            }
        }
        guard total >= 400 else { return nil }
        var sum = 0
        for value in stride(from: 100, through: 0, by: -1) {
            sum += counts[value]
            if sum * 4 >= total { return Double(value) / 100 }
        }
        return 0
    }
}
