import Peripherals

/// Until when an identity card is valid, told from the days of birth and issue: the QR code does not say it, but basic
/// access control needs it.
///
/// Law on Identification 2023, article 21: a card is renewed at 14, 25, 40 and 60; one issued within two years before
/// such a birthday is valid to the next.
public enum CardValidity {
    private static let ages = [14, 25, 40, 60]

    /// At most two days, the likelier first; none for a card that does not expire.
    public static func expiryCandidates(dateOfBirth: CalendarDate, dateOfIssue: CalendarDate) -> [CalendarDate] {
        let birthdays = ages.compactMap { birthday(of: dateOfBirth, at: $0) }
        guard let next = birthdays.firstIndex(where: { $0 > dateOfIssue }) else { return [] }
        let first = birthdays[next]
        guard first.year - dateOfIssue.year <= 2, isWithinTwoYears(dateOfIssue, before: first) else { return [first] }
        return next + 1 < birthdays.count ? [birthdays[next + 1], first] : [first]
    }

    private static func isWithinTwoYears(_ day: CalendarDate, before later: CalendarDate) -> Bool {
        (day.year + 2, day.month, day.day) >= (later.year, later.month, later.day)
    }

    /// Somebody born on 29 February has the birthday on the 28th in common years.
    private static func birthday(of birth: CalendarDate, at age: Int) -> CalendarDate? {
        CalendarDate(year: birth.year + age, month: birth.month, day: birth.day)
            ?? CalendarDate(year: birth.year + age, month: birth.month, day: birth.day - 1)
    }
}
