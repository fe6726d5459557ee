/// Which tiles of a page there is anything on. What is left out needs not be taken from the picture: it is paper.
struct TileMask: Sendable, Equatable {
    var columns: Int
    var rows: Int
    /// Row by row.
    var isUsed: [Bool]

    /// Together the tiles cover the page exactly; each is at most about so many millimetres wide.
    static let tileSize = 2.0

    init(columns: Int, rows: Int, isUsed: [Bool]) {
        self.columns = columns
        self.rows = rows
        self.isUsed = isUsed
    }

    /// Tiles with a pixel darker than this part of the paper.
    init(page: Plane, resolution: Double, background: BackgroundMap, white: Double) {
        let size = Self.tileSize * resolution / 25.4
        columns = max(1, Int((Double(page.width) / size).rounded(.up)))
        rows = max(1, Int((Double(page.height) / size).rounded(.up)))
        isUsed = [Bool](repeating: false, count: columns * rows)
        var darkest = [UInt8](repeating: 255, count: page.width)
        for row in 0..<rows {
            Self.darkest(page, row * page.height / rows..<(row + 1) * page.height / rows, &darkest)
            for column in 0..<columns {
                let level = background.level(
                    (Double(column) + 0.5) / Double(columns), (Double(row) + 0.5) / Double(rows))
                let places = column * page.width / columns..<(column + 1) * page.width / columns
                let least = darkest[places].min() ?? 255
                isUsed[row * columns + column] = Double(least) < level * white
            }
        }
    }

    /// The darkest pixel of each column over some rows.
    private static func darkest(_ page: Plane, _ rows: Range<Int>, _ darkest: inout [UInt8]) {
        page.samples.withUnsafeBufferPointer { samples in
            darkest.withUnsafeMutableBufferPointer { darkest in
                for column in 0..<page.width { darkest[column] = 255 }
                for row in rows {
                    let start = row * page.width
                    for column in 0..<page.width { darkest[column] = min(darkest[column], samples[start + column]) }
                }
            }
        }
    }

    /// The tiles themselves and all around them.
    var grown: TileMask {
        var mask = self
        for row in 0..<rows {
            for column in 0..<columns where isUsed[row * columns + column] {
                for y in max(0, row - 1)...min(rows - 1, row + 1) {
                    for x in max(0, column - 1)...min(columns - 1, column + 1) { mask.isUsed[y * columns + x] = true }
                }
            }
        }
        return mask
    }

    /// The mask of the page after it was turned upright; the paper lay `quarterTurns` clockwise.
    func upright(_ quarterTurns: Int) -> TileMask {
        (0..<quarterTurns & 3).reduce(self) { mask, _ in
            let (columns, rows) = (mask.rows, mask.columns)
            let isUsed = (0..<columns * rows).map { index in
                mask.isUsed[index % columns * mask.columns + mask.columns - 1 - index / columns]
            }
            return TileMask(columns: columns, rows: rows, isUsed: isUsed)
        }
    }

    /// The runs of pixels on a row that are used.
    func runs(row: Int, of height: Int, width: Int) -> [Range<Int>] {
        let line = row * rows / max(height, 1) * columns
        var runs: [Range<Int>] = []
        var start: Int?
        for column in 0..<columns {
            if isUsed[line + column], start == nil { start = column }
            if !isUsed[line + column], let first = start {
                runs.append(first * width / columns..<column * width / columns)
                start = nil
            }
        }
        if let first = start { runs.append(first * width / columns..<width) }
        return runs
    }

    /// Connected areas of tiles, as boxes in tiles; the largest first.
    func areas() -> [InkPiece] {
        var left = isUsed
        var areas: [InkPiece] = []
        for start in left.indices where left[start] {
            var open = [start]
            left[start] = false
            var (minX, maxX, minY, maxY) = (columns, 0, rows, 0)
            while let tile = open.popLast() {
                let (x, y) = (tile % columns, tile / columns)
                (minX, maxX, minY, maxY) = (min(minX, x), max(maxX, x), min(minY, y), max(maxY, y))
                for (nextX, nextY) in [(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)]
                where nextX >= 0 && nextX < columns && nextY >= 0 && nextY < rows && left[nextY * columns + nextX] {
                    left[nextY * columns + nextX] = false
                    open.append(nextY * columns + nextX)
                }
            }
            areas.append(InkPiece(x: minX, y: minY, width: maxX - minX + 1, height: maxY - minY + 1))
        }
        return areas.sorted { $0.width * $0.height > $1.width * $1.height }
    }
}
