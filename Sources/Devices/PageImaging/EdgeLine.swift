/// A line through points of which some lie: `place = offset + slope · position`.
struct EdgeLine: Sendable, Equatable {
    var offset: Double
    var slope: Double
    /// Points near the line, and the length from the first to the last of them.
    var support: Int
    var span: Double
    /// Mean position of the points near the line.
    var middle: Double

    struct Point: Sendable {
        /// Along the edge.
        var position: Double
        /// Across it.
        var place: Double
    }

    /// The line that most points agree on: the median of slopes between points far apart, then least squares through
    /// those that lie within the tolerance. Bears up to a quarter of points from elsewhere (corners, dog-ears, print that
    /// runs off the paper).
    ///
    /// - Returns: nil when less than half of the points lie near one line.
    init?(through points: [Point], tolerance: Double) {
        guard points.count >= 12 else { return nil }
        let reach = points.count / 3
        let slopes = (0..<points.count - reach).compactMap { index -> Double? in
            let (near, far) = (points[index], points[index + reach])
            guard far.position > near.position else { return nil }
            return (far.place - near.place) / (far.position - near.position)
        }
        guard let slope = Self.median(slopes),
            let offset = Self.median(points.map { $0.place - slope * $0.position })
        else { return nil }
        (self.slope, self.offset, support, span, middle) = (slope, offset, 0, 0, 0)
        for part in [6.0, 3.0, 1.5, 1.0] {
            guard refine(points, tolerance: tolerance * part) else { return nil }
        }
        guard support * 2 >= points.count else { return nil }
    }

    private mutating func refine(_ points: [Point], tolerance: Double) -> Bool {
        let near = points.filter { abs($0.place - offset - slope * $0.position) <= tolerance }
        guard near.count >= 8, let first = near.first, let last = near.last else { return false }
        let count = Double(near.count)
        let position = near.reduce(0) { $0 + $1.position } / count
        let place = near.reduce(0) { $0 + $1.place } / count
        var (products, squares) = (0.0, 0.0)
        for point in near {
            products += (point.position - position) * (point.place - place)
            squares += (point.position - position) * (point.position - position)
        }
        guard squares > 0 else { return false }
        slope = products / squares
        offset = place - slope * position
        support = near.count
        span = last.position - first.position
        middle = position
        return true
    }

    private static func median(_ values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        return values.sorted()[values.count / 2]
    }
}
