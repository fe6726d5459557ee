/// A file of the chip (ICAO 9303-10, 4.1 and 4.6).
public enum ElementaryFile: UInt16, Sendable, Hashable, CaseIterable {
    case cardAccess = 0x011C
    case common = 0x011E
    case securityObject = 0x011D
    case dataGroup1 = 0x0101
    case dataGroup2 = 0x0102
    case dataGroup13 = 0x010D

    /// The tag of the file's one data object.
    public var tag: UInt32 {
        switch self {
        case .cardAccess: 0x31
        case .common: 0x60
        case .securityObject: 0x77
        case .dataGroup1: 0x61
        case .dataGroup2: 0x75
        case .dataGroup13: 0x6D
        }
    }

    /// The number under which the security object lists the hash; nil for a file that it does not list.
    public var dataGroupNumber: Int? {
        switch self {
        case .dataGroup1: 1
        case .dataGroup2: 2
        case .dataGroup13: 13
        case .cardAccess, .common, .securityObject: nil
        }
    }

    public var name: String {
        switch self {
        case .cardAccess: "EF.CardAccess"
        case .common: "EF.COM"
        case .securityObject: "EF.SOD"
        case .dataGroup1: "DG1"
        case .dataGroup2: "DG2"
        case .dataGroup13: "DG13"
        }
    }
}
