import Foundation
import Peripherals
import Testing

@testable import Forms

@Suite("The birth declaration as it ships")
struct BirthDeclarationTests {
    /// Loaded once for all tests; a definition never changes.
    private static let definition = Result { try FormDefinition(contentsOf: House.birthDeclaration) }

    private func declaration(citizen: Citizen? = nil, language: String = "vi") throws -> FormSession {
        House.session(try Self.definition.get(), language: language, citizen: citizen)
    }

    private func question(_ session: FormSession, _ path: String) throws -> FormQuestion {
        try #require(session.pages.flatMap(\.questions).first { $0.path == path })
    }

    /// Everything but the father.
    private let child = [
        "/data/child/child_name": "Nguyễn An", "/data/child/child_sex": "female",
        "/data/birth/date_of_birth": "2026-11-05", "/data/birth/place_of_birth": "Trạm y tế xã Y",
        "/data/origin/child_ethnicity": "kinh", "/data/origin/home_town": "Xã Y, tỉnh Z",
        "/data/proof/proof_kind": "hospital", "/data/finish/copies": "2", "/data/finish/pledge": "true",
    ]
    private let mother = [
        "/data/mother/mother_name": "Trần Thị B", "/data/mother/mother_number": "001192000001",
        "/data/mother/mother_year": "1992", "/data/mother/mother_ethnicity": "other",
        "/data/mother/mother_ethnicity_other": "Giẻ Triêng", "/data/mother/mother_residence": "Số 1, Phố Z",
    ]

    @Test("what the card says is read-only and names the card; the rest is empty")
    func prefill() throws {
        let session = try declaration(citizen: try House.citizen())
        for (name, value) in [
            "full_name": "Nguyễn Văn A", "number": "001090123456", "residence": "Số 1, Phố Z, Phường X",
        ] {
            let question = try question(session, "/data/requester/\(name)")
            #expect(question.value == value)
            #expect(question.readOnly)
            #expect(question.origin == "citizen")
        }
        let relation = try question(session, "/data/requester/relation")
        #expect(relation.value.isEmpty && !relation.readOnly && relation.origin == nil && relation.required)
    }

    @Test("what the card leaves out is asked")
    func partialCard() throws {
        let session = try declaration(citizen: try House.citizen(residence: nil))
        #expect(try !question(session, "/data/requester/residence").readOnly)
        #expect(try question(session, "/data/requester/number").readOnly)
    }

    @Test("without a card everything is asked, and an answer is not overwritten")
    func withoutCard() throws {
        var session = try declaration()
        #expect(try question(session, "/data/requester/full_name").readOnly == false)
        session.answer("/data/requester/full_name", "Lê Văn C")
        session.answer("/data/requester/number", "001099000001")
        #expect(session.values["/data/requester/full_name"] == "Lê Văn C")
        #expect(try question(session, "/data/requester/full_name").origin == nil)
    }

