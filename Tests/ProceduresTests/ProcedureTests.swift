import Foundation
import KioskConfiguration
import Peripherals
import Testing

@testable import Procedures

@Suite("Procedures")
struct ProcedureTests {
    static let config = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("kiosk-config")

    private func day(_ text: String) throws -> CalendarDate { try #require(CalendarDate(iso: text)) }

    private let text = """
        code: "1.000001"
        versions:
          - effectiveFrom: "2020-01-01"
            title: { vi: Cũ, en: Old }
            requester: { vi: Ai, en: Who }
            fee:
              summary: { vi: Phí, en: Fee }
              rules:
                - { label: { vi: Đúng hạn, en: In time }, amount: 0, withinDays: 60 }
                - { label: { vi: Quá hạn, en: Late }, amount: 8000 }
            processing: { summary: { vi: Ngay, en: Now }, workingDays: 0 }
          - effectiveFrom: "2027-03-01"
            title: { vi: Mới, en: New }
            requester: { vi: Ai, en: Who }
            fee: { summary: { vi: Phí, en: Fee }, rules: [{ label: { vi: Phí, en: Fee } }] }
            processing: { summary: { vi: Ngay, en: Now }, workingDays: 3 }
            components:
              - { id: one, label: { vi: Một, en: One }, alternativeGroup: g }
              - { id: two, label: { vi: Hai, en: Two }, alternativeGroup: g }
        """

    @Test("the version of the day is the last that began")
    func versions() throws {
        let procedure = try Procedure.parse(text, code: "1.000001")
        #expect(procedure.version(on: try day("2019-12-31")) == nil)
        #expect(procedure.version(on: try day("2020-01-01"))?.title.text("en") == "Old")
        #expect(procedure.version(on: try day("2027-02-28"))?.title.text("vi") == "Cũ")
        #expect(procedure.version(on: try day("2027-03-01"))?.title.text("en") == "New")
        #expect(procedure.version(on: try day("2099-01-01"))?.title.text("fr") == "Mới")
    }

    @Test("the first fee rule that fits counts", arguments: [(0, 0), (60, 0), (61, 8000)])
    func fees(_ days: Int, _ amount: Int) throws {
        let version = try #require(try Procedure.parse(text, code: "1.000001").versions.first)
        #expect(version.fee.rule(daysSinceEvent: days)?.amount == amount)
    }

    @Test("what is not written has its default")
    func defaults() throws {
        let procedure = try Procedure.parse(text, code: "1.000001")
        let component = try #require(procedure.versions.last?.components.first)
        #expect(component.required && component.scan)
        #expect(component.handling == .submitted && component.kind == .original)
        #expect(component.words == .none)
        #expect(procedure.versions.first?.form == nil)
        #expect(procedure.versions.first?.receivingAgency == .thisCommune)
    }

    @Test("a paper that is only shown is scanned where its file says so, and no other", arguments: [nil, true, false])
    func shown(_ scan: Bool?) throws {
        let key = scan.map { ", scan: \($0)" } ?? ""
        let text = text.replacing("en: Two }", with: "en: Two }, handling: XUAT_TRINH\(key)")
        let component = try #require(try Procedure.parse(text, code: "1.000001").versions.last?.components.last)
        #expect(component.scan == (scan ?? false))
    }

    @Test(
        "a mistake is named with line, key and remedy",
        arguments: [
            ("code: \"1.000001\"", "code: 1-1", "code", "1.001193"),
            ("code: \"1.000001\"", "code: \"1.000002\"", "code", "Name the file 1.000002.yaml"),
            ("\"2027-03-01\"", "2027-02-30", "versions[1].effectiveFrom", "2026-07-01"),
            ("\"2027-03-01\"", "2020-01-01", "versions", "oldest version first"),
            ("title: { vi: Mới, en: New }", "title: { vi: Mới }", "versions[1].title.en", "Add the key"),
            (
                "title: { vi: Mới, en: New }", "titel: { vi: Mới, en: New }", "versions[1].titel",
                "Did you mean “title”?"
            ),
            (", withinDays: 60", ", withinDays: soon", "versions[0].fee.rules[0].withinDays", "whole number"),
            ("amount: 8000 }", "amount: 8000, withinDays: 90 }", "versions[0].fee.rules", "End with a rule"),
            ("id: two,", "id: one,", "versions[1].components", "its own id"),
            ("id: two,", "id: Two papers,", "versions[1].components[1].id", "small letters"),
            (
                "en: Two }, alternativeGroup: g", "en: Two }, alternativeGroup: h", "versions[1].components",
                "alternativeGroup"
            ),
            (
                "en: Two }, alternativeGroup: g", "en: Two }, handling: NOB", "versions[1].components[1].handling",
                "Did you mean “NOP”?"
            ),
            (
                "en: Two }, alternativeGroup: g", "en: Two }, alternativeGroup: g, recognise: [no]",
                "versions[1].components[1].recognise", "6 to 60 letters"
            ),
            ("workingDays: 3", "workingDays: -1", "versions[1].processing.workingDays", "0 to 365"),
        ])
    func mistakes(_ right: String, _ wrong: String, _ keyPath: String, _ remedy: String) throws {
        let fault = try #require(throws: YAMLFault.self) {
            try Procedure.parse(text.replacing(right, with: wrong), code: "1.000001")
        }
        #expect(fault.keyPath == keyPath, "\(fault)")
        #expect(fault.remedy.contains(remedy), "\(fault)")
        #expect((fault.line ?? 0) >= 1 && fault.file == "/1.000001.yaml")
    }

    @Test("the shipped catalogue offers birth registration, with a form that exists")
    func shipped() throws {
        let catalogue = try ProcedureCatalogue.load(directory: Self.config.appendingPathComponent("procedures"))
        let offered = catalogue.offered(on: try day("2026-11-25"))
        #expect(offered.map(\.procedure.code).contains("1.001193"))
        for (_, version) in offered {
            guard let form = version.form else { continue }
            let file = Self.config.appendingPathComponent("forms/\(form).xml")
            #expect(FileManager.default.fileExists(atPath: file.path), "\(form)")
        }
        let birth = try #require(catalogue["1.001193"]?.version(on: try day("2026-11-25")))
        #expect(birth.components.filter { $0.alternativeGroup == "proof-of-birth" }.count == 3)
        for paper in birth.components where paper.scan {
            #expect(paper.words.verdict(on: paper.label.text("vi"), confidence: 100) == .fits, "\(paper.id)")
        }
        #expect(birth.fee.rule(daysSinceEvent: 60)?.amount == 0)
        #expect(birth.fee.rule(daysSinceEvent: 61)?.amount == nil)
        #expect(catalogue["9.999999"] == nil)
        #expect(catalogue.offered(on: try day("2000-01-01")).isEmpty)
    }

    @Test("a folder that is not there is an error")
    func missingFolder() {
        #expect(throws: YAMLFault.self) { try ProcedureCatalogue.load(directory: URL(fileURLWithPath: "/nowhere")) }
    }
}
