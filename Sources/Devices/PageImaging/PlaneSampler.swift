/// Takes a page out of a picture: cut, straight, upright and of another resolution in one pass.
struct PlaneSampler: Sendable {
    /// From the page's surface to the plane's surface, in pixels of each.
    var map: Affine
    /// What stands where the plane has nothing.
    var fill: UInt8

    /// - Parameters:
    ///   - mask: the tiles of the page that are taken; the others are filled.
    ///   - finish: changes each row after it was taken, given its number.
    func sample(
        _ plane: Plane, width: Int, height: Int, mask: TileMask? = nil,
        finish: (_ row: UnsafeMutableBufferPointer<UInt8>, _ run: Range<Int>, _ number: Int) -> Void = { _, _, _ in }
    ) -> Plane {
        let samples = [UInt8](unsafeUninitializedCapacity: width * height) { output, count in
            output.initialize(repeating: fill)
            plane.samples.withUnsafeBufferPointer { input in
                for row in 0..<height {
                    let line = UnsafeMutableBufferPointer(rebasing: output[row * width..<(row + 1) * width])
                    for run in mask?.runs(row: row, of: height, width: width) ?? [0..<width] {
                        sampleRow(input, plane, row, run, line)
                        finish(line, run, row)
                    }
                }
            }
            count = width * height
        }
        return Plane(width: width, height: height, samples: samples)
    }

    /// Fixed-point numbers with 32 bits behind the point: along a row of any page they stay exact to a hundredth.
    private static let one = 4_294_967_296.0

    private func sampleRow(
        _ input: UnsafeBufferPointer<UInt8>, _ plane: Plane, _ row: Int, _ run: Range<Int>,
        _ output: UnsafeMutableBufferPointer<UInt8>
    ) {
        // Samples stand in the middle of their pixels.
        let start = map(0.5, Double(row) + 0.5)
        let (x, y) = (start.x - 0.5, start.y - 0.5)
        let inside = Self.span(x, map.xx, plane.width, Self.span(y, map.yx, plane.height, run))
        guard let base = input.baseAddress, !inside.isEmpty else { return }
        var across = Int((x + map.xx * Double(inside.lowerBound)) * Self.one)
        var down = Int((y + map.yx * Double(inside.lowerBound)) * Self.one)
        let (stepX, stepY) = (Int(map.xx * Self.one), Int(map.yx * Self.one))
        let line = plane.width
        guard let target = output.baseAddress else { return }
        for column in inside {
            let place = base + ((down &>> 32) &* line &+ (across &>> 32))
            // Two neighbours at a time: the left one in the lower half of a word, the right one in the upper half.
            let partY = UInt32(truncatingIfNeeded: (down &>> 24) & 255)
            let upper = Self.pair(place)
            let lower = Self.pair(place + line)
            let between = ((upper &* (256 &- partY) &+ lower &* partY) &>> 8) & 0x00FF_00FF
            let partX = UInt32(truncatingIfNeeded: (across &>> 24) & 255)
            let value = (between & 0xFF) &* (256 &- partX) &+ (between &>> 16) &* partX &+ 128
            target[column] = UInt8(truncatingIfNeeded: value &>> 8)
            across &+= stepX
            down &+= stepY
        }
    }

    private static func pair(_ place: UnsafePointer<UInt8>) -> UInt32 {
        let word = UInt32(UInt16(littleEndian: UnsafeRawPointer(place).loadUnaligned(as: UInt16.self)))
        return (word | word &<< 8) & 0x00FF_00FF
    }

    /// Where on a row `start + step · column` has a neighbour on both sides, with a little room for rounding.
    private static func span(_ start: Double, _ step: Double, _ length: Int, _ within: Range<Int>) -> Range<Int> {
        let (low, high) = (0.01, Double(length) - 1.01)
        guard abs(step) > 1e-9 else { return start >= low && start <= high ? within : 0..<0 }
        let (one, other) = ((low - start) / step, (high - start) / step)
        let first = max(Double(within.lowerBound), min(one, other).rounded(.up))
        let last = min(Double(within.upperBound) - 1, max(one, other).rounded(.down))
        guard first <= last else { return within.lowerBound..<within.lowerBound }
        return Int(first)..<Int(last) + 1
    }
}
