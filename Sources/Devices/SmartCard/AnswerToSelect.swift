/// The answer to select of a contactless card of type A (ISO/IEC 14443-4:2018, 5.2), as readers give it for the command
/// `FF CA 01 00 00`.
public struct AnswerToSelect: Sendable, Equatable {
    /// Bytes of the longest frame that the card takes, protocol bytes included (FSC, table 1): 16 to 4096.
    public let frameSize: Int
    /// The fastest bit rates, kbit/s: 106, 212, 424 or 848.
    public let fastestFromCard: Int
    public let fastestToCard: Int
    /// How long the card may think before it asks for more time, in microseconds (FWT, 5.2.5).
    public let frameWaitingTimeUs: Int
    public let historical: HistoricalBytes

    public var capabilities: CardCapabilities? { historical.capabilities }

    private static let frameSizes = [16, 24, 32, 40, 48, 64, 96, 128, 256, 512, 1024, 2048, 4096]

    /// - Returns: nil when the bytes do not reach as far as their first one says. The checksum is not part of them.
    public init?(_ bytes: [UInt8]) {
        guard let length = bytes.first, length >= 1, bytes.count >= Int(length) else { return nil }
        var rest = bytes[1..<Int(length)]
        // A card that says nothing more takes frames of 32 bytes (5.2.1).
        let format = rest.popFirst() ?? 0x02
        func present(_ mask: UInt8) -> Bool { format & mask != 0 }
        guard let rates = present(0x10) ? rest.popFirst() : 0, let times = present(0x20) ? rest.popFirst() : 0x40,
            let options = present(0x40) ? rest.popFirst() : 0
        else { return nil }
        _ = options
        frameSize = Self.frameSizes[min(Int(format & 0x0F), Self.frameSizes.count - 1)]
        fastestToCard = Self.fastest(rates & 7)
        fastestFromCard = Self.fastest(rates >> 4 & 7)
        // 256 · 16 / 13.56 MHz · 2^FWI; the value 15 is reserved and means 4.
        let exponent = times >> 4 == 15 ? 4 : Int(times >> 4)
        frameWaitingTimeUs = 256 * 16 * (1 << exponent) * 100 / 1356
        historical = HistoricalBytes(rest)
    }

    /// Bit 1: 212, bit 2: 424, bit 3: 848 kbit/s (5.2.4).
    private static func fastest(_ bits: UInt8) -> Int {
        106 << (bits & 4 != 0 ? 3 : bits & 2 != 0 ? 2 : bits & 1 != 0 ? 1 : 0)
    }
}
