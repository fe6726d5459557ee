/// Where the bed shows as a dark wedge at the picture's rim, because the paper lay turned and beyond the scanner's area, and
/// no line could be laid along its edge. Such a wedge is of one shade and fills half of the box around it; print and
/// photographs that run off the paper do not.
struct BedWedges {
    private let plane: Plane
    private let dotsPerMillimetre: Double
    private var isDark: [Bool]
    /// Pixels of the plane.
    private(set) var places: [Int] = []

    /// Parts of the box around it.
    private static let fills = 0.35...0.65
    /// Levels: the bed is as even as the sensor's noise lets it be.
    private static let shade = 16

    /// - Parameters:
    ///   - plane: the picture at about 75 dpi.
    ///   - threshold: darker is bed.
    init(_ plane: Plane, threshold: Int, dotsPerMillimetre: Double) {
        self.plane = plane
        self.dotsPerMillimetre = dotsPerMillimetre
        isDark = plane.samples.map { Int($0) < threshold }
        let (width, height) = (plane.width, plane.height)
        let rim =
            Array(0..<width) + Array((height - 1) * width..<height * width)
            + (0..<height).flatMap { [$0 * width, $0 * width + width - 1] }
        for start in rim where isDark[start] {
            let area = take(from: start)
            if isWedge(area) { places += area }
        }
    }

    /// The connected dark area around a place, which is not dark afterwards.
    private mutating func take(from start: Int) -> [Int] {
        let (width, height) = (plane.width, plane.height)
        var (area, next) = ([start], 0)
        isDark[start] = false
        while next < area.count {
            let place = area[next]
            next += 1
            let (x, y) = (place % width, place / width)
            for (isInside, neighbour) in [
                (x > 0, place - 1), (x + 1 < width, place + 1), (y > 0, place - width), (y + 1 < height, place + width),
            ] where isInside && isDark[neighbour] {
                isDark[neighbour] = false
                area.append(neighbour)
            }
        }
        return area
    }

    private func isWedge(_ area: [Int]) -> Bool {
        let (columns, rows) = (area.map { $0 % plane.width }, area.map { $0 / plane.width })
        guard let left = columns.min(), let right = columns.max(), let top = rows.min(), let bottom = rows.max() else {
            return false
        }
        let (width, height) = (right - left + 1, bottom - top + 1)
        guard Double(max(width, height)) >= 5 * dotsPerMillimetre else { return false }
        // Steps of a few pixels say little about a slope.
        let isThin = min(width, height) < 4
        let fill = Double(area.count) / Double(width * height)
        guard isThin || Self.fills.contains(fill) else { return false }
        let levels = area.map { plane.samples[$0] }.sorted()
        let middle = Int(levels[levels.count / 2])
        let even = levels.count { abs(Int($0) - middle) <= Self.shade }
        return even * 3 >= levels.count * 2
    }

    /// Paints the wedges and a millimetre around them, where the paper's edge throws its shadow.
    ///
    /// - Parameter picture: of twice the plane's size.
    func fill(_ picture: inout Plane, with level: Int) {
        let reach = 2 * max(1, Int(1.2 * dotsPerMillimetre))
        let (width, height, value) = (picture.width, picture.height, UInt8(clamping: level))
        for place in places {
            let (x, y) = (place % plane.width * 2, place / plane.width * 2)
            for row in max(0, y - reach)..<min(height, y + reach + 2) {
                let run = max(0, x - reach)..<min(width, x + reach + 2)
                for column in run { picture.samples[row * width + column] = value }
            }
        }
    }
}
