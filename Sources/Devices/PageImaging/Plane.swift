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

    /// For a library to fill: what stands in it until then is anything.
    init(width: Int, height: Int) {
        self.init(
            width: width, height: height,
            samples: [UInt8](unsafeUninitializedCapacity: width * height) { _, count in count = width * height })
    }

    /// Ranges of samples, one behind the other.
    func joined(_ ranges: some Collection<Range<Int>>) -> [UInt8] {
        var joined: [UInt8] = []
        joined.reserveCapacity(ranges.reduce(0) { $0 + $1.count })
        for range in ranges { joined += samples[range] }
        return joined
    }

    /// The mean of every square of two by two samples; an odd column or row at the end is dropped.
    func halved() -> Plane {
        let (columns, rows, line) = (width / 2, height / 2, width)
        let output = [UInt8](unsafeUninitializedCapacity: columns * rows) { output, count in
            samples.withUnsafeBufferPointer { input in
                guard let base = input.baseAddress, let target = output.baseAddress else { return }
                for row in 0..<rows {
                    let upper = base + row * 2 * line
                    let lower = upper + line
                    let to = target + row * columns
                    for column in 0..<columns {
                        let sum =
                            UInt16(upper[column &* 2]) &+ UInt16(upper[column &* 2 &+ 1])
                            &+ UInt16(lower[column &* 2]) &+ UInt16(lower[column &* 2 &+ 1])
                        to[column] = UInt8(truncatingIfNeeded: (sum &+ 2) &>> 2)
                    }
                }
            }
            count = columns * rows
        }
        return Plane(width: columns, height: rows, samples: output)
    }

    /// Halved so many times, as long as there is anything to halve.
    func halved(times: Int) -> Plane {
        (0..<times).reduce(self) { plane, _ in plane.width > 1 && plane.height > 1 ? plane.halved() : plane }
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
