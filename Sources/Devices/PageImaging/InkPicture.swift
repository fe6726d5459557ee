import CLeptonica

/// A page as ink and no ink, for Leptonica.
final class InkPicture {
    /// One bit a pixel, 1 for ink.
    let pix: UnsafeMutablePointer<PIX>
    let width: Int
    let height: Int
    let dotsPerMillimetre: Double

    /// Darker than this part of blank paper is ink.
    static let threshold = 0.72

    /// - Parameter margin: pixels at each side that count as no ink, for shadows at the paper's edges.
    init?(_ page: Plane, _ background: BackgroundMap, resolution: Double, margin: PageMargin) {
        guard let pix = pixCreate(Int32(page.width), Int32(page.height), 1), let data = pixGetData(pix) else {
            return nil
        }
        self.pix = pix
        (width, height) = (page.width, page.height)
        dotsPerMillimetre = resolution / 25.4
        let wordsPerLine = Int(pixGetWpl(pix))
        let (width, height) = (page.width, page.height)
        page.samples.withUnsafeBufferPointer { samples in
            var limits = [UInt8](repeating: 0, count: width)
            limits.withUnsafeMutableBufferPointer { limits in
                for row in 0..<height where row >= margin.top && row < height - margin.bottom {
                    if row % 8 == 0 || row == margin.top {
                        Self.limits(background, row, height, limits)
                    }
                    for column in margin.left..<max(margin.left, width - margin.right)
                    where samples[row * width + column] < limits[column] {
                        // Leptonica counts pixels from the highest bit of a word.
                        data[row * wordsPerLine + column >> 5] |= 0x8000_0000 >> UInt32(column & 31)
                    }
                }
            }
        }
    }

    private static func limits(
        _ background: BackgroundMap, _ row: Int, _ height: Int, _ limits: UnsafeMutableBufferPointer<UInt8>
    ) {
        let y = (Double(row) + 4) / Double(height)
        let width = Double(limits.count)
        for start in stride(from: 0, to: limits.count, by: 8) {
            let value = UInt8(min(255, background.level((Double(start) + 4) / width, y) * threshold))
            for column in start..<min(start + 8, limits.count) { limits[column] = value }
        }
    }

    deinit {
        var pix: UnsafeMutablePointer<PIX>? = pix
        pixDestroy(&pix)
    }

    /// Pixels of ink in a rectangle.
    func count(_ columns: Range<Int>, _ rows: Range<Int>) -> Int {
        guard let data = pixGetData(pix), let last = columns.last else { return 0 }
        let line = Int(pixGetWpl(pix))
        let (first, end) = (columns.lowerBound >> 5, last >> 5)
        var sum = 0
        for row in rows {
            for word in first...end {
                var bits = data[row * line + word]
                if word == first { bits &= 0xFFFF_FFFF >> UInt32(columns.lowerBound & 31) }
                if word == end { bits &= 0xFFFF_FFFF << UInt32(31 - (last & 31)) }
                sum += bits.nonzeroBitCount
            }
        }
        return sum
    }

    /// A copy without photographs and other large dark areas; the caller destroys it.
    func withoutPictures() -> UnsafeMutablePointer<PIX>? {
        guard let copy = pixCopy(nil, pix) else { return nil }
        for piece in pieces {
            let size = (Double(piece.width) / dotsPerMillimetre, Double(piece.height) / dotsPerMillimetre)
            guard min(size.0, size.1) > 15 else { continue }
            let ink = count(piece.x..<piece.x + piece.width, piece.y..<piece.y + piece.height)
            // Tables and stamps are mostly paper.
            guard ink * 5 > 2 * piece.width * piece.height,
                var box = Optional(
                    boxCreate(
                        Int32(piece.x), Int32(piece.y), Int32(piece.width), Int32(piece.height)))
            else { continue }
            pixClearInRect(copy, box)
            boxDestroy(&box)
        }
        return copy
    }

    /// The boxes around all connected pieces of ink, in pixels; at most ``pieceLimit`` of them.
    private(set) lazy var pieces: [InkPiece] = findPieces()

    private func findPieces() -> [InkPiece] {
        guard var boxes = Optional(pixConnCompBB(pix, 8)) else { return [] }
        defer { boxaDestroy(&boxes) }
        let count = min(Int(boxaGetCount(boxes)), Self.pieceLimit)
        return (0..<count).compactMap { index in
            var (x, y, w, h) = (Int32(0), Int32(0), Int32(0), Int32(0))
            guard boxaGetBoxGeometry(boxes, Int32(index), &x, &y, &w, &h) == 0 else { return nil }
            return InkPiece(x: Int(x), y: Int(y), width: Int(w), height: Int(h))
        }
    }

    static let pieceLimit = 60_000
}

/// The box around a piece of ink, in pixels.
struct InkPiece: Sendable, Equatable {
    var x: Int
    var y: Int
    var width: Int
    var height: Int

    /// The same piece after the whole picture was turned clockwise by a quarter.
    func turned(in ink: InkPicture) -> InkPiece {
        InkPiece(x: ink.height - y - height, y: x, width: height, height: width)
    }
}

/// Pixels to leave out at each side.
struct PageMargin: Sendable, Equatable {
    var left = 0
    var top = 0
    var right = 0
    var bottom = 0
}
