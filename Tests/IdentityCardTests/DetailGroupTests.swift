import Peripherals
import Testing

@testable import IdentityCard
@testable import Simulator

@Suite("DG11 and DG12: additional details")
struct DetailGroupTests {
    private func object(_ tag: UInt32, _ text: String) -> [UInt8] { TLV.encode(tag, Array(text.utf8)) }

    @Test("what a chip of another state says about its holder and itself")
    func simulated() throws {
        let details = ChipDetails(.roChamLan)
        let person = try DataGroup11(details.dataGroup11)
        #expect(person.fullName == "Rơ Châm H'Lan" && person.otherNames == ["TEN KHAC"])
        #expect(person.personalNumber == "064198001234")
        #expect(person.dateOfBirth == CalendarDate(iso: "1998-08-20"))
        #expect(person.placeOfBirth == ["TINH GIA LAI", "VIET NAM"])
        #expect(person.address == ["Làng Một", "Xã Hai", "Gia Lai"])
        #expect(person.telephone == nil && person.proofOfCitizenship == nil)
        let document = try DataGroup12(details.dataGroup12)
        #expect(document.issuingAuthority == "Co quan mo phong")
        #expect(document.dateOfIssue == CalendarDate(iso: "2022-03-15"))
        #expect(document.personalisation == Array("20210502120000".utf8))
        #expect(document.raw.keys.sorted() == [0x5F19, 0x5F26, 0x5F55])
    }

    @Test("every field by its tag (ICAO 9303-10, tables 40 and 42)")
    func tags() throws {
        let text: [(UInt32, String)] = [
            (0x5F12, "+84 1"), (0x5F13, "Nông dân"), (0x5F14, "Bà"), (0x5F15, "Tóm tắt"), (0x5F17, "A1<B2"),
            (0x5F18, "Không"), (0x5F66, "?"),
        ]
        let person = try DataGroup11(
            TLV.encode(0x6B, text.flatMap { object($0.0, $0.1) } + TLV.encode(0x5F16, [1, 2])))
        #expect(person.telephone == "+84 1" && person.profession == "Nông dân" && person.title == "Bà")
        #expect(person.summary == "Tóm tắt" && person.custody == "Không" && person.proofOfCitizenship == [1, 2])
        #expect(person.otherDocumentNumbers == ["A1", "B2"])
        #expect(person.raw[0x5F66] == [[0x3F]])
        let others = TLV.encode(0xA0, [2, 1, 2] + object(0x5F1A, "A<<B") + object(0x5F1A, "C"))
        let document = try DataGroup12(
            TLV.encode(
                0x6C,
                others + object(0x5F1B, "Ghi chú") + object(0x5F1C, "Thuế") + TLV.encode(0x5F1D, [3])
                    + TLV.encode(0x5F1E, [4]) + object(0x5F56, "S1")))
        #expect(document.otherPersons == ["A B", "C"] && document.observations == "Ghi chú")
        #expect(document.taxOrExitRequirements == "Thuế" && document.front == [3] && document.rear == [4])
        #expect(document.personalisationSystem == "S1")
    }

    @Test(
        "days as eight digits or as four packed bytes; others are no days",
        arguments: [
            ("3139393831303230", "1998-10-20"), ("19981020", "1998-10-20"), ("3139393830303030", nil),
            ("1998102A", nil), ("199810", nil), ("313939383C3C3C3C", nil), ("20230229", nil), ("", nil),
        ] as [(String, String?)])
    func days(_ value: String, _ day: String?) throws {
        let group = try DataGroup11(TLV.encode(0x6B, TLV.encode(0x5F2B, hex(value))))
        #expect(group.dateOfBirth == day.flatMap { CalendarDate(iso: $0) })
    }

    @Test("names become NFC; what is no UTF-8 is no text, and stays raw")
    func texts() throws {
        let bytes =
            object(0x5F0E, "NGUYE\u{0302}\u{0303}N<<A") + TLV.encode(0x5F10, [0xFF, 0xFE]) + object(0x5F14, "<<")
        let group = try DataGroup11(TLV.encode(0x6B, bytes))
        #expect(group.fullName?.unicodeScalars.count == 8)
        #expect(group.personalNumber == nil && group.raw[0x5F10] == [[0xFF, 0xFE]] && group.title == nil)
    }

    @Test("a file cut anywhere is an error, never a crash")
    func cut() {
        let whole = ChipDetails(.nguyenVanA).dataGroup11
        for length in 0..<whole.count {
            #expect(throws: TLV.Failure.self) { try DataGroup11(Array(whole.prefix(length))) }
        }
        #expect(throws: TLV.Failure.unexpectedTag(0x6B)) { try DataGroup12(whole) }
    }
}
