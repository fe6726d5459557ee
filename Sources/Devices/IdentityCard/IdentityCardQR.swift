import Foundation
import Peripherals

/// What the QR code of an identity card says: the chip card of 2021 (on its front) and the card of 2024 (on its back).
///
/// UTF-8, fields separated by `|`: number, old number (CMND), name, date of birth ddMMyyyy, sex, address, date of issue
/// ddMMyyyy; newer cards append more, which is kept as it is.
public struct IdentityCardQR: Sendable, Equatable {
    public enum Failure: Error, Sendable, Equatable {
        case notAnIdentityCard
        /// The health-insurance card (BHYT), which people take for the identity card.
        case healthInsurance
    }

    public let number: PersonalNumber
    /// The nine-digit number of the paper card before; nil when the field is empty.
    public let formerNumber: String?
    /// Unicode NFC; empty when the reader could not be trusted with letters.
    public let fullName: String
    public let dateOfBirth: CalendarDate
    /// `Nam` or `Nữ`; of an unreliable scan, what the number says.
    public let sex: String
    /// nil when empty. May be cut short: take it as a hint.
    public let address: String?
    public let dateOfIssue: CalendarDate
    /// The fields after the seventh.
    public let tail: [String]

    /// False when the text came without its letters, from a reader that plays a keyboard: name, sex and address were
    /// taken out, and only numbers and dates are left. The chip tells the rest.
    public var isReliable: Bool { !fullName.isEmpty }

    /// Longer texts are not the QR code of a card (the largest QR code holds 2,953 bytes).
    private static let lengthLimit = 2953

    public init(_ text: String) throws(Failure) {
        guard text.utf8.count <= Self.lengthLimit else { throw .notAnIdentityCard }
        let fields = text.trimmingCharacters(in: .whitespacesAndNewlines)
            .split(separator: "|", omittingEmptySubsequences: false)
            .map { String($0).precomposedStringWithCanonicalMapping.trimmingCharacters(in: .whitespaces) }
        guard !Self.isHealthInsurance(fields) else { throw .healthInsurance }
        guard fields.count >= 7, let number = PersonalNumber(fields[0]),
            fields[1].isEmpty || fields[1].isDecimal,
            let birth = Self.date(fields[3]), let issue = Self.date(fields[6]),
            let sex = Self.sex(fields[4], name: fields[2], number)
        else { throw .notAnIdentityCard }
        self.number = number
        formerNumber = fields[1].isEmpty ? nil : fields[1]
        fullName = fields[2]
        dateOfBirth = birth
        self.sex = sex
        address = fields[5].isEmpty ? nil : fields[5]
        dateOfIssue = issue
        tail = Array(fields.dropFirst(7))
    }

    /// What basic access control can be tried with, the likelier first: at most two, because chips slow down or lock.
    public var basicAccessInputs: [String] {
        CardValidity.expiryCandidates(dateOfBirth: dateOfBirth, dateOfIssue: dateOfIssue).map { expiry in
            MRZ.keyInput(
                documentNumber: number.documentNumber, dateOfBirth: MRZ.sixDigits(dateOfBirth),
                dateOfExpiry: MRZ.sixDigits(expiry))
        }
    }

    /// Two letters and 13 digits, or ten digits, then the name as the hexadecimal of its UTF-8.
    private static func isHealthInsurance(_ fields: [String]) -> Bool {
        guard fields.count >= 3 else { return false }
        let code = fields[0]
        let hasLetters = code.prefix(2).allSatisfy { $0.isASCII && $0.isLetter }
        let isOldCode = code.utf8.count == 15 && hasLetters && code.dropFirst(2).isDecimal
        let isNewCode = code.utf8.count == 10 && code.isDecimal
        let name = fields[1].utf8
        return (isOldCode || isNewCode) && name.count >= 4 && name.count.isMultiple(of: 2)
            && fields[1].allSatisfy { $0.isASCII && $0.isHexDigit }
    }

    private static func date(_ text: String) -> CalendarDate? {
        guard text.utf8.count == 8, text.isDecimal, let value = Int(text) else { return nil }
        return CalendarDate(year: value % 10_000, month: value / 10_000 % 100, day: value / 1_000_000)
    }

    /// - Returns: nil when the sex is missing and the name is not, or the other way round.
    private static func sex(_ text: String, name: String, _ number: PersonalNumber) -> String? {
        guard !name.isEmpty else { return text.isEmpty ? (number.isMale ? "Nam" : "Nữ") : nil }
        return sex(text)
    }

    private static func sex(_ text: String) -> String? {
        switch text.lowercased() {
        case "nam": "Nam"
        case "nữ": "Nữ"
        default: nil
        }
    }
}
