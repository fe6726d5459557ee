import Peripherals

/// The personal identification number (số định danh cá nhân), `PPP C YY RRRRRR`: place of birth registration, century and
/// sex, year of birth, and six random digits. It has no check digit.
public struct PersonalNumber: Sendable, Hashable {
    public let digits: String

    /// - Returns: nil unless the text is twelve ASCII digits.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count == 12, text.isDecimal else { return nil }
        digits = String(text)
    }

    private func value(_ from: Int, _ count: Int) -> Int {
        digits.utf8.dropFirst(from).prefix(count).reduce(0) { $0 * 10 + Int($1 & 0x0F) }
    }

    /// The fourth digit counts centuries and sexes from 1900: 0 and 1, 2 and 3, …
    public var yearOfBirth: Int { 1900 + value(3, 1) / 2 * 100 + value(4, 2) }
    public var isMale: Bool { value(3, 1).isMultiple(of: 2) }

    /// The CAN of the chip.
    public var cardAccessNumber: String { String(digits.suffix(6)) }
    /// The document number of the machine-readable zone.
    public var documentNumber: String { String(digits.suffix(9)) }

    /// What the number says otherwise than the rest of the card: one of the two was altered or misread.
    public enum Contradiction: String, Error, Sendable, Equatable, CaseIterable {
        /// Century and last two digits against the date of birth.
        case yearOfBirth = "year of birth"
        case sex
    }

    /// Compares the number with a date of birth and a sex (`Nam` or `Nữ`; any other text is not compared).
    public func contradiction(dateOfBirth: CalendarDate, sex: String?) -> Contradiction? {
        if dateOfBirth.year != yearOfBirth { return .yearOfBirth }
        switch sex {
        case "Nam": return isMale ? nil : .sex
        case "Nữ": return isMale ? .sex : nil
        default: return nil
        }
    }
}

extension StringProtocol {
    /// One or more ASCII digits and nothing else.
    var isDecimal: Bool { !isEmpty && utf8.allSatisfy { (0x30...0x39).contains($0) } }
}
