import CLeptonica
import Foundation

/// What comes out of the virtual printer: rows of dots, cut off into slips.
struct PaperRoll: Sendable {
    /// Dots in a row, a multiple of 8.
    let width: Int
    /// Rows since the last cut, each `width / 8` bytes, leftmost dot in the most significant bit, 1 is black.
    private(set) var rows: [[UInt8]] = []
    /// Rows that the roll still holds; nil for a roll without end.
    var remaining: Int?

    init(width: Int) {
        self.width = width
    }

    var isUsedUp: Bool { remaining == 0 }

    /// Burns one row of dots, placed at `left`, and moves on. Nothing when the roll is used up.
    mutating func print(_ dots: some Collection<UInt8>, left: Int = 0) {
        guard !isUsedUp else { return }
        var row = [UInt8](repeating: 0, count: width / 8)
        if left == 0 {
            for (index, byte) in dots.prefix(row.count).enumerated() { row[index] = byte }
        } else {
            var at = left
            for byte in dots {
                for bit in 0..<8 where byte & (0x80 >> UInt8(bit)) != 0 && (0..<width).contains(at + bit) {
                    row[(at + bit) / 8] |= 0x80 >> UInt8((at + bit) % 8)
                }
                at += 8
            }
        }
        rows.append(row)
        if let left = remaining { remaining = left - 1 }
    }

    mutating func feed() { print([UInt8]()) }

    /// Takes off what hangs out.
    mutating func cut() -> [[UInt8]] {
        defer { rows = [] }
        return rows
    }
}

/// A slip of paper that fell into the tray.
public struct PaperSlip: Sendable, Equatable {
    /// Counts from 1, or goes on where an earlier run left off; torn and cut slips apart.
    public let number: Int
    /// Dots.
    public let width: Int
    /// Dots.
    public let height: Int
    /// Rows from the top, `width / 8` bytes each, leftmost dot in the most significant bit, 1 is black.
    public let bytes: [UInt8]
    /// Torn off by the person who changed the roll, not cut by the printer.
    public let isTorn: Bool
    /// Where it was written; nil when the printer has no directory.
    public internal(set) var file: URL?

    init(number: Int, width: Int, rows: [[UInt8]], isTorn: Bool) {
        self.number = number
        self.isTorn = isTorn
        self.width = width
        self.height = rows.count
        self.bytes = rows.flatMap { $0 }
    }

    /// Black dots.
    public var blackDots: Int { bytes.reduce(0) { $0 + $1.nonzeroBitCount } }

    /// Writes the slip as a PNG of one bit: the dots, with the blank edge of an 80 mm roll around them.
    func write(to file: URL) throws {
        // Netpbm's bitmap has the same bits.
        let bitmap = [UInt8]("P4\n\(width) \(height)\n".utf8) + bytes
        var paper = pixReadMemPnm(bitmap, bitmap.count)
        defer { pixDestroy(&paper) }
        var picture = pixAddBorder(paper, 32, 0)
        defer { pixDestroy(&picture) }
        // Under another name first: who waits for the file never sees half of it.
        let partial = file.appendingPathExtension("part")
        guard picture != nil, pixWrite(partial.path, picture, Int32(IFF_PNG)) == 0,
            rename(partial.path, file.path) == 0
        else { throw CocoaError(.fileWriteUnknown) }
    }
}
