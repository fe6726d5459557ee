import Foundation

/// Finds the paper's edges on the scanner's bed: a black one by its darkness, a white one by the shadow at the edge and
/// by its other shade of white.
struct PaperFinder {
    /// The picture's luminance, reduced to about 75 dpi.
    let plane: Plane
    /// Pixels of `plane` in a millimetre.
    let dotsPerMillimetre: Double

    /// How bright paper is here: what a tenth of the picture exceeds.
    let paperLevel: Int

    init(plane: Plane, resolution: Double) {
        self.plane = plane
        dotsPerMillimetre = resolution / 25.4
        paperLevel = plane.histogram(step: 2).percentile(0.9)
    }

    /// - Parameter factor: pixels of the whole picture for one of `plane`.
    func outline(factor: Double) -> PaperOutline {
        let ring = bedOfRing()
        guard ring.darkPart > Self.leastDarkPart else { return outline(whiteEdges(), factor: factor) }
        let dark = agreeing(edges(isDark: ring.level))
        // Print may run into a corner; a bed shows along a good part of the picture's rim, or as wedges on several sides.
        return outline(ring.darkPart > 0.06 || dark.count >= 2 ? dark : whiteEdges(), factor: factor)
    }

    /// What remains of a dark bed where no edge was found.
    func wedges() -> BedWedges? {
        let ring = bedOfRing()
        guard ring.darkPart > Self.leastDarkPart else { return nil }
        return BedWedges(
            plane, threshold: ring.level + (paperLevel - ring.level) * 35 / 100, dotsPerMillimetre: dotsPerMillimetre)
    }

    /// Of the picture's rim: less is a speck.
    private static let leastDarkPart = 0.002

    /// What the outermost millimetre of the picture shows: which part of it is dark, and how dark that is.
    private func bedOfRing() -> (darkPart: Double, level: Int) {
        let depth = max(1, Int(dotsPerMillimetre))
        var histogram = Histogram()
        for row in 0..<plane.height {
            let isEnd = row < depth || row >= plane.height - depth
            let columns = isEnd ? Array(0..<plane.width) : Array(0..<depth) + Array(plane.width - depth..<plane.width)
            for column in columns { histogram.add(plane.samples[row * plane.width + column]) }
        }
        let limit = paperLevel * 45 / 100
        let dark = histogram.counts[0..<max(limit, 1)].reduce(0, +)
        guard dark > 0 else { return (0, 0) }
        let part = Double(dark) / Double(histogram.total)
        return (part, histogram.percentile(part / 2))
    }

    typealias Edges = [PaperOutline.Side: EdgeLine]

    /// Points where a dark bed ends, seen from each side.
    private func edges(isDark level: Int) -> Edges {
        let threshold = Double(level) + 0.35 * Double(paperLevel - level)
        return lines(leastSpan: 0.03) { values, _ in
            guard let first = values.first, Double(first) < threshold else { return nil }
            let persist = max(3, Int(dotsPerMillimetre * 1.2))
            var index = 1
            while index + persist < values.count {
                if Double(values[index]) >= threshold {
                    var bright = 0
                    for next in index..<index + persist where Double(values[next]) >= threshold { bright += 1 }
                    if bright >= persist - 1 {
                        let (before, after) = (Double(values[index - 1]), Double(values[index]))
                        guard after > before else { return nil }
                        return Double(index) - 0.5 + (threshold - before) / (after - before)
                    }
                }
                index += 1
            }
            return nil
        }
    }

