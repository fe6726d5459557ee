/// A polynomial of the third degree in two directions, laid through samples on a grid by least squares.
struct SmoothSurface: Sendable {
    private let columns: Int
    private let rows: Int
    private var weights = [Double](repeating: 0, count: size)

    private static let size = 10

    init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
    }

    func value(_ column: Int, _ row: Int) -> Double {
        let (x, y) = place(column, row)
        return weights.withUnsafeBufferPointer { weights in
            weights[0] + weights[1] * x + weights[2] * y + weights[3] * x * x + weights[4] * x * y
                + weights[5] * y * y + (weights[6] * x + weights[7] * y) * x * x
                + (weights[8] * x + weights[9] * y) * y * y
        }
    }

    /// Columns and rows as -1 to 1, so that all terms are of one size.
    private func place(_ column: Int, _ row: Int) -> (x: Double, y: Double) {
        (Double(column) / Double(max(columns - 1, 1)) * 2 - 1, Double(row) / Double(max(rows - 1, 1)) * 2 - 1)
    }

    /// - Parameters:
    ///   - isUsed: which of the samples count; with few of them only their mean does.
    ///   - step: takes every sample of so many in both directions.
    mutating func fit(_ samples: [Double], where isUsed: [Bool], step: Int = 1) {
        let size = Self.size
        var system = [Double](repeating: 0, count: size * (size + 1))
        var terms = [Double](repeating: 0, count: size)
        var (count, sum) = (0, 0.0)
        for row in stride(from: 0, to: rows, by: step) {
            for column in stride(from: 0, to: columns, by: step) where isUsed[row * columns + column] {
                let (x, y) = place(column, row)
                let sample = samples[row * columns + column]
                (terms[0], terms[1], terms[2], terms[3], terms[4]) = (1, x, y, x * x, x * y)
                (terms[5], terms[6], terms[7], terms[8], terms[9]) = (y * y, x * x * x, x * x * y, x * y * y, y * y * y)
                for one in 0..<size {
                    for other in one..<size { system[one * (size + 1) + other] += terms[one] * terms[other] }
                    system[one * (size + 1) + size] += terms[one] * sample
                }
                count += 1
                sum += sample
            }
        }
        weights = [Double](repeating: 0, count: size)
        weights[0] = count > 0 ? sum / Double(count) : 255
        guard count >= 60 else { return }
        for one in 0..<size {
            for other in 0..<one { system[one * (size + 1) + other] = system[other * (size + 1) + one] }
            // A little on the diagonal keeps a page that is half covered by a photograph from bending the surface.
            if one > 0 { system[one * (size + 1) + one] += 0.002 * Double(count) }
        }
        if let solved = Self.solve(system) { weights = solved }
    }

    /// Gaussian elimination with pivots, on rows of `size + 1` numbers.
    private static func solve(_ system: [Double]) -> [Double]? {
        var rows = (0..<size).map { Array(system[$0 * (size + 1)..<($0 + 1) * (size + 1)]) }
        for column in 0..<size {
            guard let pivot = (column..<size).max(by: { abs(rows[$0][column]) < abs(rows[$1][column]) }),
                abs(rows[pivot][column]) > 1e-9
            else { return nil }
            rows.swapAt(column, pivot)
            for row in 0..<size where row != column {
                let factor = rows[row][column] / rows[column][column]
                guard factor != 0 else { continue }
                for index in column...size { rows[row][index] -= factor * rows[column][index] }
            }
        }
        return (0..<size).map { rows[$0][size] / rows[$0][$0] }
    }
}
