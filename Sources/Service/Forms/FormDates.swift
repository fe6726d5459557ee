import Foundation
import Peripherals

/// Dates as ODK's expressions see them: ISO texts that count as days since 1970-01-01 where a number is wanted.
enum FormDates {
    /// Days since 1970-01-01 in the proleptic Gregorian calendar.
    static func days(_ date: CalendarDate) -> Int {
        // March-based years make February the last month, so that leap days need no case of their own.
        let year = date.month > 2 ? date.year : date.year - 1
        let monthFromMarch = (date.month + 9) % 12
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + date.day - 1
        let era = year >= 0 ? year / 400 : (year - 399) / 400
        let yearOfEra = year - era * 400
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// nil outside of the years 1 to 9999.
    static func date(days: Double) -> CalendarDate? {
        guard days.isFinite, abs(days) < 4_000_000 else { return nil }
        let shifted = Int(days.rounded(.down)) + 719_468
        let era = shifted >= 0 ? shifted / 146_097 : (shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return CalendarDate(
            year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
            day: dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }

    /// A day with a time on it, as a local clock shows them.
    struct Moment: Equatable {
        var date: CalendarDate
        /// 0 at midnight.
        var secondsOfDay: Double
        var number: Double { Double(FormDates.days(date)) + secondsOfDay / 86_400 }
    }

    /// Reads `yyyy-MM-dd`, alone or before `T` and a time (whose offset does not matter: the time is a local one).
    static func moment(_ text: String) -> Moment? {
        guard text.utf8.count >= 10, let date = CalendarDate(iso: String(text.prefix(10))) else { return nil }
        let rest = text.dropFirst(10)
        guard !rest.isEmpty else { return Moment(date: date, secondsOfDay: 0) }
        guard let match = rest.wholeMatch(of: /T(\d\d):(\d\d)(?::(\d\d(?:\.\d{1,6})?))?(?:Z|[+-]\d\d:?\d\d)?/),
            let hour = Double(match.output.1), let minute = Double(match.output.2),
            let second = Double(match.output.3 ?? "0"), hour < 24, minute < 60, second < 60
        else { return nil }
        return Moment(date: date, secondsOfDay: hour * 3600 + minute * 60 + second)
    }

    static func today(_ now: Date, _ zone: TimeZone) -> String { String(local(now, zone).prefix(10)) }

    /// ISO 8601 with milliseconds and offset.
    static func local(_ now: Date, _ zone: TimeZone) -> String {
        let offset = zone.secondsFromGMT(for: now)
        let millis = Int((now.timeIntervalSince1970 * 1000).rounded(.down)) + offset * 1000
        let days = Int((Double(millis) / 86_400_000).rounded(.down))
        let ofDay = millis - days * 86_400_000
        let day = date(days: Double(days))?.description ?? "1970-01-01"
        let time = String(
            format: "%02d:%02d:%02d.%03d", ofDay / 3_600_000, ofDay / 60_000 % 60, ofDay / 1000 % 60, ofDay % 1000)
        let sign = offset < 0 ? "-" : "+"
        return day + "T" + time + sign
            + String(format: "%02d:%02d", abs(offset) / 3600, abs(offset) / 60 % 60)
    }

    /// What `format-date()` understands, without the names of months and days, which depend on a language.
    static let directives: Set<Character> = ["Y", "y", "m", "n", "d", "e", "H", "h", "M", "S", "3", "%"]

    /// The first letter after a `%` that means nothing here.
    static func unknownDirective(in pattern: String) -> Character? {
        pattern.split(separator: "%%", omittingEmptySubsequences: false)
            .flatMap { $0.split(separator: "%", omittingEmptySubsequences: false).dropFirst() }
            .map { $0.first ?? "?" }.first { !directives.contains($0) }
    }

    static func format(_ moment: Moment, _ pattern: String) -> String {
        let (date, seconds) = (moment.date, moment.secondsOfDay)
        var result = ""
        var isDirective = false
        for character in pattern {
            guard isDirective else {
                if character == "%" { isDirective = true } else { result.append(character) }
                continue
            }
            isDirective = false
            let hour = Int(seconds) / 3600
            switch character {
            case "Y": result += String(format: "%04d", date.year)
            case "y": result += String(format: "%02d", date.year % 100)
            case "m": result += String(format: "%02d", date.month)
            case "n": result += String(date.month)
            case "d": result += String(format: "%02d", date.day)
            case "e": result += String(date.day)
            case "H": result += String(format: "%02d", hour)
            case "h": result += String(hour)
            case "M": result += String(format: "%02d", Int(seconds) / 60 % 60)
            case "S": result += String(format: "%02d", Int(seconds) % 60)
            case "3": result += String(format: "%03d", Int(seconds * 1000) % 1000)
            default: result.append(character)
            }
        }
        return result
    }
}
