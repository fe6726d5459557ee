import Peripherals
import Testing

@testable import IdentityCard

@Suite("The QR code of the identity card")
struct QRTests {
    static let old = "001090123456|012345678|Nguyễn Văn A|01011990|Nam|Số 1, Phố Z, Hà Nội|02052021"

    @Test("the 2021 card: seven fields")
    func card2021() throws {
        let code = try IdentityCardQR(Self.old)
        #expect(code.number.digits == "001090123456" && code.number.cardAccessNumber == "123456")
        #expect(code.formerNumber == "012345678" && code.fullName == "Nguyễn Văn A" && code.sex == "Nam")
        #expect(code.dateOfBirth == CalendarDate(iso: "1990-01-01"))
        #expect(code.dateOfIssue == CalendarDate(iso: "2021-05-02"))
        #expect(code.address == "Số 1, Phố Z, Hà Nội" && code.tail.isEmpty)
        #expect(code.basicAccessInputs == ["090123456290010113001019"])
    }

    @Test("the 2024 card: more fields, kept as they are; empty fields allowed")
    func card2024() throws {
        let code = try IdentityCardQR("052310000001||Lê Thị Hoa|15072015|Nữ||01082024||Lê Văn Cha|Trần Thị Mẹ\r\n")
        #expect(code.formerNumber == nil && code.address == nil && code.sex == "Nữ")
        #expect(code.tail == ["", "Lê Văn Cha", "Trần Thị Mẹ"])
    }

    @Test("a text without its letters, from a reader that plays a keyboard, still opens the chip")
    func withoutLetters() throws {
        let code = try IdentityCardQR("052301000123|||01011950|||25112021||")
        #expect(!code.isReliable && code.fullName.isEmpty && code.sex == "Nữ" && code.address == nil)
        #expect(code.number.cardAccessNumber == "000123" && code.dateOfIssue == CalendarDate(iso: "2021-11-25"))
        #expect(try IdentityCardQR(Self.old).isReliable)
        #expect(throws: IdentityCardQR.Failure.notAnIdentityCard) {
            try IdentityCardQR("052301000123|||01011950|Nam||25112021")
        }
        #expect(throws: IdentityCardQR.Failure.notAnIdentityCard) {
            try IdentityCardQR("052301000123||Nguyễn Văn A|01011950|||25112021")
        }
    }

    @Test("names become NFC")
    func normalised() throws {
        let decomposed = Self.old.replacing("Nguyễn", with: "Nguye\u{0302}\u{0303}n")
        #expect(Array(try IdentityCardQR(decomposed).fullName.unicodeScalars) == Array("Nguyễn Văn A".unicodeScalars))
    }

    @Test(
        "the health-insurance card is named as such",
        arguments: [
            "DN4520123456789|4e677579e1bb856e2056c4836e2041|01/01/1990|1|486120|52 - 001|01/01/2021|-|01/01/2021|$",
            "5201234567|4E677579E1BB856E|01/01/1990|2|48|$",
        ])
    func healthInsurance(_ text: String) {
        #expect(throws: IdentityCardQR.Failure.healthInsurance) { try IdentityCardQR(text) }
    }

    @Test(
        "anything else is not an identity card",
        arguments: [
            "", "https://example.org", "||||||", String(repeating: "|", count: 2000),
            String(repeating: "x", count: 9999),
            old.replacing("001090123456", with: "00109012345"), old.replacing("001090123456", with: "٠٠١٠٩٠١٢٣٤٥٦"),
            old.replacing("01011990", with: "31021990"), old.replacing("Nam", with: "M"),
            old.replacing("|02052021", with: ""), old.replacing("02052021", with: "2052021"),
        ])
    func notACard(_ text: String) {
        #expect(throws: IdentityCardQR.Failure.notAnIdentityCard) { try IdentityCardQR(text) }
    }

    @Test(
        "the expiry for basic access: the next birthday at 14, 25, 40 or 60; within two years before, the one after it first",
        arguments: [
            ("1990-01-01", "2021-05-02", ["2030-01-01"]),
            ("1990-01-01", "2029-01-01", ["2050-01-01", "2030-01-01"]),
            ("1990-01-01", "2028-01-01", ["2050-01-01", "2030-01-01"]),
            ("1990-01-01", "2027-12-31", ["2030-01-01"]),
            ("2015-07-15", "2024-08-01", ["2029-07-15"]),
            ("1966-03-10", "2024-08-01", ["2026-03-10"]),
            ("1966-03-10", "2024-03-10", ["2026-03-10"]),
            ("1950-03-10", "2024-08-01", []),
            ("2000-02-29", "2021-05-02", ["2025-02-28"]),
        ])
    func expiry(birth: String, issue: String, expected: [String]) throws {
        let days = CardValidity.expiryCandidates(
            dateOfBirth: try #require(CalendarDate(iso: birth)), dateOfIssue: try #require(CalendarDate(iso: issue)))
        #expect(days.map(\.description) == expected)
    }

    @Test("the number says century, sex and year")
    func number() throws {
        let number = try #require(PersonalNumber("052310000001"))
        #expect(number.yearOfBirth == 2010 && !number.isMale)
        let day = try #require(CalendarDate(iso: "2010-12-31"))
        #expect(number.contradiction(dateOfBirth: day, sex: "Nữ") == nil)
        #expect(number.contradiction(dateOfBirth: day, sex: "Nam") == .sex)
        #expect(PersonalNumber("05231000000x") == nil)
    }
}
