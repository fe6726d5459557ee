/// A card's answer to reset (ISO/IEC 7816-3:2006, 8.2). For a contactless card the reader makes one up, `3B 8n 80 01`, with
/// the historical bytes of the card's answer to select (PC/SC part 3, 3.1.3.2.3).
public struct AnswerToReset: Sendable, Equatable {
    public enum Failure: Error, Sendable, Equatable {
        case truncated
        /// The first byte is neither 3Bh nor 3Fh.
        case convention
        /// More than 32 bytes follow the first one.
        case tooLong
        /// TCK, the exclusive or of all bytes after the first, does not fit: a bit was lost on the way.
        case checkByte
    }

    /// TS and at most 32 bytes.
    public static let lengthLimit = 33

    /// The transmission protocols named by TD bytes, in order; T=0 when none is named.
    public let protocols: [UInt8]
    public let historical: HistoricalBytes
    /// Whether it has the form that readers make up for contactless cards.
    public let isContactless: Bool

    public var capabilities: CardCapabilities? { historical.capabilities }

    public init(_ bytes: [UInt8]) throws(Failure) {
        guard let convention = bytes.first else { throw .truncated }
        guard convention == 0x3B || convention == 0x3F else { throw .convention }
        guard bytes.count <= Self.lengthLimit else { throw .tooLong }
        var at = 1
        func next() throws(Failure) -> UInt8 {
            guard at < bytes.count else { throw .truncated }
            defer { at += 1 }
            return bytes[at]
        }
        let format = try next()
        var indicator = format >> 4
        var protocols: [UInt8] = []
        while true {
            // TA, TB and TC are about the wires; the reader has dealt with them.
            for bit in [UInt8(1), 2, 4] where indicator & bit != 0 { _ = try next() }
            guard indicator & 8 != 0 else { break }
            let following = try next()
            protocols.append(following & 0x0F)
            indicator = following >> 4
        }
        let end = at + Int(format & 0x0F)
        guard end <= bytes.count else { throw .truncated }
        // TCK is absent when T=0 is the only protocol (8.2.5).
        if protocols.contains(where: { $0 != 0 }) {
            guard end < bytes.count else { throw .truncated }
            guard bytes[1...end].reduce(0, ^) == 0 else { throw .checkByte }
        }
        self.protocols = protocols.isEmpty ? [0] : protocols
        historical = HistoricalBytes(bytes[at..<end])
        isContactless = bytes.count > 4 && format >> 4 == 8 && bytes[2] == 0x80 && bytes[3] == 0x01
    }
}
