import Peripherals

/// The machine-readable zone of an identity card: three lines of 30 characters (ICAO 9303-5, 4.2, size TD1).
public struct MRZ: Sendable, Equatable {
    public enum Failure: Error, Sendable, Equatable, CustomStringConvertible {
        /// Not three lines of 30 letters, digits and `<`.
        case layout
        /// A check digit is wrong: a character was misread. The text names the field.
        case checkDigit(String)

        public var description: String {
            switch self {
            case .layout: "the machine-readable zone is not three lines of 30 characters"
            case .checkDigit(let field): "the check digit of \(field) is wrong"
            }
        }
    }

    public let documentCode: String
    public let issuingState: String
    public let documentNumber: String
    /// yyMMdd; unknown parts are `<`.
    public let dateOfBirth: String
    /// `M`, `F` or `<`.
    public let sex: String
    /// yyMMdd.
    public let dateOfExpiry: String
    public let nationality: String
    /// Upper line, positions 16 to 30.
    public let optionalData: String
    public let surname: String
    public let givenNames: String

    public init(lines: [String]) throws(Failure) {
        guard lines.count == 3 else { throw .layout }
        try self.init(bytes: lines.flatMap { Array($0.utf8) })
    }

    /// The 90 bytes of data object 5F1F in data group 1.
    public init(bytes: [UInt8]) throws(Failure) {
        guard bytes.count == 90, bytes.allSatisfy({ MRZ.value(of: $0) != nil }) else { throw .layout }
        func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        func check(_ name: String, _ ranges: [Range<Int>], _ digit: Int) throws(Failure) {
            let expected = MRZ.checkDigit(ranges.flatMap { bytes[$0] })
            // An empty optional field may have `<` in place of a zero.
            guard bytes[digit] == expected || (expected == 0x30 && bytes[digit] == 0x3C) else {
                throw .checkDigit(name)
            }
        }
        documentCode = text(0..<2).replacing("<", with: "")
        issuingState = text(2..<5).replacing("<", with: "")
        var number = text(5..<14)
        var optional = text(15..<30)
        if bytes[14] == 0x3C {
            // A number longer than nine characters goes on in the optional data, its check digit after it (9303-5, 4.2.4).
            let overflow = bytes[15..<30].prefix { $0 != 0x3C }
            guard let digit = overflow.last else { throw .checkDigit("document number") }
            guard digit == MRZ.checkDigit(Array(bytes[5..<14]) + overflow.dropLast()) else {
                throw .checkDigit("document number")
            }
            number += String(decoding: overflow.dropLast(), as: UTF8.self)
            optional = String(optional.dropFirst(overflow.count + 1))
        } else {
            try check("document number", [5..<14], 14)
        }
        try check("date of birth", [30..<36], 36)
        try check("date of expiry", [38..<44], 44)
        try check("composite", [5..<30, 30..<37, 38..<45, 48..<59], 59)
        documentNumber = number.trimmingFiller()
        optionalData = optional
        dateOfBirth = text(30..<36)
        sex = text(37..<38)
        dateOfExpiry = text(38..<44)
        nationality = text(45..<48).replacing("<", with: "")
        let names = text(60..<90).trimmingFiller().split(separator: "<<", maxSplits: 1)
            .map { String($0.replacing("<", with: " ")) }
        surname = names.first ?? ""
        givenNames = names.count > 1 ? names[1] : ""
    }

    /// The personal number of a Vietnamese card: twelve digits, `<<`, and their own check digit.
    public var personalNumber: PersonalNumber? {
        let field = Array(optionalData.utf8)
        guard issuingState == "VNM", field.count == 15, field[14] == MRZ.checkDigit(Array(field[..<14])) else {
            return nil
        }
        return PersonalNumber(optionalData.prefix(12))
    }

    /// MRZ_information of ICAO 9303-11, appendix D.2: what the keys are made from.
    public var keyInput: String {
        MRZ.keyInput(documentNumber: documentNumber, dateOfBirth: dateOfBirth, dateOfExpiry: dateOfExpiry)
    }

    public static func keyInput(documentNumber: String, dateOfBirth: String, dateOfExpiry: String) -> String {
        let padded = documentNumber + String(repeating: "<", count: max(0, 9 - documentNumber.utf8.count))
        return [padded, dateOfBirth, dateOfExpiry]
            .map { $0 + String(decoding: [checkDigit(Array($0.utf8))], as: UTF8.self) }
            .joined()
    }

    public static func sixDigits(_ date: CalendarDate) -> String {
        [date.year % 100, date.month, date.day].map { ($0 < 10 ? "0" : "") + String($0) }.joined()
    }

    /// Weights 7, 3, 1, modulo 10 (ICAO 9303-3, 4.9), as an ASCII digit.
    public static func checkDigit(_ characters: [UInt8]) -> UInt8 {
        let weights = [7, 3, 1]
        let sum = characters.enumerated().reduce(0) { $0 + (value(of: $1.element) ?? 0) * weights[$1.offset % 3] }
        return 0x30 + UInt8(sum % 10)
    }

    private static func value(of character: UInt8) -> Int? {
        switch character {
        case 0x30...0x39: Int(character) - 0x30
        case 0x41...0x5A: Int(character) - 0x41 + 10
        case 0x3C: 0
        default: nil
        }
    }
}

extension String {
    fileprivate func trimmingFiller() -> String {
        String(self[..<(lastIndex { $0 != "<" }.map { index(after: $0) } ?? startIndex)])
    }
}
