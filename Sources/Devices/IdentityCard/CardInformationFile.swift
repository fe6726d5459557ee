import SmartCard

/// EF.ATR/INFO (file 2F01h in the master file, short identifier 01h): what the card says about the commands that it takes
/// (ISO/IEC 7816-4:2013, 12.2.2). Several data objects in a row; not signed, so it is a hint only.
public struct CardInformationFile: Sendable, Equatable {
    public static let identifier: UInt16 = 0x2F01
    public static let shortIdentifier: UInt8 = 0x01

    /// The longest command in bytes, header and Le included, that the card takes; at most 65,544.
    public let maximumCommandLength: Int?
    /// The longest response in bytes, status word included; at most 65,538.
    public let maximumResponseLength: Int?
    /// Data object 47h.
    public let capabilities: CardCapabilities?

    /// A value below this cannot be meant: no card could be read with it.
    private static let leastLength = 64

    /// Reads objects until the bytes end or make no sense: whatever came before is worth having.
    public init(_ bytes: [UInt8]) {
        var (command, response): (Int?, Int?) = (nil, nil)
        var capabilities: CardCapabilities?
        var rest = bytes[...]
        for _ in 0..<TLV.objectLimit {
            // 00h and FFh may stand between objects (5.2.2.1).
            rest = rest.drop { $0 == 0x00 || $0 == 0xFF }
            guard let object = try? TLV(first: &rest) else { break }
            switch object.tag {
            case 0x47: capabilities = CardCapabilities(object.value)
            // Extended length information (12.7.1): two INTEGERs, for commands and for responses.
            case 0x7F66:
                let numbers = ((try? object.children()) ?? []).map { Self.number($0) }
                guard numbers.count >= 2 else { continue }
                (command, response) = (numbers[0].map { min($0, 65_544) }, numbers[1].map { min($0, 65_538) })
            default: break
            }
        }
        maximumCommandLength = command
        maximumResponseLength = response
        self.capabilities = capabilities
    }

    private static func number(_ object: TLV) -> Int? {
        guard object.tag == 0x02, (1...5).contains(object.value.count) else { return nil }
        let number = object.value.reduce(0) { $0 << 8 | Int($1) }
        return number < leastLength ? nil : number
    }
}
