/// Makes blank paper white and keeps everything darker as far from it as it was.
struct ToneCurve {
    /// From this part of the paper's level on, everything is white: below it lies no noise.
    let white: Double

    init(_ background: BackgroundMap) {
        white = min(max(1 - 3.2 * background.noise / max(background.mean, 1), 0.82), 0.94)
    }

    /// Levels rows of luminance.
    func leveller(
        _ background: BackgroundMap, _ width: Int, _ height: Int
    ) -> (UnsafeMutableBufferPointer<UInt8>, Range<Int>, Int) -> Void {
        var gains = [UInt16](repeating: 256, count: width)
        var last = -1
        return { row, run, number in
            // Light changes slowly: eight pixels in both directions share a gain.
            if number / 8 != last {
                last = number / 8
                let y = (Double(last * 8) + 4) / Double(height)
                for start in stride(from: 0, to: width, by: 8) {
                    let level = background.level((Double(start) + 4) / Double(width), y)
                    let gain = UInt16(min(255 / (level * white) * 256, 4_000))
                    for column in start..<min(start + 8, width) { gains[column] = gain }
                }
            }
            guard let pixels = row.baseAddress else { return }
            gains.withUnsafeBufferPointer { gains in
                guard let gains = gains.baseAddress else { return }
                for column in run {
                    let levelled = UInt32(pixels[column]) &* UInt32(gains[column])
                    pixels[column] = UInt8(truncatingIfNeeded: min(255, levelled &>> 8))
                }
            }
        }
    }

    /// Takes the paper's tint and the colour noise out of rows of a colour difference.
    func whitener(_ neutral: Int) -> (UnsafeMutableBufferPointer<UInt8>, Range<Int>, Int) -> Void {
        let quiet = 6
        let table = (0..<256).map { value -> UInt8 in
            let difference = value - neutral
            guard abs(difference) > quiet else { return 128 }
            let kept = difference - (difference > 0 ? quiet : -quiet) / 2
            return UInt8(min(max(128 + kept, 0), 255))
        }
        return { row, run, _ in
            table.withUnsafeBufferPointer { table in
                for column in run { row[column] = table[Int(row[column])] }
            }
        }
    }
}
