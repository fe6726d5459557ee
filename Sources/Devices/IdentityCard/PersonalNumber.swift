import Peripherals

/// The personal identification number (số định danh cá nhân), `PPP C YY RRRRRR`: place of birth registration, century and
/// sex, year of birth, and six random digits. It has no check digit.
public struct PersonalNumber: Sendable, Hashable {
    public let digits: String

    /// - Returns: nil unless the text is twelve ASCII digits.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count == 12, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
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

    /// Whether the number fits a date of birth and a sex (`Nam` or `Nữ`).
    public func agrees(with dateOfBirth: CalendarDate, sex: String) -> Bool {
        dateOfBirth.year == yearOfBirth && (sex == "Nam") == isMale
    }
}
