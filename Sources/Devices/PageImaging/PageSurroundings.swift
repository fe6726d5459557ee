import Foundation

/// What the page looks like around its content: the picture's frame, light that is thrown back, a second sheet.
extension PageAnalysis {
    /// Whether a piece of ink ends at the picture's edge.
    func touchesFrame(_ piece: InkPiece) -> Bool {
        let scale = picture.resolution / resolution
        let map = outline.placement(scale: scale, quarterTurns: 0)
        let near = 0.4 * picture.resolution / 25.4
        let ends = [
            (piece.x, piece.y), (piece.x + piece.width, piece.y), (piece.x, piece.y + piece.height),
            (piece.x + piece.width, piece.y + piece.height),
        ]
        return ends.contains { x, y in
            let place = map(Double(x), Double(y))
            return place.x < near || place.y < near || place.x > Double(picture.width) - near
                || place.y > Double(picture.height) - near
        }
    }

    /// Which part of the paper lies outside of the picture.
    var areaOutside: Double {
        let count = 40
        var outside = 0
        for row in 0..<count {
            for column in 0..<count {
                let across = outline.left + outline.width * (Double(column) + 0.5) / Double(count)
                let down = outline.top + outline.height * (Double(row) + 0.5) / Double(count)
                let place = outline.place(across, down)
                if place.x < 0 || place.y < 0 || place.x > Double(picture.width) || place.y > Double(picture.height) {
                    outside += 1
                }
            }
        }
        return Double(outside) / Double(count * count)
    }

    /// Square millimetres in one piece that are as bright as the sensor can tell, on paper that is not.
    var glare: Double {
        guard background.mean < 247 else { return 0 }
        let step = max(2, Int(resolution / 25.4 * 2))
        let (columns, rows) = (page.width / step, page.height / step)
        var isBright = [Bool](repeating: false, count: columns * rows)
        for row in 0..<rows {
            for column in 0..<columns {
                isBright[row * columns + column] = isClipped(column * step, row * step, step)
            }
        }
        return Double(Self.largestPiece(isBright, columns)) * 4
    }

    private func isClipped(_ x: Int, _ y: Int, _ side: Int) -> Bool {
        let level = background.mean
        for row in stride(from: y, to: y + side, by: 3) {
            for column in stride(from: x, to: x + side, by: 3) {
                let value = page.samples[row * page.width + column]
                guard value >= 252, Double(value) > level + 5, isInPicture(column, row) else { return false }
            }
        }
        return true
    }

    private func isInPicture(_ x: Int, _ y: Int) -> Bool {
        let scale = picture.resolution / resolution
        let place = outline.place(outline.left + Double(x) * scale, outline.top + Double(y) * scale)
        return place.x > 2 && place.y > 2 && place.x < Double(picture.width) - 2 && place.y < Double(picture.height) - 2
    }

    private static func largestPiece(_ cells: [Bool], _ columns: Int) -> Int {
        var cells = cells
        var largest = 0
        for start in cells.indices where cells[start] {
            var (size, open) = (0, [start])
            cells[start] = false
            while let cell = open.popLast() {
                size += 1
                let column = cell % columns
                var next = [cell - columns, cell + columns]
                if column > 0 { next.append(cell - 1) }
                if column + 1 < columns { next.append(cell + 1) }
                for neighbour in next where cells.indices.contains(neighbour) && cells[neighbour] {
                    cells[neighbour] = false
                    open.append(neighbour)
                }
            }
            largest = max(largest, size)
        }
        return largest
    }

    /// How dark the darkest line is that goes across the whole page, from one edge of the paper to the other: 0 for none.
    /// Rules of tables end in the margins; folds are fainter.
    var shadowAcross: Double {
        max(shadow(rows: true), shadow(rows: false))
    }

    private func shadow(rows isRow: Bool) -> Double {
        let (count, length) = isRow ? (page.height, page.width) : (page.width, page.height)
        let margin = Int(4 * resolution / 25.4)
        guard count > 4 * margin, length > 4 * margin else { return 0 }
        var darkest = 0.0
        for line in margin..<count - margin {
            var dark = 0
            let places = stride(from: margin / 2, to: length - margin / 2, by: max(1, length / 48))
            var number = 0
            for place in places {
                let (x, y) = isRow ? (place, line) : (line, place)
                // A second sheet may lie a little turned: the darkest of a few pixels counts.
                let level = background.level(Double(x) / Double(page.width), Double(y) / Double(page.height))
                if Double(page.samples[y * page.width + x]) < level * (1 - 0.08) { dark += 1 }
                number += 1
            }
            if number > 0, dark * 100 >= number * 92 { darkest = max(darkest, 0.08) }
        }
        return darkest
    }
}
