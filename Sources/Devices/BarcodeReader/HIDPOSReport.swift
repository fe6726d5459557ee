/// One report of scanned data as HID POS readers send it: report number 2, then
/// byte 0 the number of data bytes, 1 to 3 the AIM identifier, from 4 on the data, 62 nonzero when more follows.
/// Zebra and Datalogic put the identifier one byte later.
public struct HIDPOSReport: Sendable, Equatable {
    /// For example `]Q1`; nil when the reader sends none.
    public var symbology: String?
    public var data: [UInt8]
    public var isContinued: Bool

    public static let number: UInt8 = 2
    /// The report's bytes without its number.
    static let size = 63

    /// - Parameter bytes: as they come from the interrupt endpoint, the report's number first.
    /// - Returns: nil for another report, and for lengths that cannot be.
    public init?(_ bytes: [UInt8]) {
        guard bytes.first == Self.number, bytes.count == Self.size + 1 else { return nil }
        let body = [UInt8](bytes.dropFirst())
        let length = Int(body[0])
        let start: Int
        if let aim = Self.identifier(body[1...3]) {
            (symbology, start) = (aim, 4)
        } else if let aim = Self.identifier(body[2...4]) {
            (symbology, start) = (aim, 5)
        } else {
            (symbology, start) = (nil, 4)
        }
        // Byte 62 is the flag; nothing of the text can stand there.
        guard start + length <= 62 else { return nil }
        data = [UInt8](body[start..<start + length])
        isContinued = body[62] != 0
    }

    /// AIM identifiers (ISO/IEC 15424): `]`, a letter, a modifier.
    private static func identifier(_ bytes: ArraySlice<UInt8>) -> String? {
        let (a, b, c) = (bytes[bytes.startIndex], bytes[bytes.startIndex + 1], bytes[bytes.startIndex + 2])
        let isLetter = (0x41...0x5A).contains(b) || (0x61...0x7A).contains(b)
        let isModifier = (0x30...0x39).contains(c) || (0x41...0x5A).contains(c) || (0x61...0x7A).contains(c)
        guard a == 0x5D, isLetter, isModifier else { return nil }
        return String(decoding: [a, b, c], as: UTF8.self)
    }
}
