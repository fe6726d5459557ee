import Foundation
import Peripherals
import Testing

@testable import Forms

@Suite("Dates as numbers")
struct FormDatesTests {
    @Test(
        "days since 1970-01-01, both ways",
        arguments: [
            ("1970-01-01", 0), ("1970-01-02", 1), ("1969-12-31", -1), ("2000-02-29", 11_016), ("2000-03-01", 11_017),
            ("2026-11-25", 20_782), ("0001-01-01", -719_162), ("9999-12-31", 2_932_896),
        ])
    func days(_ text: String, _ number: Int) throws {
        let date = try #require(CalendarDate(iso: text))
        #expect(FormDates.days(date) == number)
        #expect(FormDates.date(days: Double(number)) == date)
    }

    @Test("every day of a leap cycle is followed by the next")
    func everyDay() throws {
        let first = FormDates.days(try #require(CalendarDate(iso: "1899-12-31")))
        var previous: CalendarDate?
        for number in first..<(first + 146_100) {
            let date = try #require(FormDates.date(days: Double(number)))
            if let previous, previous >= date { Issue.record("\(date)") }
            if FormDates.days(date) != number { Issue.record("\(date)") }
            previous = date
        }
    }

    @Test(
        "a moment is a local time; its offset does not move it",
        arguments: [
            ("2026-11-25", 0.0), ("2026-11-25T12:00", 43_200), ("2026-11-25T12:00:01.5+07:00", 43_201.5),
            ("2026-11-25T00:00:00Z", 0),
        ])
    func moments(_ text: String, _ seconds: Double) throws {
        let moment = try #require(FormDates.moment(text))
        #expect(moment.date.description == "2026-11-25")
        #expect(moment.secondsOfDay == seconds)
    }

    @Test(
        "what is no moment is none",
        arguments: ["", "2026", "2026-11-31", "2026-11-25 12:00", "2026-11-25T25:00", "26-11-25xx"])
    func notMoments(_ text: String) { #expect(FormDates.moment(text) == nil) }

    @Test(
        "numbers outside of the calendar give no date", arguments: [Double.nan, .infinity, -800_000, 3_000_000, 1e300])
    func outside(_ number: Double) { #expect(FormDates.date(days: number) == nil) }

    @Test("the local time before 1970 and west of Greenwich")
    func local() {
        let zone = TimeZone(secondsFromGMT: -5 * 3600 - 1800) ?? .gmt
        #expect(FormDates.local(Date(timeIntervalSince1970: -1), zone) == "1969-12-31T18:29:59.000-05:30")
    }
}
