import Foundation
import Peripherals
import Testing

@testable import Forms

@Suite("The birth declaration as it ships")
struct BirthDeclarationTests {
    static let citizen = Citizen(
        number: "001090123456", fullName: "Nguyễn Văn A", dateOfBirth: CalendarDate(iso: "1990-01-01") ?? .init(year: 1990, month: 1, day: 1)!,
        sex: "Nam", nationality: "Việt Nam", ethnicity: "Kinh", placeOfResidence: "Số 1, Phố Z")

    @Test("loads")
    func loads() throws {
        let form = try FormDefinition(contentsOf: House.birthDeclaration)
        #expect(form.id == "1.001193")
        var session = House.session(form, citizen: Self.citizen)
        for page in session.pages { print(page.id, page.title ?? "-"); for q in page.questions { print("   ", q.path, q.label, q.control, q.value, q.readOnly, q.origin ?? "") } }
        session.answer("/data/birth/date_of_birth", "15/3/2026")
        print(session.values, session.faults)
        let t = ContinuousClock().measure { session.answer("/data/birth/date_of_birth", "16/3/2026") }
        print(t)
    }
}
