import Foundation
import Testing

@testable import Forms

@Suite("Answering a form")
struct SessionTests {
    private func visit(language: String = "vi") throws -> FormSession {
        House.session(
            try FormDefinition(contentsOf: House.fixtures.appendingPathComponent("visit.xml")), language: language)
    }

    private func question(_ session: FormSession, _ path: String) throws -> FormQuestion {
        try #require(session.pages.flatMap(\.questions).first { $0.path == path })
    }

    @Test("a field-list group is one page, any other question a page of its own with its group's title")
    func pages() throws {
        let session = try visit()
        #expect(
            session.pages.map(\.id) == [
                "/data/plain", "/data/place", "/data/household/members", "/data/household/area",
                "/data/household/moved",
                "/data/household/touched", "/data/bye",
            ])
        #expect(session.page("/data/place")?.title == "Nơi ở")
        #expect(session.page("/data/household/area")?.title == "Hộ")
        #expect(session.page("/data/plain")?.title == nil)
        #expect(session.pageID(of: "/data/place/province") == "/data/place")
    }

    @Test("labels, hints, guidance, choices and outputs follow the language; answers stay")
    func languages() throws {
        var session = try visit()
        session.answer("/data/place/province", "p1")
        session.answer("/data/place/commune", "c12")
        #expect(try question(session, "/data/plain").hint == "Gợi ý")
        #expect(try question(session, "/data/plain").guidance == "Giải thích")
        #expect(try question(session, "/data/place/inner").label == "Chi tiết của p1")
        session.language = "en"
        #expect(try question(session, "/data/plain").label == "One line")
        #expect(
            try question(session, "/data/place/commune").options.map(\.label) == ["Commune One One", "Commune One Two"])
        #expect(try question(session, "/data/bye").label == "You chose: c12")
        #expect(try question(session, "/data/place/inner").control == .note)
        #expect(session.values["/data/place/commune"] == "c12")
        session.language = "xx"
        #expect(session.language == "vi")
    }

    @Test("choices are filtered, and a selection that is no longer offered is taken away")
    func choiceFilter() throws {
        var session = try visit()
        #expect(session.pageID(of: "/data/place/commune") == nil)
        session.answer("/data/place/province", "p1")
        session.answer("/data/place/commune", "c11")
        #expect(try question(session, "/data/place/commune").options.map(\.isSelected) == [true, false])
        session.answer("/data/place/province", "p2")
        #expect(try question(session, "/data/place/commune").value == "")
        #expect(try question(session, "/data/place/commune").options.map(\.value) == ["c21"])
        #expect(session.answer("/data/place/commune", "c11")?.kind == .notAnOption)
    }

    @Test("what is not relevant is neither asked, nor counted, nor submitted; its answer waits")
    func relevance() throws {
        var session = try visit()
        session.answer("/data/household/members", "3")
        session.answer("/data/household/needs", "road water")
        #expect(session.values["/data/household/needs"] == "water road")
        session.answer("/data/household/members", "1")
        #expect(session.values["/data/household/needs"] == nil)
        #expect(!session.instanceXML().contains("needs"))
        #expect(session.answer("/data/household/needs", "power") == nil)
        session.answer("/data/household/members", "2")
        #expect(session.values["/data/household/needs"] == "water road")
    }

    @Test("defaults, dynamic defaults, preloads, triggers and calculations give their values")
    func givenValues() throws {
        var session = try visit()
        #expect(session.values["/data/household/members"] == "1")
        #expect(session.values["/data/household/moved"] == "2026-11-25")
        #expect(session.values["/data/started"] == "2026-11-25T03:00:00.000+07:00")
        #expect(session.values["/data/day"] == "2026-11-25")
        #expect(session.values["/data/meta/instanceID"] == "uuid:01020304-0506-0708-090a-0b0c0d0e0f10")
        #expect(session.values["/data/household/touched"] == nil)
        session.answer(["/data/household/members": "4", "/data/household/area": "50,5"])
        #expect(session.values["/data/household/touched"] == "changed to 4")
        #expect(session.values["/data/household/area"] == "50.5")
        #expect(session.values["/data/household/share"] == "12.6")
    }

    @Test(
        "a text becomes a value of its type, or a problem that keeps the text",
        arguments: [
            ("int", "7", "7", nil), ("int", " 007 ", "7", nil), ("int", "-3", "-3", nil),
            ("int", "seven", "seven", .notAnInteger), ("int", "1.5", "1.5", .notAnInteger),
            ("int", "1234567890123456", "1234567890123456", .notAnInteger), ("decimal", "1,5", "1.5", nil),
            ("decimal", "1.2.3", "1.2.3", .notADecimal), ("decimal", "1e5", "1e5", .notADecimal),
            ("date", "2026-02-28", "2026-02-28", nil), ("date", "28/2/2026", "2026-02-28", nil),
            ("date", "1.1.2026", "2026-01-01", nil), ("date", "30/02/2026", "30/02/2026", .notADate),
            ("date", "2026-13-01", "2026-13-01", .notADate), ("string", "  A\u{0}\u{7}\u{1B}  ", "A", nil),
            ("string", "e\u{302}", "ê", nil), ("string", "a\nb", "a b", nil),
            ("string", String(repeating: "x", count: 1001), String(repeating: "x", count: 1001), .tooLong),
        ] as [(String, String, String, FormProblem.Kind?)])
    func types(_ type: String, _ typed: String, _ kept: String, _ problem: FormProblem.Kind?) throws {
        var session = House.session(
            try House.form(House.xform(binds: #"<bind nodeset="/data/a" type="\#(type)"/>"#)))
        #expect(session.answer("/data/a", typed)?.kind == problem)
        #expect(try question(session, "/data/a").value == kept)
        #expect(try question(session, "/data/a").problem?.kind == problem)
        #expect(session.answer("/data/a", "") == nil)
    }

    @Test("a value that is not of its type counts as empty in expressions")
    func unreadable() throws {
        var session = House.session(
            try House.form(
                House.xform(
                    binds:
                        #"<bind nodeset="/data/a" type="int"/><bind nodeset="/data/b" calculate="if(/data/a = '', 'empty', /data/a)"/>"#
                )))
        session.answer("/data/a", "many")
        #expect(session.values["/data/b"] == "empty")
    }

    @Test("required and constraint are checked with their messages, shown only after the question was touched")
    func validation() throws {
        let form = try House.form(
            House.xform(
                binds: """
                    <bind nodeset="/data/a" type="int" required="true()" jr:requiredMsg="Write it"
                      constraint=". &gt; 3 and . &lt; /data/b" jr:constraintMsg="jr:itext('c')"/>
                    <bind nodeset="/data/b" type="int"/>
                    """,
                model: """
                    <itext><translation lang="en"><text id="c"><value>Over 3, below <output value="/data/b"/></value></text>
                    </translation></itext>
                    """,
                body: ["a", "b"].map { #"<input ref="/data/\#($0)"><label>L</label></input>"# }.joined()))
        var session = House.session(form, language: "en")
        #expect(try question(session, "/data/a").required)
        #expect(try question(session, "/data/a").problem == nil)
        #expect(session.validate(page: "/data/b").isEmpty)
        #expect(
            session.validate(page: "/data/a") == [FormProblem(path: "/data/a", kind: .required, message: "Write it")])
        #expect(try question(session, "/data/a").problem?.kind == .required)
        session.answer("/data/b", "9")
        #expect(session.answer("/data/a", "2")?.message == "Over 3, below 9")
        #expect(session.validateAll().map(\.kind) == [.constraint])
        #expect(session.answer("/data/a", "5") == nil)
        session.answer("/data/b", "4")
        #expect(try question(session, "/data/a").problem?.message == "Over 3, below 4")
        #expect(session.validate(page: "/data/nothing").isEmpty)
    }

    @Test("a read-only value is refused to change, and so is an unknown question")
    func refusals() throws {
        var session = House.session(
            try House.form(
                House.xform(
                    binds: """
                        <bind nodeset="/data/a" readonly="true()" calculate="'fixed'"/>
                        <bind nodeset="/data/g" readonly="/data/b = 'locked'"/>
                        """,
                    body: ["a", "b", "g/x"].map { #"<input ref="/data/\#($0)"><label>L</label></input>"# }.joined())))
        #expect(session.answer("/data/a", "other")?.kind == .readOnly)
        #expect(session.answer("/data/a", "fixed") == nil)
        #expect(session.answer("/data/g/x", "1") == nil)
        session.answer("/data/b", "locked")
        #expect(try question(session, "/data/g/x").readOnly)
        #expect(session.answer("/data/g/x", "2")?.kind == .readOnly)
        #expect(session.answer("/data/nothing", "1")?.kind == .unknownQuestion)
        #expect(session.answer("/data/c", "1")?.kind == .unknownQuestion)
        #expect(session.answer(["/data/nothing": "1", "/data/b": "2"]).map(\.kind) == [.unknownQuestion])
    }

    @Test("one option of a select1, any of a select, in the form's order; choices may be written in the question")
    func selections() throws {
        func body(_ kind: String) -> String {
            let items = ["one", "two"].map { "<item><label>L \($0)</label><value>\($0)</value></item>" }.joined()
            return #"<\#(kind) ref="/data/a"><label>A</label>\#(items)</\#(kind)>"#
        }
        var one = House.session(try House.form(House.xform(body: body("select1"))))
        #expect(one.answer("/data/a", "one two")?.kind == .notAnOption)
        #expect(one.answer("/data/a", "two") == nil)
        #expect(one.answers.map(\.displayValue) == ["L two"])
        var many = House.session(try House.form(House.xform(body: body("select"))))
        #expect(many.answer("/data/a", "two  one") == nil)
        #expect(many.values["/data/a"] == "one two")
        #expect(many.answers.map(\.displayValue) == ["L one, L two"])
        #expect(many.answer("/data/a", "three")?.kind == .notAnOption)
    }

    @Test("once() keeps what a person wrote; the name of a choice is found by its path")
    func onceAndChoiceName() throws {
        var session = House.session(
            try House.form(
                House.xform(
                    binds: """
                        <bind nodeset="/data/a" calculate="once('given')"/>
                        <bind nodeset="/data/c" calculate="jr:choice-name(/data/b, '/data/b')"/>
                        """,
                    body: """
                        <input ref="/data/a"><label>A</label></input>
                        <select1 ref="/data/b"><label>B</label><itemset nodeset="instance('list')/root/item">
                        <value ref="name"/><label ref="label"/></itemset></select1>
                        """)))
        #expect(session.values["/data/a"] == "given")
        session.answer("/data/a", "mine")
        session.answer("/data/b", "two")
        #expect(session.values["/data/a"] == "mine")
        #expect(session.values["/data/c"] == "Two")
        session.answer("/data/a", "")
        #expect(session.values["/data/a"] == "given")
    }

    @Test("the submission holds the relevant instance, escaped, with its id and version")
    func submission() throws {
        var session = House.session(
            try House.form(
                House.xform(
                    binds: #"<bind nodeset="/data/g" relevant="/data/a = 'no'"/>"#,
                    body: #"<input ref="/data/a"><label>A</label></input>"#)))
        session.answer("/data/a", "<Ănh & \"Em\">")
        #expect(
            session.instanceXML() == """
                <?xml version="1.0" encoding="UTF-8"?>
                <data id="t" version="1">
                  <a>&lt;Ănh &amp; &quot;Em&quot;&gt;</a>
                  <b/>
                  <c/>
                </data>

                """)
        #expect(try MarkupReader.read(Data(session.instanceXML().utf8)).first("a")?.text == "<Ănh & \"Em\">")
    }

    @Test("calculations that build on each other settle in whatever order they are written")
    func chains() throws {
        var session = House.session(
            try House.form(
                House.xform(
                    binds: """
                        <bind nodeset="/data/b" calculate="/data/c + 1"/>
                        <bind nodeset="/data/c" calculate="/data/g/x + 1"/>
                        <bind nodeset="/data/g/x" calculate="/data/a + 1"/>
                        <bind nodeset="/data/g/y" relevant="/data/b &gt; 10" calculate="'big'"/>
                        """)))
        session.answer("/data/a", "5")
        #expect(session.values["/data/b"] == "8")
        #expect(session.values["/data/g/y"] == nil)
        session.answer("/data/a", "8")
        #expect(session.values["/data/g/y"] == "big")
    }

    @Test("a session in a log says which form it is, and no answer")
    func description() throws {
        var session = try visit()
        session.answer("/data/plain", "secret")
        var dumped = ""
        dump(session, to: &dumped)
        #expect("\(session)" == "form visit version 1, vi")
        #expect(!dumped.contains("secret") && !String(reflecting: session).contains("secret"))
    }

    @Test("a copy of a session goes its own way")
    func valueSemantics() throws {
        var first = try visit()
        first.answer("/data/plain", "one")
        var second = first
        second.answer("/data/plain", "two")
        #expect(first.values["/data/plain"] == "one")
        #expect(second.values["/data/plain"] == "two")
    }

    @Test("many sessions on many threads do not disturb each other")
    func concurrency() async throws {
        let form = try FormDefinition(contentsOf: House.fixtures.appendingPathComponent("visit.xml"))
        await withTaskGroup(of: String?.self) { group in
            for number in 0..<32 {
                group.addTask {
                    var session = House.session(form)
                    session.answer("/data/household/members", String(number + 2))
                    session.answer("/data/household/area", String((number + 2) * 3))
                    return session.values["/data/household/share"]
                }
            }
            for await share in group { #expect(share == "3") }
        }
    }
}