    @Test("a father with his card gives nothing about himself twice")
    func father() throws {
        var session = try declaration(citizen: try House.citizen())
        #expect(session.answer(["/data/requester/relation": "father"].merging(child) { a, _ in a }).isEmpty)
        #expect(session.pageID(of: "/data/father_question/father_known") == nil)
        #expect(session.page("/data/father")?.questions.map(\.control) == [.note])
        #expect(
            session.page("/data/father")?.questions.first?.label
                == "Ông là cha của trẻ: Nguyễn Văn A, số định danh 001090123456. Không cần ghi lại.")
        #expect(session.answer(mother).isEmpty)
        #expect(session.validateAll() == [])
        let values = session.values
        #expect(values["/data/finish/father_name_text"] == "Nguyễn Văn A")
        #expect(values["/data/finish/father_number_text"] == "001090123456")
        #expect(values["/data/finish/father_year_text"] == "1990")
        #expect(values["/data/finish/father_ethnicity_text"] == "Kinh")
        #expect(values["/data/finish/father_nationality_text"] == "Việt Nam")
        #expect(values["/data/finish/father_residence_text"] == "Số 1, Phố Z, Phường X")
        #expect(values["/data/finish/mother_name_text"] == "Trần Thị B")
        #expect(values["/data/finish/mother_ethnicity_text"] == "Giẻ Triêng")
        #expect(values["/data/finish/relation_text"] == "Cha")
        #expect(values["/data/birth/date_in_words"] == "Ngày năm tháng mười một năm hai nghìn không trăm hai mươi sáu")
        #expect(session.faults.isEmpty)
    }

    @Test("a mother without a card still gives her year of birth and ethnicity")
    func motherWithoutCard() throws {
        var session = try declaration()
        session.answer("/data/requester/relation", "mother")
        let asked = try #require(session.page("/data/mother")).questions.map(\.path)
        #expect(asked.contains("/data/mother/mother_year"))
        #expect(!asked.contains("/data/mother/mother_name"))
    }

    @Test("the father is asked only when he is known")
    func unknownFather() throws {
        var session = try declaration(citizen: try House.citizen(sex: "Nữ"))
        session.answer("/data/requester/relation", "mother")
        #expect(session.page("/data/father") == nil)
        session.answer("/data/father_question/father_known", "yes")
        session.answer("/data/father/father_name", "Lê Văn C")
        #expect(session.values["/data/finish/father_name_text"] == "Lê Văn C")
        session.answer("/data/father_question/father_known", "no")
        #expect(session.page("/data/father") == nil)
        #expect(session.values["/data/finish/father_name_text"] == nil)
    }

    @Test("changing one's relation does not leave the requester behind as a parent")
    func changedRelation() throws {
        var session = try declaration(citizen: try House.citizen())
        session.answer("/data/requester/relation", "father")
        #expect(session.values["/data/finish/father_name_text"] == "Nguyễn Văn A")
        session.answer("/data/requester/relation", "other")
        #expect(session.values["/data/finish/father_name_text"] == nil)
        session.answer("/data/requester/relation_other", "người giám hộ")
        #expect(session.values["/data/finish/relation_text"] == "người giám hộ")
    }

    @Test(
        "the date of birth in words",
        arguments: [
            ("01/01/2026", "Ngày một tháng một năm hai nghìn không trăm hai mươi sáu"),
            ("10/10/2010", "Ngày mười tháng mười năm hai nghìn không trăm mười"),
            ("15/04/2005", "Ngày mười lăm tháng tư năm hai nghìn không trăm lẻ năm"),
            ("21/11/1999", "Ngày hai mươi mốt tháng mười một năm một nghìn chín trăm chín mươi chín"),
            ("25/12/2015", "Ngày hai mươi lăm tháng mười hai năm hai nghìn không trăm mười lăm"),
            ("31/05/2000", "Ngày ba mươi mốt tháng năm năm hai nghìn"),
            ("20/02/1921", "Ngày hai mươi tháng hai năm một nghìn chín trăm hai mươi mốt"),
        ])
    func words(_ date: String, _ words: String) throws {
        var session = try declaration()
        #expect(session.answer("/data/birth/date_of_birth", date) == nil)
        #expect(try question(session, "/data/birth/date_in_words").value == words)
        #expect(try question(session, "/data/birth/date_in_words").readOnly)
    }

    @Test("days since the birth are known, and after 60 the applicant is told")
    func lateness() throws {
        var session = try declaration()
        session.answer("/data/birth/date_of_birth", "2026-09-26")
        #expect(session.values["/data/birth/days_since_birth"] == "60")
        #expect(session.pageID(of: "/data/birth/late") == nil)
        session.answer("/data/birth/date_of_birth", "2026-09-25")
        #expect(session.pageID(of: "/data/birth/late") == "/data/birth")
    }

    @Test(
        "wrong answers get the form's own words",
        arguments: [
            ("/data/birth/date_of_birth", "26/11/2026", "Ngày sinh không thể ở tương lai, và không quá 120 năm trước."),
            ("/data/birth/date_of_birth", "01/01/1900", "Ngày sinh không thể ở tương lai, và không quá 120 năm trước."),
            ("/data/child/child_name", "An 2", "Họ tên chỉ gồm chữ, dài 2 đến 100 ký tự."),
            ("/data/child/child_name", "An <b>", "Họ tên chỉ gồm chữ, dài 2 đến 100 ký tự."),
            ("/data/requester/number", "12345", "Số định danh có đúng 12 chữ số."),
            ("/data/mother/mother_year", "92", "Xin ghi năm sinh có 4 chữ số, ví dụ 1995."),
            ("/data/mother/mother_year", "2025", "Xin ghi năm sinh có 4 chữ số, ví dụ 1995."),
            ("/data/finish/copies", "21", "Xin ghi một số từ 0 đến 20."),
        ])
    func constraints(_ path: String, _ value: String, _ message: String) throws {
        var session = try declaration()
        #expect(session.answer(path, value)?.message == message)
    }

    @Test(
        "names of people here are accepted, letters of every language of the province too",
        arguments: [
            "Nguyễn Thị Ánh", "H’Bia Êban", "Y Ư̆t Niê", "Siu Blŏ", "Đinh Thị Mơ-Rai", "Rơ Châm H'Yuê", "Lò Thị Ý",
        ])
    func names(_ name: String) throws {
        var session = try declaration()
        #expect(session.answer("/data/child/child_name", name) == nil)
    }

    @Test("every question has words for what is required, in every language")
    func messages() throws {
        for language in ["vi", "en"] {
            var session = try declaration(language: language)
            let problems = session.validateAll()
            #expect(problems.count > 10)
            #expect(problems.allSatisfy { $0.kind == .required && $0.message?.isEmpty == false })
        }
    }

    @Test("a page has few questions")
    func pageSize() throws {
        var session = try declaration()
        session.answer(["/data/requester/relation": "other", "/data/father_question/father_known": "yes"])
        #expect(session.pages.count == 9)
        #expect(session.pages.allSatisfy { $0.questions.count <= 7 && $0.title != nil })
    }

    @Test("the summary shows labels and dates for people, and what came from the card")
    func summary() throws {
        var session = try declaration(citizen: try House.citizen(), language: "en")
        session.answer(child)
        let answers = Dictionary(uniqueKeysWithValues: session.answers.map { ($0.path, $0) })
        #expect(answers["/data/child/child_sex"]?.displayValue == "Female")
        #expect(answers["/data/child/child_sex"]?.label == "Sex")
        #expect(answers["/data/birth/date_of_birth"]?.displayValue == "05/11/2026")
        #expect(answers["/data/birth/date_of_birth"]?.page == "/data/birth")
        #expect(answers["/data/requester/number"]?.origin == "citizen")
        #expect(answers["/data/mother/mother_name"] == nil)
    }

    @Test("the submission reads back")
    func submission() throws {
        var session = try declaration(citizen: try House.citizen())
        session.answer(
            ["/data/requester/relation": "father"].merging(child) { a, _ in a }.merging(mother) { a, _ in a })
        let root = try MarkupReader.read(Data(session.instanceXML().utf8))
        #expect(root.attributes["id"] == "1.001193")
        #expect(root.attributes["version"] == "2026-07-01")
        #expect(root.first("birth")?.first("date_of_birth")?.text == "2026-11-05")
        #expect(root.first("father")?.first("father_name") == nil)
    }
}