    /// The line of each side through the points that `place` finds on rows (or columns) from the outside in.
    ///
    /// - Parameters:
    ///   - level: what `place` is told about each position of a side.
    ///   - leastSpan: the part of a side that a line must be seen along.
    private func lines(
        side level: ((PaperOutline.Side) -> [Double])? = nil, leastSpan: Double = longSpan,
        _ place: ([UInt8], Double) -> Double?
    ) -> Edges {
        var edges: Edges = [:]
        for side in PaperOutline.Side.allCases {
            let isRow = side == .left || side == .right
            let (count, length) = isRow ? (plane.height, plane.width) : (plane.width, plane.height)
            let levels = level?(side)
            var points: [EdgeLine.Point] = []
            for position in stride(from: 1, to: count - 1, by: 2) {
                let values = values(side, position, depth: length * 45 / 100)
                guard let found = place(values, levels?[position] ?? 0) else { continue }
                let isFar = side == .right || side == .bottom
                points.append(
                    .init(position: Double(position) + 0.5, place: isFar ? Double(length) - found - 0.5 : found + 0.5))
            }
            guard let line = EdgeLine(through: points, tolerance: max(0.5, 0.25 * dotsPerMillimetre)),
                line.span >= leastSpan * Double(count), abs(line.slope) < 0.36
            else { continue }
            edges[side] = line
        }
        return edges
    }

    /// Samples from a side of the picture inwards.
    private func values(_ side: PaperOutline.Side, _ position: Int, depth: Int) -> [UInt8] {
        let (width, height) = (plane.width, plane.height)
        return switch side {
        case .left: Array(plane.samples[position * width..<position * width + depth])
        case .right: plane.samples[(position + 1) * width - depth..<(position + 1) * width].reversed()
        case .top: (0..<depth).map { plane.samples[$0 * width + position] }
        case .bottom: (0..<depth).map { plane.samples[(height - 1 - $0) * width + position] }
        }
    }

    private func outline(_ edges: Edges, factor: Double) -> PaperOutline {
        var outline = PaperOutline(
            pictureWidth: Double(plane.width) * factor, pictureHeight: Double(plane.height) * factor)
        guard let angle = Self.angle(edges) else { return outline }
        outline.angle = angle
        let (sine, cosine) = (sin(angle * .pi / 180), cos(angle * .pi / 180))
        let (middleX, middleY) = (Double(plane.width) / 2, Double(plane.height) / 2)
        for (side, line) in edges {
            let place = line.offset + line.slope * line.middle
            switch side {
            case .left, .right:
                let across = ((place - middleX) * cosine + (line.middle - middleY) * sine) * factor
                if side == .left { outline.left = across } else { outline.right = across }
            case .top, .bottom:
                let down = (-(line.middle - middleX) * sine + (place - middleY) * cosine) * factor
                if side == .top { outline.top = down } else { outline.bottom = down }
            }
            outline.seen.insert(side)
        }
        guard outline.width > 0.1 * outline.pictureWidth, outline.height > 0.1 * outline.pictureHeight else {
            return PaperOutline(pictureWidth: outline.pictureWidth, pictureHeight: outline.pictureHeight)
        }
        return outline
    }

    /// The part of a side along which an edge that is seen by itself is long enough to be believed.
    private static let longSpan = 0.2

    /// Of a paper that lies beyond the picture for the most part only wedges of the bed show: short edges count when they
    /// run as the long ones do, or as each other.
    private func agreeing(_ edges: Edges) -> Edges {
        let long = edges.filter { side, line in
            let count = side == .left || side == .right ? plane.height : plane.width
            return line.span >= Self.longSpan * Double(count)
        }
        guard let angle = Self.angle(long.isEmpty ? edges : long) else { return [:] }
        let agreeing = edges.filter { side, line in
            long[side] != nil || abs(Self.angle(of: line, side) - angle) < 1
        }
        return long.isEmpty && agreeing.count < 2 ? [:] : agreeing
    }

    private static func angle(of line: EdgeLine, _ side: PaperOutline.Side) -> Double {
        atan(side == .left || side == .right ? -line.slope : line.slope) * 180 / .pi
    }

    /// Degrees, weighed by the edges' lengths; edges that disagree with the longest are torn or folded.
    private static func angle(_ edges: Edges) -> Double? {
        let angles = edges.map { side, line in (angle: angle(of: line, side), weight: line.span) }
        guard let longest = angles.max(by: { $0.weight < $1.weight }) else { return nil }
        let agreeing = angles.filter { abs($0.angle - longest.angle) < 0.4 }
        let weight = agreeing.reduce(0) { $0 + $1.weight * $1.weight }
        return agreeing.reduce(0) { $0 + $1.angle * $1.weight * $1.weight } / weight
    }

