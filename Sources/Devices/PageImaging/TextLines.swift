import CLeptonica

/// What the lines of a page's text look like from the side: how sharply they stand out, and how much ink stands above
/// and below their middle band.
///
/// Vietnamese and other Latin text has more above (capitals, ascenders, accents) than below (descenders, dots, commas).
/// Leptonica's own detector looks for ascenders and descenders alone: Vietnamese accents mislead it.
struct TextLines: Sendable, Equatable {
    /// Contrast between rows, squared and summed: large when lines of text lie along the rows.
    var contrast = 0.0
    /// Pieces of lines that were measured.
    var count = 0
    /// Mean of (above - below) / all, in ink.
    var asymmetry = 0.0
    /// The mean in units of its own standard error.
    var certainty = 0.0

    /// - Parameter pix: one bit a pixel.
    init(_ pix: UnsafeMutablePointer<PIX>, dotsPerMillimetre: Double) {
        guard let data = pixGetData(pix) else { return }
        let (words, height) = (Int(pixGetWpl(pix)), Int(pixGetHeight(pix)))
        var ratios: [Double] = []
        for first in stride(from: 0, to: words - Self.stripWords + 1, by: Self.stripWords) {
            let profile = (0..<height).map { row -> Int in
                (0..<Self.stripWords).reduce(0) { $0 + data[row * words + first + $1].nonzeroBitCount }
            }
            add(profile, dotsPerMillimetre, &ratios)
        }
        count = ratios.count
        guard count >= 4 else { return }
        asymmetry = ratios.reduce(0, +) / Double(count)
        let variance = ratios.reduce(0) { $0 + ($1 - asymmetry) * ($1 - asymmetry) } / Double(count - 1)
        certainty = asymmetry / max((variance / Double(count)).squareRoot(), 1e-6)
    }

    /// A strip is 128 pixels wide, about 22 mm: so narrow that lines need not be quite straight.
    private static let stripWords = 4

    private mutating func add(_ profile: [Int], _ dotsPerMillimetre: Double, _ ratios: inout [Double]) {
        let width = Self.stripWords * 32
        // A rule across the strip is no text.
        let rows = profile.map { $0 > width * 85 / 100 ? 0 : $0 }
        for row in 1..<max(rows.count, 1) {
            let difference = Double(rows[row] - rows[row - 1])
            contrast += difference * difference
        }
        for line in Self.lines(rows) {
            let height = Double(line.count)
            guard height >= 1.2 * dotsPerMillimetre, height <= 12 * dotsPerMillimetre,
                let strongest = rows[line].max(), strongest * 10 >= width,
                let top = line.first(where: { rows[$0] * 2 >= strongest }),
                let bottom = line.last(where: { rows[$0] * 2 >= strongest }),
                Double(bottom - top) >= 0.5 * dotsPerMillimetre
            else { continue }
            let above = rows[line.lowerBound..<top].reduce(0, +)
            let below = rows[bottom + 1..<line.upperBound].reduce(0, +)
            ratios.append(Double(above - below) / Double(rows[line].reduce(0, +)))
        }
    }

    /// Runs of rows with more ink than a vertical rule and a speck leave.
    private static func lines(_ rows: [Int]) -> [Range<Int>] {
        var lines: [Range<Int>] = []
        var start: Int?
        for row in rows.indices {
            if rows[row] > gapInk, start == nil { start = row }
            if rows[row] <= gapInk, let first = start {
                lines.append(first..<row)
                start = nil
            }
        }
        return lines
    }

    private static let gapInk = 3
}
