/// What a card says about itself in data object 47h, or 7xh in its historical bytes: one to three tables of functions
/// (ISO/IEC 7816-4:2013, 12.1.1.9). Not signed: a hint about what is worth trying.
public struct CardCapabilities: Sendable, Equatable {
    /// One to three bytes.
    public let tables: [UInt8]

    /// - Returns: nil unless there are one to three bytes.
    public init?(_ bytes: some Collection<UInt8>) {
        guard (1...3).contains(bytes.count) else { return nil }
        tables = Array(bytes)
    }

    private func bit(_ mask: UInt8, of table: Int) -> Bool { tables.count > table && tables[table] & mask != 0 }

    /// Files can be read by their short identifier (first table, bit 3).
    public var readsByShortIdentifier: Bool { bit(0x04, of: 0) }
    /// Long commands may come in a chain (third table, bit 8).
    public var takesCommandChains: Bool { bit(0x80, of: 2) }
    /// Lc and Le may have three bytes (third table, bit 7).
    public var takesExtendedLength: Bool { bit(0x40, of: 2) }
    /// EF.ATR/INFO tells the greatest lengths (third table, bit 6).
    public var tellsLengthsInFile: Bool { bit(0x20, of: 2) }
}