    /// Levels by which the shadow at the paper's edge differs from a white bed, above the noise.
    private static let whiteDifference = 8.0

    /// The bed's white is that of each side's rim: it changes along a side as the light does, so a median goes along.
    private func whiteEdges() -> Edges {
        var edges = lines(side: whiteLevels) { values, level in
            var level = level
            var run = 0
            for index in values.indices {
                let difference = Double(values[index]) - level
                run = abs(difference) > Self.whiteDifference ? run + 1 : 0
                if run >= 2 { return Double(index) - 1 }
                // Light changes slowly across the bed: the level goes along.
                if run == 0 { level += 0.08 * difference }
            }
            return nil
        }
        for (side, line) in edges {
            if let refined = refine(side, line) { edges[side] = refined } else { edges[side] = nil }
        }
        // A frame printed on white paper has the same white on both sides; so one edge alone proves nothing.
        return edges.count >= 2 ? edges : [:]
    }

    /// The bed's level for each position along a side.
    private func whiteLevels(_ side: PaperOutline.Side) -> [Double] {
        let count = side == .left || side == .right ? plane.height : plane.width
        let depth = max(2, Int(dotsPerMillimetre / 2))
        let means = (0..<count).map { position in
            values(side, position, depth: depth).reduce(0.0) { $0 + Double($1) } / Double(depth)
        }
        let (step, reach) = (max(1, count / 20), count * 3 / 10)
        let medians = stride(from: 0, to: count, by: step).map { position in
            let around = means[max(0, position - reach)..<min(count, position + reach)].sorted()
            return around[around.count / 2]
        }
        return (0..<count).map { medians[$0 / step] }
    }

    /// Moves a line to where the shadow gives way to the paper, told from the mean of everything along the line.
    ///
    /// - Returns: nil when the shade of white is the same on both sides, as it is beside a frame that is printed.
    private func refine(_ side: PaperOutline.Side, _ line: EdgeLine) -> EdgeLine? {
        let profile = profile(side, line)
        let reach = max(2, profile.count / 6)
        guard profile.count >= 8 else { return nil }
        let outer = profile.prefix(reach).reduce(0) { $0 + $1.level } / Double(reach)
        let inner = profile.suffix(reach).reduce(0) { $0 + $1.level } / Double(reach)
        guard abs(inner - outer) >= 3 else { return nil }
        // The steepest rise towards the paper; or fall, if the bed is the whiter one.
        let sign = inner > outer ? 1.0 : -1.0
        let rises = (1..<profile.count).map { (profile[$0].level - profile[$0 - 1].level) * sign }
        guard let steepest = rises.indices.max(by: { rises[$0] < rises[$1] }) else { return nil }
        var moved = line
        moved.offset += (profile[steepest].place + profile[steepest + 1].place) / 2
        return moved
    }

    /// Mean levels beside a line, 4 mm to both sides as far as the picture reaches, from the outside in.
    private func profile(_ side: PaperOutline.Side, _ line: EdgeLine) -> [(place: Double, level: Double)] {
        let isRow = side == .left || side == .right
        let (count, length) = isRow ? (plane.height, plane.width) : (plane.width, plane.height)
        let inwards = side == .left || side == .top ? 0.5 : -0.5
        let half = Int(line.span * 0.45)
        let positions = max(0, Int(line.middle) - half)..<max(1, min(count, Int(line.middle) + half))
        let reach = Int(8 * dotsPerMillimetre)
        return (-reach...reach).compactMap { step in
            let place = Double(step) * inwards
            var (sum, number) = (0.0, 0)
            for position in positions {
                let across = line.offset + line.slope * (Double(position) + 0.5) + place - 0.5
                let index = Int(across.rounded(.down))
                guard index >= 0, index + 1 < length else { continue }
                let part = across - Double(index)
                let start = isRow ? position * plane.width + index : index * plane.width + position
                let next = start + (isRow ? 1 : plane.width)
                sum += Double(plane.samples[start]) * (1 - part) + Double(plane.samples[next]) * part
                number += 1
            }
            return number * 2 > positions.count ? (place, sum / Double(number)) : nil
        }
    }
}
