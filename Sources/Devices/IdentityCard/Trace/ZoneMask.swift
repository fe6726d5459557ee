import Peripherals

/// A machine-readable zone without the person in it, in which the same check digits are right and wrong.
enum ZoneMask {
    /// - Parameter numbers: gives another personal number for one of twelve digits.
    static func masked(_ zone: [UInt8], numbers: (String) -> String?) -> [UInt8] {
        guard zone.count == 90, zone.allSatisfy(isOfZone) else { return zone.map(TextMask.byte) }
        var bytes = zone.map(TextMask.byte)
        // Kind of document, state, nationality and sex decide checks, and identify nobody.
        for range in [0..<5, 37..<38, 45..<48] { bytes.replaceSubrange(range, with: zone[range]) }
        for range in [30..<36, 38..<44] where isDay(zone[range]) {
            bytes.replaceSubrange(range, with: "000101".utf8)
        }
        maskNumber(zone, &bytes, numbers)
        let isLong = zone[14] == filler
        if isLong { maskOverflow(zone, &bytes) }
        copyCheck(zone, &bytes, isLong ? [] : [5..<14], 14)
        copyCheck(zone, &bytes, [30..<36], 36)
        copyCheck(zone, &bytes, [38..<44], 44)
        copyCheck(zone, &bytes, [5..<30, 30..<37, 38..<45, 48..<59], 59)
        return bytes
    }

    private static let filler = UInt8(ascii: "<")

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isOfZone(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x41...0x5A).contains(byte) || byte == filler
    }

    /// yyMMdd; the century makes a difference on one day in a hundred years only.
    private static func isDay(_ digits: ArraySlice<UInt8>) -> Bool {
        guard digits.allSatisfy(isDigit), let value = Int(String(decoding: digits, as: UTF8.self)) else { return false }
        return CalendarDate(year: 2000 + value / 10_000, month: value / 100 % 100, day: value % 100) != nil
    }

    /// The personal number of a Vietnamese card: twelve digits, fillers, a check digit over all of them.
    private static func maskNumber(_ zone: [UInt8], _ bytes: inout [UInt8], _ numbers: (String) -> String?) {
        let digits = String(decoding: zone[15..<27], as: UTF8.self)
        guard let other = numbers(digits), other.utf8.count == 12 else { return }
        bytes.replaceSubrange(15..<27, with: other.utf8)
        copyCheck(zone, &bytes, [15..<29], 29)
    }

    /// A document number of more than nine characters has its check digit after its end, in the optional data.
    private static func maskOverflow(_ zone: [UInt8], _ bytes: inout [UInt8]) {
        let end = 15 + zone[15..<30].prefix { $0 != filler }.count
        guard end > 15 else { return }
        copyCheck(zone, &bytes, [5..<14, 15..<(end - 1)], end - 1)
    }

    /// Writes the check digit; a wrong one where the card's own was wrong.
    private static func copyCheck(_ zone: [UInt8], _ bytes: inout [UInt8], _ ranges: [Range<Int>], _ at: Int) {
        guard !ranges.isEmpty, isDigit(zone[at]) else { return }
        let wasRight = zone[at] == MRZ.checkDigit(ranges.flatMap { zone[$0] })
        let right = MRZ.checkDigit(ranges.flatMap { bytes[$0] })
        bytes[at] = wasRight ? right : 0x30 + (right - 0x30 + 1) % 10
    }
}
