/// How bright blank paper is at each place of a page: what uneven light, shadows and yellowed paper leave of white.
struct BackgroundMap: Sendable {
    /// Tiles across and down; together they cover the page exactly.
    var columns: Int
    var rows: Int
    /// The paper's level for each tile, row by row.
    var levels: [Double]
    /// Colour differences of blank paper.
    var blue = 128
    var red = 128
    /// Standard deviation of the noise on blank paper, in levels.
    var noise = 0.0

    /// Millimetres.
    private static let tileSize = 4.0
    /// Further from the smooth surface than this part of it is a photograph or a stamp, not paper.
    private static let tolerance = 0.12

    init(page: Plane, resolution: Double, colours: ColourGrid?) {
        let size = Self.tileSize * resolution / 25.4
        columns = max(2, Int((Double(page.width) / size).rounded()))
        rows = max(2, Int((Double(page.height) / size).rounded()))
        let tiles = Self.tiles(of: page, columns, rows)
        levels = tiles.map(\.level)

        let paper = levels.sorted()[levels.count * 4 / 5]
        var isPaper = levels.map { $0 > paper * 0.5 }
        var surface = SmoothSurface(columns: columns, rows: rows)
        for _ in 0..<5 {
            surface.fit(levels, where: isPaper, step: 2)
            for index in levels.indices {
                let expected = surface.value(index % columns, index / columns)
                isPaper[index] = levels[index] > expected * (1 - Self.tolerance / 2) && levels[index] < expected * 1.15
            }
        }
        if let colours { setColour(colours, isPaper) }
        noise = Self.median(tiles.indices.filter { isPaper[$0] }.map { tiles[$0].spread }) ?? 0
        follow(surface, colours)
    }

    private mutating func setColour(_ colours: ColourGrid, _ isPaper: [Bool]) {
        let papers = isPaper.indices.filter { isPaper[$0] }.map {
            colours.value($0 % columns, of: columns, $0 / columns, of: rows)
        }
        blue = Int(Self.median(papers.map { Double($0.blue) }) ?? 128)
        red = Int(Self.median(papers.map { Double($0.red) }) ?? 128)
    }

    /// Where a tile is paper, its own level counts, smoothed; elsewhere the surface through all paper.
    private mutating func follow(_ surface: SmoothSurface, _ colours: ColourGrid?) {
        let own = levels
        for index in levels.indices {
            let (column, row) = (index % columns, index / columns)
            let expected = max(surface.value(column, row), 24)
            let level = median(of: own, around: column, row)
            var isPaper = abs(level / expected - 1) <= Self.tolerance
            if let colours {
                let colour = colours.value(column, of: columns, row, of: rows)
                let difference = abs(colour.blue - blue) + abs(colour.red - red)
                if difference > 9 { isPaper = false }
            }
            levels[index] = isPaper ? level : expected
        }
    }

    /// Of the tile itself and those beside it. A tile has too few for a sort to be worth its while.
    private func median(of levels: [Double], around column: Int, _ row: Int) -> Double {
        let columns = max(0, column - 1)...min(self.columns - 1, column + 1)
        let rows = max(0, row - 1)...min(self.rows - 1, row + 1)
        let middle = columns.count * rows.count / 2
        for y in rows {
            for x in columns {
                let level = levels[y * self.columns + x]
                var (less, same) = (0, 0)
                for otherY in rows {
                    for otherX in columns {
                        let other = levels[otherY * self.columns + otherX]
                        if other < level { less += 1 } else if other == level { same += 1 }
                    }
                }
                if less <= middle, middle < less + same { return level }
            }
        }
        return levels[row * self.columns + column]
    }

    private static func tiles(of page: Plane, _ columns: Int, _ rows: Int) -> [(level: Double, spread: Double)] {
        var tiles: [(level: Double, spread: Double)] = []
        tiles.reserveCapacity(columns * rows)
        page.samples.withUnsafeBufferPointer { samples in
            for row in 0..<rows {
                let lines = stride(from: row * page.height / rows, to: (row + 1) * page.height / rows, by: 2)
                for column in 0..<columns {
                    let places = stride(
                        from: column * page.width / columns, to: (column + 1) * page.width / columns, by: 2)
                    var histogram = TileHistogram()
                    for y in lines {
                        for x in places { histogram.add(samples[y * page.width + x]) }
                    }
                    tiles.append((histogram.level(0.75), (histogram.level(0.75) - histogram.level(0.5)) / 0.674))
                }
            }
        }
        return tiles
    }

    private static func median(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.sorted()[values.count / 2]
    }

    /// The paper's mean level.
    var mean: Double { levels.reduce(0, +) / Double(levels.count) }

    /// The level at a place of the page, 0 to 1 in both directions, between the tiles' middles.
    func level(_ x: Double, _ y: Double) -> Double {
        let (across, down) = (x * Double(columns) - 0.5, y * Double(rows) - 0.5)
        let (column, row) = (min(max(Int(across), 0), columns - 2), min(max(Int(down), 0), rows - 2))
        let (partX, partY) = (min(max(across - Double(column), 0), 1), min(max(down - Double(row), 0), 1))
        let place = row * columns + column
        let upper = levels[place] * (1 - partX) + levels[place + 1] * partX
        let lower = levels[place + columns] * (1 - partX) + levels[place + columns + 1] * partX
        return upper * (1 - partY) + lower * partY
    }

    /// The map of the page after it was turned upright; the paper lay `quarterTurns` clockwise.
    func upright(_ quarterTurns: Int) -> BackgroundMap {
        var map = self
        for _ in 0..<quarterTurns & 3 { map = map.turnedBack() }
        return map
    }

    /// By a quarter, counterclockwise.
    private func turnedBack() -> BackgroundMap {
        var map = self
        (map.columns, map.rows) = (rows, columns)
        map.levels = (0..<levels.count).map { index in
            let (x, y) = (index % rows, index / rows)
            return levels[x * columns + columns - 1 - y]
        }
        return map
    }
}

/// The few hundred samples of a tile, counted.
private struct TileHistogram {
    private var counts = [256 of UInt16](repeating: 0)
    private var total = 0

    mutating func add(_ value: UInt8) {
        counts[Int(value)] &+= 1
        total &+= 1
    }

    /// The value below which the given part of the samples lies. Paper is bright: counted from above.
    func level(_ part: Double) -> Double {
        let limit = Int(Double(total) * (1 - part))
        var sum = 0
        var value = 255
        while value > 0 {
            sum += Int(counts[value])
            if sum > limit { return Double(value) }
            value -= 1
        }
        return 0
    }
}
