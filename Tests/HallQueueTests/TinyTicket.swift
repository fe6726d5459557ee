import Simulator
import TicketPrinter

/// A ticket of few dots that says which it is: each row carries the ticket, the copy, whether it is marked as a second
/// paper, and the row.
struct TinyTicket: Hashable {
    /// 1 to 100.
    var number: Int
    /// 1 to 15.
    var copy: Int
    var isMarked: Bool

    static let height = 12
    /// Dots.
    static let width = 24

    var bitmap: MonochromeBitmap? {
        let bytes = (0..<Self.height).flatMap { row(at: $0) }
        return MonochromeBitmap(width: Self.width, height: Self.height, bytes: bytes)
    }

    /// Each byte has its top bit set: no command of the driver looks like that.
    private func row(at index: Int) -> [UInt8] {
        [0x80 | UInt8(number), 0xC0 | UInt8(index), 0x81 | UInt8(copy << 1) | (isMarked ? 0x20 : 0)]
    }

    private init?(row: [UInt8], at index: Int) {
        guard row.count == 3, row.allSatisfy({ $0 & 0x80 != 0 }), row[1] == 0xC0 | UInt8(index) else { return nil }
        (number, copy, isMarked) = (Int(row[0] & 0x7F), Int(row[2] >> 1 & 0xF), row[2] & 0x20 != 0)
    }

    init(number: Int, copy: Int, isMarked: Bool) {
        (self.number, self.copy, self.isMarked) = (number, copy, isMarked)
    }

    /// What stands on a piece of paper: every ticket of which there is a row, and the one that is there whole.
    static func read(_ rows: [[UInt8]]) -> (all: Set<TinyTicket>, whole: TinyTicket?) {
        var all: Set<TinyTicket> = []
        var whole: TinyTicket?
        for (start, row) in rows.enumerated() {
            for index in 0..<height {
                guard let ticket = TinyTicket(row: row, at: index) else { continue }
                all.insert(ticket)
                guard index == 0, start + height <= rows.count else { continue }
                if (0..<height).allSatisfy({ rows[start + $0] == ticket.row(at: $0) }) { whole = ticket }
            }
        }
        return (all, whole)
    }

    static func read(_ slip: PaperSlip) -> (all: Set<TinyTicket>, whole: TinyTicket?) {
        let rowBytes = slip.width / 8
        return read((0..<slip.height).map { [UInt8](slip.bytes[$0 * rowBytes..<($0 + 1) * rowBytes]) })
    }
}
