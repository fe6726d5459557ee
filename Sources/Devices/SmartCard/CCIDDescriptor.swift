/// The class descriptor of a smart-card reader (USB CCID 1.1, 5.1), as far as the driver needs it.
public struct CCIDDescriptor: Sendable, Hashable {
    /// At which level the reader takes commands (dwFeatures).
    public enum ExchangeLevel: String, Sendable, Codable, CaseIterable {
        case character
        case tpdu
        case shortAPDU = "short"
        case extendedAPDU = "extended"
    }

    public static let type: UInt8 = 0x21
    public static let length = 54

    /// bMaxSlotIndex.
    public var highestSlot: UInt8
    public var level: ExchangeLevel
    /// dwMaxCCIDMessageLength, header included, in bytes.
    public var maximumMessageLength: Int

    /// - Returns: nil when the bytes are not a CCID class descriptor or promise a message length that cannot be.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count >= Self.length, bytes[0] == Self.length, bytes[1] == Self.type else { return nil }
        func word(_ at: Int) -> UInt32 { (0..<4).reversed().reduce(0) { $0 << 8 | UInt32(bytes[at + $1]) } }
        highestSlot = bytes[4]
        level =
            switch word(40) & 0x0007_0000 {
            case 0x0001_0000: .tpdu
            case 0x0002_0000: .shortAPDU
            case 0x0004_0000: .extendedAPDU
            default: .character
            }
        let maximum = word(44)
        guard (64...1 << 17).contains(maximum) else { return nil }
        maximumMessageLength = Int(maximum)
    }
}
