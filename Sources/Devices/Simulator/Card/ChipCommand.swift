/// A command as the chip takes it apart (ISO/IEC 7816-4, 5.1).
struct ChipCommand: Sendable {
    var cla: UInt8
    var ins: UInt8
    var p1: UInt8
    var p2: UInt8
    var data: [UInt8] = []
    var le: Int?
    var isExtended = false

    /// - Returns: nil when lengths and bytes do not agree: the card answers 6700.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 4 else { return nil }
        (cla, ins, p1, p2) = (bytes[0], bytes[1], bytes[2], bytes[3])
        let body = Array(bytes[4...])
        switch body.count {
        case 0: return
        case 1: le = body[0] == 0 ? 256 : Int(body[0])
        default:
            isExtended = body[0] == 0
            guard isExtended ? readExtended(Array(body.dropFirst())) : readShort(body) else { return nil }
        }
    }

    private mutating func readShort(_ body: [UInt8]) -> Bool {
        let lc = Int(body[0])
        switch body.count - 1 - lc {
        case 0: break
        case 1: le = body[body.count - 1] == 0 ? 256 : Int(body[body.count - 1])
        default: return false
        }
        data = Array(body[1...lc])
        return true
    }

    private mutating func readExtended(_ body: [UInt8]) -> Bool {
        guard body.count >= 2 else { return false }
        let first = Int(body[0]) * 256 + Int(body[1])
        if body.count == 2 {
            le = first == 0 ? 65_536 : first
            return true
        }
        guard first > 0 else { return false }
        switch body.count - 2 - first {
        case 0: break
        case 2:
            let expected = Int(body[body.count - 2]) * 256 + Int(body[body.count - 1])
            le = expected == 0 ? 65_536 : expected
        default: return false
        }
        data = Array(body[2..<2 + first])
        return true
    }
}

/// What the chip says back.
struct ChipAnswer: Sendable, Equatable {
    var data: [UInt8] = []
    var status: UInt16

    static let success = ChipAnswer(status: 0x9000)

    var bytes: [UInt8] { data + [UInt8(status >> 8), UInt8(status & 0xFF)] }
}
