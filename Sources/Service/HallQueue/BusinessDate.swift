import Foundation

/// The day a ticket belongs to, in the time of Viet Nam (Asia/Ho_Chi_Minh: UTC+7 all year since 1975), whatever the
/// machine's own time zone says.
public struct BusinessDate: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Days since 1970-01-01 in Viet Nam.
    public let day: Int

    static let secondsEastOfUTC = 7 * 3600

    public init(_ date: Date) {
        day = Int(((date.timeIntervalSince1970 + Double(Self.secondsEastOfUTC)) / 86_400).rounded(.down))
    }

    init(day: Int) { self.day = day }

    /// `yyyy-MM-dd`; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard text.utf8.count == 10, parts.count == 3, let year = Int(parts[0]), let month = Int(parts[1]),
            let day = Int(parts[2])
        else { return nil }
        self.day = Self.daysFromCivil(year: year, month: month, day: day)
        guard description == text else { return nil }
    }

    /// `yyyy-MM-dd`.
    public var description: String {
        let (year, month, day) = civil
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(String(repeating: "0", count: max(0, 4 - "\(year)".count)))\(year)-\(two(month))-\(two(day))"
    }

    /// The first moment of this day.
    public var start: Date { Date(timeIntervalSince1970: Double(day) * 86_400 - Double(Self.secondsEastOfUTC)) }
    /// The first moment of the next day.
    public var end: Date { BusinessDate(day: day + 1).start }

    public static func < (left: BusinessDate, right: BusinessDate) -> Bool { left.day < right.day }

    // Days and civil dates of the proleptic Gregorian calendar, counted in eras of 400 years from 1 March.
    private static func daysFromCivil(year: Int, month: Int, day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private var civil: (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth + (shiftedMonth < 10 ? 3 : -9)
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        )
    }
}
