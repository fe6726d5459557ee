import Foundation
import Peripherals

extension Citizen {
    /// The holder as the chip says it: DG13 where it speaks, DG1 for what is missing.
    ///
    /// - Throws: `.unreadable` when the two groups speak of different people, or something without which nobody can be served is
    ///   missing.
    package init(_ zone: MRZ, _ group: DataGroup13?) throws(CardReadError) {
        let numbers = [group?.text(.number).flatMap { PersonalNumber($0) }, zone.personalNumber].compactMap { $0 }
        guard let number = numbers.first else { throw .unreadable("no personal number in DG1 or DG13") }
        guard numbers.allSatisfy({ $0 == number }) else { throw .unreadable("DG1 and DG13 name different numbers") }
        guard let birth = group?.date(.dateOfBirth) ?? Self.date(zone.dateOfBirth, century: number.yearOfBirth / 100)
        else { throw .unreadable("no date of birth in DG1 or DG13") }
        let sex = group?.text(.sex) ?? (zone.sex == "F" ? "Nữ" : "Nam")
        if let contradiction = number.contradiction(dateOfBirth: birth, sex: sex) {
            throw .unreadable("the number contradicts the \(contradiction.rawValue)")
        }
        let latin = [zone.surname, zone.givenNames].filter { !$0.isEmpty }.joined(separator: " ")
        self.init(
            number: number.digits, fullName: group?.text(.fullName) ?? latin, dateOfBirth: birth,
            sex: sex,
            nationality: group?.text(.nationality) ?? (zone.nationality == "VNM" ? "Việt Nam" : zone.nationality),
            ethnicity: group?.text(.ethnicity), religion: group?.text(.religion),
            placeOfOrigin: group?.text(.placeOfOrigin), placeOfResidence: group?.text(.placeOfResidence),
            dateOfIssue: group?.date(.dateOfIssue), dateOfExpiry: Self.expiry(zone, group),
            father: group?.father, mother: group?.mother, spouse: group?.text(.spouse),
            formerNumber: group?.formerNumber)
    }

    /// A text in DG13 that is no date says that the card does not expire; DG1 alone always has a date.
    private static func expiry(_ zone: MRZ, _ group: DataGroup13?) -> CalendarDate? {
        guard let group, group.text(.dateOfExpiry) != nil else { return date(zone.dateOfExpiry, century: 20) }
        return group.date(.dateOfExpiry)
    }

    private static func date(_ sixDigits: String, century: Int) -> CalendarDate? {
        guard let value = Int(sixDigits) else { return nil }
        return CalendarDate(year: century * 100 + value / 10_000, month: value / 100 % 100, day: value % 100)
    }
}
