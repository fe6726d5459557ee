/// What a malicious card does to whoever reads it. Its signatures are good, as those of an issuer that was broken into.
public enum CardMalice: String, Sendable, CaseIterable {
    /// Every piece of a file announces another one, 61FF, before protection and under it.
    case endlessData = "endless-data"
    /// Every read is answered with another correct length, 6Cxx.
    case endlessCorrections = "endless-corrections"
    /// Every protected read ends the session.
    case endsSessions = "ends-sessions"
    /// A bit is wrong in every protected read.
    case wrongCodes = "wrong-codes"
    /// The photograph's file says that it has four gigabytes.
    case longLength = "long-length"
    /// The photograph is as long as a file may be.
    case longPhotograph = "long-photograph"
    /// The photograph says that it has 65,500 by 65,500 points.
    case hugePicture = "huge-picture"
    /// EF.SOD and DG13 are 8,000 sequences within each other.
    case deepNesting = "deep-nesting"

    func answer(_ command: [UInt8], _ answer: ChipAnswer) -> ChipAnswer {
        guard command.count >= 4, command[1] == 0xB0 || command[1] == 0xC0 else { return answer }
        let isProtected = command[0] & 0x0C == 0x0C
        switch self {
        case .endlessData: return ChipAnswer(data: [UInt8](repeating: 0x61, count: 200), status: 0x61FF)
        case .endlessCorrections: return ChipAnswer(status: 0x6C00 | UInt16(command.last ?? 0) ^ 1)
        case .endsSessions where isProtected: return ChipAnswer(status: 0x6988)
        case .wrongCodes where isProtected && !answer.data.isEmpty:
            var wrong = answer
            wrong.data[answer.data.count / 2] ^= 1
            return wrong
        default: return answer
        }
    }

    /// Before the groups are signed.
    func spoil(_ groups: inout [Int: [UInt8]]) {
        switch self {
        case .longLength: groups[2] = [0x75, 0x84, 0xFF, 0xFF, 0xFF, 0xFF] + (groups[2] ?? [])
        case .hugePicture: groups[2] = groups[2].map(Self.enlarge)
        case .deepNesting: groups[13] = ChipTLV.object(0x6D, Self.nest)
        default: break
        }
    }

    /// In place of the true EF.SOD.
    var securityObject: [UInt8]? { self == .deepNesting ? ChipTLV.object(0x77, Self.nest) : nil }

    var leastPhotograph: Int? { self == .longPhotograph ? 250 * 1024 : nil }

    private static let nest = (0..<8_000).reduce([UInt8]()) { inner, _ in ChipTLV.object(0x30, inner) }

    /// Writes the size into the frame header of a JPEG (SOF0: length, precision, height, width).
    private static func enlarge(_ group: [UInt8]) -> [UInt8] {
        var group = group
        for at in group.indices.dropLast(9) where Array(group[at..<at + 5]) == [0xFF, 0xC0, 0, 0x11, 8] {
            group.replaceSubrange(at + 5..<at + 9, with: [0xFF, 0xDC, 0xFF, 0xDC])
        }
        return group
    }
}
