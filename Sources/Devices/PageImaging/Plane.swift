/// Samples of eight bits in rows: the luminance or one colour difference of a picture.
struct Plane: Sendable {
    var width: Int
    var height: Int
    /// Rows without gaps, `width * height` bytes.
    var samples: [UInt8]

    init(width: Int, height: Int, samples: [UInt8]) {
        self.width = width
        self.height = height
        self.samples = samples
    }

    init(width: Int, height: Int, filledWith value: UInt8) {
        self.init(width: width, height: height, samples: [UInt8](repeating: value, count: width * height))
    }

    /// The mean of every square of `factor` by `factor` samples; what is left at the right and lower edge is dropped.
    func reduced(by factor: Int) -> Plane {
        let (columns, rows) = (width / factor, height / factor)
        guard factor > 1, columns > 0, rows > 0 else { return self }
        let line = width
        let area = UInt32(factor * factor)
        let output = [UInt8](unsafeUninitializedCapacity: columns * rows) { output, count in
            samples.withUnsafeBufferPointer { input in
                var sums = [UInt16](repeating: 0, count: columns * factor)
                sums.withUnsafeMutableBufferPointer { sums in
                    for row in 0..<rows {
                        // Columns first: this loop runs over neighbours and is made of vector instructions.
                        for column in 0..<sums.count { sums[column] = UInt16(input[row * factor * line + column]) }
                        for next in 1..<factor {
                            let start = (row * factor + next) * line
                            for column in 0..<sums.count { sums[column] &+= UInt16(input[start + column]) }
                        }
                        for column in 0..<columns {
                            var sum: UInt32 = area / 2
                            for index in 0..<factor { sum &+= UInt32(sums[column * factor + index]) }
                            output[row * columns + column] = UInt8(truncatingIfNeeded: sum / area)
                        }
                    }
                }
            }
            count = columns * rows
        }
        return Plane(width: columns, height: rows, samples: output)
    }

    /// How many samples have each value, of every `step`th sample in both directions.
    func histogram(step: Int = 1) -> Histogram {
        var histogram = Histogram()
        samples.withUnsafeBufferPointer { input in
            for row in stride(from: 0, to: height, by: step) {
                for column in stride(from: 0, to: width, by: step) { histogram.add(input[row * width + column]) }
            }
        }
        return histogram
    }
}

/// Counts of the values 0 to 255.
struct Histogram: Sendable {
    private(set) var counts = [Int](repeating: 0, count: 256)
    private(set) var total = 0

    mutating func add(_ value: UInt8) {
        counts[Int(value)] += 1
        total += 1
    }

    /// The value that the given part (0 to 1) of the samples does not exceed.
    func percentile(_ part: Double) -> Int {
        let limit = Int((Double(total) * part).rounded(.up))
        var sum = 0
        for value in 0..<256 {
            sum += counts[value]
            if sum >= max(limit, 1) { return value }
        }
        return 255
    }
}
