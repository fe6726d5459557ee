/// A file of the chip (ICAO 9303-10, 3.11 and 4).
public enum ElementaryFile: Sendable, Hashable {
    /// In the master file: which protocols open the chip.
    case cardAccess
    /// In the master file, behind PACE: signed keys of the chip.
    case cardSecurity
    case common
    case securityObject
    /// 1 to 16.
    case dataGroup(Int)

    public static let dataGroup1 = ElementaryFile.dataGroup(1)
    public static let dataGroup2 = ElementaryFile.dataGroup(2)
    public static let dataGroup13 = ElementaryFile.dataGroup(13)
    public static let dataGroup14 = ElementaryFile.dataGroup(14)
    public static let dataGroup15 = ElementaryFile.dataGroup(15)

    private static let groupTags: [UInt32] = [
        0x61, 0x75, 0x63, 0x76, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F, 0x70,
    ]

    /// The data group with this tag, as EF.COM lists it.
    public init?(groupTag tag: UInt32) {
        guard let index = Self.groupTags.firstIndex(of: tag) else { return nil }
        self = .dataGroup(index + 1)
    }

    public var identifier: UInt16 { 0x0100 | UInt16(shortIdentifier) }

    /// For READ BINARY without SELECT.
    public var shortIdentifier: UInt8 {
        switch self {
        case .cardAccess: 0x1C
        case .cardSecurity, .securityObject: 0x1D
        case .common: 0x1E
        case .dataGroup(let number): UInt8(truncatingIfNeeded: number)
        }
    }

    /// The tag of the file's one data object.
    public var tag: UInt32 {
        switch self {
        case .cardAccess: 0x31
        case .cardSecurity: 0x30
        case .common: 0x60
        case .securityObject: 0x77
        case .dataGroup(let number): Self.groupTags.indices.contains(number - 1) ? Self.groupTags[number - 1] : 0
        }
    }

    /// How many bytes the first read asks for while nobody knows how the chip takes a read beyond the file's end. Only as many
    /// as every such file has, but for EF.CardAccess: there a refusal costs nothing, and what the chip does is known from then
    /// on. Eight bytes are a header, which tells the length.
    var carefulFirstRead: Int {
        switch self {
        case .cardAccess: 224
        case .cardSecurity, .securityObject: 512
        // 61 5B 5F1F 5A and the ninety characters of an identity card's machine-readable zone.
        case .dataGroup(1): 95
        case .dataGroup(2): 2048
        case .common, .dataGroup: FileReading.headerLength
        }
    }

    /// The number under which the security object lists the hash; nil for a file that it does not list.
    public var dataGroupNumber: Int? {
        if case .dataGroup(let number) = self { number } else { nil }
    }

    public var name: String {
        switch self {
        case .cardAccess: "EF.CardAccess"
        case .cardSecurity: "EF.CardSecurity"
        case .common: "EF.COM"
        case .securityObject: "EF.SOD"
        case .dataGroup(let number): "DG\(number)"
        }
    }
}
