import Foundation
import Peripherals

/// Replaces values inside data objects of equal lengths: tags, lengths and nesting stay, so that a parser goes the same way.
struct ObjectMask {
    private(set) var bytes: [UInt8]

    private static let depthLimit = 16

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// What becomes of one value.
    enum Rule {
        case keep
        case inside
        case zero
        case text
        /// `yyyyMMdd` in digits, or in four bytes of packed digits.
        case day
        /// A time of ASN.1.
        case time
        /// Other bytes, as many.
        case replace([UInt8])
        /// Like `inside` where the bytes are objects, else zeros.
        case insideOrZero
    }

    /// - Parameter rule: by tag and the bytes of the value.
    mutating func apply(numbers: (String) -> String?, _ rule: (UInt32, ArraySlice<UInt8>) -> Rule) {
        walk(bytes.indices, depth: 0, numbers, rule)
    }

    private mutating func walk(
        _ range: Range<Int>, depth: Int, _ numbers: (String) -> String?, _ rule: (UInt32, ArraySlice<UInt8>) -> Rule
    ) {
        var at = range.lowerBound
        while at < range.upperBound {
            guard let header = try? TLV.header(of: bytes[at..<range.upperBound]) else {
                zero(at..<range.upperBound)
                return
            }
            let start = at + header.headerLength
            let end = min(start + header.valueLength, range.upperBound)
            replace(start..<end, rule(header.tag, bytes[start..<end]), depth: depth, numbers, rule)
            at = end
        }
    }

    private mutating func replace(
        _ range: Range<Int>, _ action: Rule, depth: Int, _ numbers: (String) -> String?,
        _ rule: (UInt32, ArraySlice<UInt8>) -> Rule
    ) {
        switch action {
        case .keep: break
        case .zero: zero(range)
        case .inside:
            if depth < Self.depthLimit { walk(range, depth: depth + 1, numbers, rule) } else { zero(range) }
        case .insideOrZero:
            let isNested = depth < Self.depthLimit && (try? TLV.all(in: bytes[range])) != nil
            if isNested { walk(range, depth: depth + 1, numbers, rule) } else { zero(range) }
        case .replace(let new): put(new, at: range)
        case .text: put(TextMask.masked(bytes[range], numbers: numbers), at: range)
        case .day: put(TextMask.maskedDay(bytes[range]), at: range)
        case .time: put(TextMask.maskedTime(bytes[range]), at: range)
        }
    }

    private mutating func zero(_ range: Range<Int>) {
        for index in range { bytes[index] = 0 }
    }

    private mutating func put(_ new: [UInt8], at range: Range<Int>) {
        // Every mask keeps the length.
        guard new.count == range.count else { return zero(range) }
        bytes.replaceSubrange(range, with: new)
    }
}

/// Replaces letters by X and digits by 0 without changing the number of bytes; what a parser looks for stays valid: a day is
/// another day, a personal number another number.
enum TextMask {
    static let day = (slashed: "01/01/2000", plain: "20000101")

    /// - Parameter numbers: gives another personal number for one of twelve digits.
    static func masked(_ bytes: ArraySlice<UInt8>, numbers: (String) -> String?) -> [UInt8] {
        guard let text = String(validating: bytes, as: UTF8.self) else { return bytes.map(byte) }
        // Sex decides checks, and identifies nobody.
        if ["Nam", "Nữ"].contains(text.precomposedStringWithCanonicalMapping) { return Array(bytes) }
        if isDay(text) { return Array(day.slashed.utf8) }
        if let number = PersonalNumber(text), let other = numbers(number.digits) { return Array(other.utf8) }
        return text.unicodeScalars.flatMap { Array(String(scalar($0)).utf8) }
    }

    static func maskedDay(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        let value = Array(bytes)
        let digits = value.count == 4 ? value.flatMap { [$0 >> 4, $0 & 0x0F] } : value.map { $0 &- 0x30 }
        guard digits.allSatisfy({ $0 <= 9 }) else { return value.map(byte) }
        let isValid = digits.count >= 8 && date(digits.prefix(8).map(Int.init))
        let neutral: [UInt8] = (isValid ? [2, 0, 0, 0, 0, 1, 0, 1] : Array(repeating: 0, count: 8))
        if value.count == 4 { return stride(from: 0, to: 8, by: 2).map { neutral[$0] << 4 | neutral[$0 + 1] } }
        return value.indices.map { ($0 < 8 ? neutral[$0] : 0) + 0x30 }
    }

    /// UTCTime or GeneralizedTime: the first of January 2020.
    static func maskedTime(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        for neutral in ["200101000000Z", "20200101000000Z"] where neutral.utf8.count == bytes.count {
            return Array(neutral.utf8)
        }
        return bytes.map(byte)
    }

    /// A byte of a text that is no UTF-8, or of a zone.
    static func byte(_ byte: UInt8) -> UInt8 {
        switch byte {
        case 0x30...0x39: 0x30
        case 0x41...0x5A: UInt8(ascii: "X")
        case 0x61...0x7A: UInt8(ascii: "x")
        case 0x80...: 0xFF
        default: byte
        }
    }

    private static func scalar(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch UTF8.width(scalar) {
        case 1: Unicode.Scalar(byte(UInt8(ascii: scalar)))
        case 2: "Đ"
        case 3: "Ạ"
        default: "𐀀"
        }
    }

    private static func isDay(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [2, 2, 4], parts.allSatisfy(\.isDecimal) else { return false }
        return date((parts[2] + parts[1] + parts[0]).utf8.map { Int($0) - 0x30 })
    }

    /// - Parameter digits: eight, yyyyMMdd.
    private static func date(_ digits: [Int]) -> Bool {
        func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + $1 } }
        return CalendarDate(year: number(0..<4), month: number(4..<6), day: number(6..<8)) != nil
    }
}
