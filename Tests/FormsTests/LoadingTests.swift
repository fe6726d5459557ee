import Foundation
import Testing

@testable import Forms

@Suite("Loading a form")
struct LoadingTests {
    @Test("knows its name, version, title and languages, the default one first")
    func head() throws {
        let form = try FormDefinition(contentsOf: House.fixtures.appendingPathComponent("visit.xml"))
        #expect(form.id == "visit")
        #expect(form.version == "1")
        #expect(form.title == "Thử nghiệm")
        #expect(
            form.languages == [
                FormLanguage(code: "vi", name: "Tiếng Việt", isDefault: true),
                FormLanguage(code: "en", name: "English", isDefault: false),
            ])
        #expect(form.externalInstances == ["citizen"])
        #expect(form.language("jra") == "vi")
    }

    /// What is put where in the form, and a word of the fault that must come of it.
    struct Unsupported: Sendable, CustomTestStringConvertible {
        var binds = ""
        var model = ""
        var body = #"<input ref="/data/a"><label>A</label></input>"#
        var fault: String
        var testDescription: String { fault }
    }

    @Test(
        "says what it does not support instead of ignoring it",
        arguments: [
            Unsupported(body: #"<repeat nodeset="/data/g"/>"#, fault: "<repeat> is not supported"),
            Unsupported(body: #"<upload ref="/data/a" mediatype="image/*"/>"#, fault: "<upload> is not supported"),
            Unsupported(body: #"<range ref="/data/a"/>"#, fault: "<range> is not supported"),
            Unsupported(
                body: #"<input ref="/data/a" appearance="signature"><label>A</label></input>"#, fault: "signature"),
            Unsupported(body: #"<input ref="/data/a"/>"#, fault: "has no label"),
            Unsupported(body: "", fault: "no question"),
            Unsupported(body: #"<input ref="/data/g"><label>A</label></input>"#, fault: "asked twice"),
            Unsupported(body: #"<input ref="/data/z"><label>A</label></input>"#, fault: "/data/z, which is not in"),
            Unsupported(body: #"<input><label>A</label></input>"#, fault: "names no question"),
            Unsupported(
                body: #"<select1 ref="/data/a"><label>A</label><item><label>L</label></item></select1>"#,
                fault: "no name or no label"),
            Unsupported(
                body:
                    #"<select1 ref="/data/a"><label>A</label><itemset nodeset="instance('list')/root/item"/></select1>"#,
                fault: "name no value or label"),
            Unsupported(
                body:
                    #"<select1 ref="/data/a"><label>A</label><itemset nodeset="randomize(instance('list')/root/item)"><value ref="name"/><label ref="label"/></itemset></select1>"#,
                fault: "randomize() is not supported"),
            Unsupported(binds: #"<bind nodeset="/data/a" type="geopoint"/>"#, fault: "geopoint"),
            Unsupported(binds: #"<bind nodeset="/data/a" type="dateTime"/>"#, fault: "dateTime"),
            Unsupported(binds: #"<bind nodeset="/data/zz"/>"#, fault: "/data/zz"),
            Unsupported(binds: #"<bind nodeset="/data/a" saveIncomplete="true()"/>"#, fault: "saveIncomplete"),
            Unsupported(
                binds: #"<bind nodeset="/data/b" jr:preload="property" jr:preloadParams="deviceid"/>"#,
                fault: "deviceid"),
            Unsupported(binds: #"<bind nodeset="/data/a" jr:requiredMsg="jr:itext('no')"/>"#, fault: ""),
            Unsupported(model: #"<submission action="x"/>"#, fault: "<submission> is not supported"),
            Unsupported(model: #"<odk:setgeopoint/>"#, fault: "odk:setgeopoint"),
            Unsupported(
                model: #"<instance id="more" src="jr://file-csv/more.csv"/>"#, fault: "no external data “more”"),
            Unsupported(model: #"<instance id="list"><root/></instance>"#, fault: "no name of its own"),
            Unsupported(model: #"<setvalue ref="/data/a" event="xforms-focus" value="1"/>"#, fault: "xforms-focus"),
            Unsupported(
                model: """
                    <itext><translation lang="vi"><text id="t"><value>T</value></text></translation>
                    <translation lang="en"></translation></itext>
                    """, fault: "the language en lacks t"),
            Unsupported(
                model:
                    #"<itext><translation lang="vi"><text id="t"><value form="image">x.png</value></text></translation></itext>"#,
                fault: "the form “image”"),
        ])
    func unsupported(_ part: Unsupported) {
        let faults = House.faults(of: House.xform(binds: part.binds, model: part.model, body: part.body))
        guard !part.fault.isEmpty else { return #expect(faults.isEmpty) }  // nothing to look a text up in
        #expect(faults.contains { $0.problem.contains(part.fault) }, "\(faults)")
        #expect(faults.allSatisfy { !$0.remedy.isEmpty && $0.line != nil })
    }

    @Test("finds circles and names their way")
    func cycles() {
        func fault(_ binds: String) -> String {
            House.faults(of: House.xform(binds: binds)).map(\.description).joined()
        }
        #expect(
            fault(
                #"<bind nodeset="/data/a" calculate="/data/b"/><bind nodeset="/data/b" calculate="/data/c"/><bind nodeset="/data/c" relevant="/data/a != ''"/>"#
            ).contains("/data/a → /data/b → /data/c → /data/a"))
        #expect(fault(#"<bind nodeset="/data/a" calculate="/data/a + 1"/>"#).contains("/data/a → /data/a"))
        #expect(fault(#"<bind nodeset="/data/g" relevant="/data/g/x = 1"/>"#).contains("circle"))
        #expect(fault(#"<bind nodeset="/data/g/x" calculate="sum(/data/g/*)"/>"#).contains("circle"))
        #expect(fault(#"<bind nodeset="/data/a" constraint=". &gt; 3" required="/data/a = ''"/>"#).isEmpty)
    }

    @Test("collects all faults, in the order of the lines")
    func allFaults() {
        let faults = House.faults(
            of: House.xform(
                binds: "<bind nodeset=\"/data/b\" type=\"binary\"/>\n<bind nodeset=\"/data/c\" calculate=\"nope()\"/>",
                body: "<trigger ref=\"/data/a\"/>"))
        #expect(faults.map { $0.line } == faults.map { $0.line }.sorted { ($0 ?? 0) < ($1 ?? 0) })
        #expect(faults.count == 3)
    }

    @Test(
        "refuses what is not a bounded XForm",
        arguments: [
            ("", "empty"), ("not xml", ""), ("<a/>", "not an XForm"), ("<a><b></a>", ""),
            ("<!DOCTYPE a><a/>", "document type"),
            ("<!DOCTYPE a [<!ENTITY b \"c\"><!ENTITY d \"&b;&b;\">]><a>&d;</a>", "document type"),
            ("<!DOCTYPE a SYSTEM \"http://127.0.0.1:9/x.dtd\"><a/>", "document type"),
            (String(repeating: "<a>", count: 100) + String(repeating: "</a>", count: 100), "deeper than 64"),
            ("<a>" + String(repeating: "<b/>", count: 60_000) + "</a>", "50000 elements"),
            (String(repeating: " ", count: 3_000_000), "bytes"),
        ])
    func hostile(_ text: String, _ problem: String) {
        let faults = House.faults(of: text)
        #expect(faults.count == 1)
        #expect(problem.isEmpty || faults.first?.problem.contains(problem) == true, "\(faults)")
    }

    @Test("names the file that cannot be read")
    func missingFile() {
        #expect(throws: FormError.self) {
            try FormDefinition(contentsOf: House.fixtures.appendingPathComponent("nothing.xml"))
        }
    }

    @Test("comments, line breaks and processing instructions change nothing")
    func noise() throws {
        let plain = House.xform(
            body: "<?x y?><!-- c --><input ref=\"/data/a\"><label>\n  A\n  <!-- d -->B </label></input>")
        let session = House.session(try House.form(plain))
        #expect(session.pages.first?.questions.first?.label == "A\n B")
    }
}
