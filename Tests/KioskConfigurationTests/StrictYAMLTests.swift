import Foundation
import Testing

@testable import KioskConfiguration

@Suite("Strict YAML")
struct StrictYAMLTests {
    enum Colour: String, CaseIterable { case red, green }

    /// Reads a small file with one key of each kind.
    private func read(_ text: String) throws(YAMLFault) -> [String] {
        try StrictYAML.read(Data(text.utf8), file: URL(fileURLWithPath: "/etc/k/test.yaml")) { root throws(YAMLFault) in
            let name = try root.string("name", or: "none")
            let size = try root.integer("size", in: 1...10, or: 5)
            let share = try root.number("share", in: 0...1, or: 0.5)
            let active = try root.boolean("active", or: false)
            let colour = try root.choice("colour", or: Colour.red)
            let place = try root.path("place", or: "here")
            let words = try root.strings("words", or: [])
            let label = try root.optionalTexts("label", requiring: ["vi", "en"])
            let inner = try root.section("inner") { inner throws(YAMLFault) in try inner.string("deep", or: "-") }
            let parts =
                try root.list("parts") { part throws(YAMLFault) in
                    try part.string("id") + "=" + String(try part.integer("count", in: 0...9))
                } ?? []
            return [
                name, String(size), String(share), String(active), colour.rawValue, place.path,
                words.joined(separator: "+"),
                label?.text("en") ?? "", inner, parts.joined(separator: "+"),
            ]
        }
    }

    @Test(
        "an empty file gives the defaults", arguments: ["", "# only a comment\n", "{}", "---\n", "inner:\n", "name: ~"])
    func defaults(_ text: String) throws {
        #expect(try read(text) == ["none", "5", "0.5", "false", "red", "/etc/k/here", "", "", "-", ""])
    }

    @Test("values are what was written; texts are in NFC and numbers in quotes stay texts")
    func values() throws {
        let text = """
            name: "010"
            size: 7
            share: 0.25
            active: true
            colour: green
            place: ../other/file
            words: [a, "e\u{302}"]
            label: { vi: Tên, en: Name, jra: x }
            inner:
              deep: yes
            parts:
              - id: one
                count: 1
              - { id: two, count: 2 }
            """
        #expect(
            try read(text) == [
                "010", "7", "0.25", "true", "green", "/etc/other/file", "a+ê", "Name", "yes", "one=1+two=2",
            ])
    }

    @Test(
        "a mistake is named with file, line, key and remedy",
        arguments: [
            ("nmae: x", 1, "nmae", "unknown key “nmae”", "Did you mean “name”?"),
            ("share: 0\n\nsiez: 4", 3, "siez", "unknown key", "Did you mean “size”?"),
            ("zzzzzz: 1", 1, "zzzzzz", "unknown key", "Known here: active, colour, inner"),
            ("inner:\n  depe: x", 2, "inner.depe", "unknown key", "Did you mean “deep”?"),
            ("size: big", 1, "size", "not a whole number", "Write a whole number"),
            ("size: 11", 1, "size", "out of range", "from 1 to 10"), ("size: 1.5", 1, "size", "not a whole number", ""),
            ("share: 2", 1, "share", "out of range", "from 0.0 to 1.0"), ("share: nan", 1, "share", "not a number", ""),
            ("active: maybe", 1, "active", "not true or false", ""),
            ("active: yes", 1, "active", "not true or false", ""),
            ("colour: gren", 1, "colour", "“gren” is not known", "Did you mean “green”?"),
            ("colour: violet-ish", 1, "colour", "not known", "Write one of: red, green"),
            ("name: ''", 1, "name", "is empty", "leave the key out"), ("name: [a]", 1, "name", "not a text", ""),
            ("words: a", 1, "words", "not a list of texts", ""),
            ("words: [[a]]", 1, "words", "not a list of texts", ""),
            ("label: Name", 1, "label", "one text where languages are needed", "vi, en"),
            ("label: { vi: a }", 1, "label.en", "is missing", "Add the key “en”"),
            ("label: { vi: a, en: b, English: c }", 1, "label.English", "not a language code", "BCP 47"),
            ("inner: 4", 1, "inner", "not a section", ""), ("parts: 4", 1, "parts", "not a list", "- "),
            ("parts:\n  - id: a\n    count: 1\n  - id: b", 4, "parts[1].count", "is missing", ""),
            ("parts:\n  - id: a\n    cuont: 1", 3, "parts[0].cuont", "unknown key", "Did you mean “count”?"),
            ("- a", 1, "", "holds a list", ""), ("just words", 1, "", "single value", ""),
            ("name: a\nname: b", 2, "", "stands twice", "indentation"), ("name: 'a\nsize: 1", 2, "", "", "quotes"),
            ("name: a\n\tsize: 1", 2, "", "", "no tabs"), ("a: [1", 2, "", "", "indentation"),
        ])
    func mistakes(_ text: String, _ line: Int, _ keyPath: String, _ problem: String, _ remedy: String) throws {
        let fault = try #require(throws: YAMLFault.self) { try read(text) }
        #expect(fault.file == "/etc/k/test.yaml")
        #expect(fault.line.map { abs($0 - line) <= (keyPath.isEmpty ? 1 : 0) } == true, "line \(fault.line ?? 0)")
        #expect(fault.keyPath == keyPath)
        #expect(problem.isEmpty || fault.problem.contains(problem), "\(fault)")
        #expect(remedy.isEmpty || fault.remedy.contains(remedy), "\(fault)")
        #expect(!fault.remedy.isEmpty)
    }

    @Test("what is too large, too deep, aliased without end or no text is refused before it is read")
    func bounds() throws {
        let bomb =
            "a: &a [x, x, x, x, x, x, x, x, x]\n"
            + zip("bcdefgh", "abcdefg")
            .map { "\($0): &\($0) [" + Array(repeating: "*\($1)", count: 9).joined(separator: ", ") + "]" }
            .joined(separator: "\n")
        let deep = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
        for (text, problem) in [
            (String(repeating: "#", count: 1 << 21), "bytes"), (bomb, "nested deeper"), ("a: \(deep)", "nested deeper"),
        ] {
            let fault = try #require(throws: YAMLFault.self) { try read(text) }
            #expect(fault.problem.contains(problem), "\(fault)")
        }
        let binary = try #require(throws: YAMLFault.self) {
            try StrictYAML.read(Data([0xFF, 0xFE, 0x80]), file: URL(fileURLWithPath: "/x")) { _ in }
        }
        #expect(binary.problem.contains("UTF-8"))
        let missing = try #require(throws: YAMLFault.self) {
            try StrictYAML.read(URL(fileURLWithPath: "/nowhere/x.yaml")) { _ in }
        }
        #expect(
            missing.description
                == "/nowhere/x.yaml: cannot be read. Check that the file exists and that the service may read it")
    }

    @Test(
        "the nearest word is found, and none when all are far",
        arguments: [
            ("langauges", "languages"), ("Port", "port"), ("adress", "address"), ("idleTimeout", "idleTimeoutSeconds"),
            ("xyz", nil), ("a", nil),
        ] as [(String, String?)])
    func nearest(_ word: String, _ expected: String?) {
        let known = ["languages", "port", "address", "idleTimeoutSeconds", "group"]
        let found = EditDistance.nearest(to: word, among: known)
        #expect(found == expected || (word == "idleTimeout" && found == nil))
    }
}
