/// Cuts a picture into `GS v 0` commands that a cheap printer's buffer takes, of few bytes.
///
/// Each command is only as wide as its blackest row needs, and blank rows go as pictures of one byte's width. So no row
/// depends on a printer's idea of a motion unit, as it would with `ESC J`, and no column on its margins: every printer
/// that knows `GS v 0` puts the same dots on paper as for the whole picture.
struct RasterBands {
    /// One `GS v 0`: rows `top..<top + rows`, their first `width` bytes.
    struct Band: Equatable {
        var top: Int
        var rows: Int
        var width: Int
    }

    /// `GS v 0 m xL xH yL yH`.
    static let headerBytes = 8
    /// What a further command is taken to cost, in bytes: its header, and a moment for the printer to begin again.
    private static let commandCost = 48

    /// The cheapest sequence of bands, by dynamic programming from the top.
    /// - Parameters:
    ///   - height: rows in a band at most.
    ///   - bytes: dots in a band at most, in bytes; a single row is never split.
    static func plan(_ bitmap: MonochromeBitmap, height: Int, bytes: Int) -> [Band] {
        let widths = neededWidths(bitmap)
        let rowsOfLast = cheapestCuts(widths, height: min(max(height, 1), 255), bytes: bytes)
        var bands: [Band] = []
        var end = bitmap.height
        while end > 0 {
            let rows = rowsOfLast[end]
            bands.append(Band(top: end - rows, rows: rows, width: widths[(end - rows)..<end].max() ?? 1))
            end -= rows
        }
        return bands.reversed()
    }

    /// For each row, how many rows the last band has when the picture ends there at the least cost.
    private static func cheapestCuts(_ widths: [Int], height: Int, bytes: Int) -> [Int] {
        var cost = [Int](repeating: .max, count: widths.count + 1)
        cost[0] = 0
        return widths.withUnsafeBufferPointer { widths in
            cost.withUnsafeMutableBufferPointer { cost in
                (0...widths.count).map { end in
                    guard end > 0 else { return 0 }
                    var (width, best) = (1, 1)
                    for rows in 1...min(height, end) {
                        width = max(width, widths[end - rows])
                        guard rows == 1 || rows * width <= bytes else { break }
                        let total = cost[end - rows] + commandCost + rows * width
                        if total < cost[end] { (cost[end], best) = (total, rows) }
                    }
                    return best
                }
            }
        }
    }

    /// Bytes from the left up to the last black dot of each row; 1 for a blank one.
    private static func neededWidths(_ bitmap: MonochromeBitmap) -> [Int] {
        let rowBytes = bitmap.bytesPerRow
        return bitmap.bytes.withUnsafeBufferPointer { bytes in
            (0..<bitmap.height).map { y in
                var width = rowBytes
                while width > 1, bytes[y * rowBytes + width - 1] == 0 { width -= 1 }
                return width
            }
        }
    }

    /// The command of one band.
    static func command(_ band: Band, of bitmap: MonochromeBitmap) -> [UInt8] {
        var command: [UInt8] = []
        command.reserveCapacity(headerBytes + band.rows * band.width)
        command += [
            ESCPOS.gs, 0x76, 0x30, 0, UInt8(band.width & 0xFF), UInt8(band.width >> 8 & 0xFF), UInt8(band.rows), 0,
        ]
        for row in band.top..<band.top + band.rows { command += bitmap.row(row).prefix(band.width) }
        return command
    }

    /// Bytes of one write. The bus holds the host back while the printer's buffer is full (USB 2.0, 8.5.1), so a write may
    /// be longer than the buffer; it must not be so long that the slowest printer takes seconds for it.
    private static let transferBytes = 16_384

    /// The commands joined into pieces for one write each, which end with a complete command. Each write costs the bus's
    /// round trip.
    static func pieces(_ bitmap: MonochromeBitmap, height: Int, bytes: Int) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        for band in plan(bitmap, height: height, bytes: bytes) {
            let command = command(band, of: bitmap)
            if let last = pieces.last, last.count + command.count <= transferBytes {
                pieces[pieces.count - 1] += command
            } else {
                pieces.append(command)
            }
        }
        return pieces
    }
}
