import Foundation
import Testing

@testable import KioskConfiguration

@Suite("The kiosk's texts")
struct LocalizationTests {
    /// A folder of its own with the given files, removed afterwards.
    private func load(_ files: [String: String], languages: [String] = ["vi", "en"]) throws -> Locales {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("locales-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
        return try Locales.load(directory: folder, languages: languages)
    }

    @Test("nested and flat keys are the same, and placeholders are filled once")
    func texts() throws {
        let locales = try load([
            "vi.yaml": "a.b: Một {n}\nc:\n  d: Hai\n  e:\n    f: '{x} và {y}'\n",
            "en.yaml": "a:\n  b: One {n}\nc.d: Two\nc.e.f: \"{y} and {x}\"\n",
        ])
        #expect(locales["en"].text("a.b", ["n": "5"]) == "One 5")
        #expect(locales["vi"].text("c.d") == "Hai")
        #expect(locales["en"].text("c.e.f", ["x": "{y}", "y": "2"]) == "2 and {y}")
        #expect(locales["en"].text("c.e.f", ["x": "1"]) == "{y} and 1")
        #expect(locales["en"].text("no.such.key") == "no.such.key")
        #expect(locales["fr"].language == "vi")
        #expect(locales.languages == ["vi", "en"])
    }

    @Test("a key that one language lacks is an error that lists all such keys")
    func missingKeys() throws {
        let fault = try #require(throws: YAMLFault.self) {
            try load(["vi.yaml": "a: 1\nb: 2\nc: 3", "en.yaml": "b: 2"])
        }
        #expect(fault.file.hasSuffix("en.yaml"))
        #expect(fault.problem == "lacks a, c")
    }

    @Test("other placeholders are an error at their line")
    func placeholders() throws {
        let fault = try #require(throws: YAMLFault.self) {
            try load(["vi.yaml": "a: A\nb: '{n} người'", "en.yaml": "a: A\nb: '{m} people'"])
        }
        #expect(fault.line == 2)
        #expect(fault.keyPath == "b")
        #expect(fault.remedy.contains("{n}"))
    }

    @Test("a language without a file is an error")
    func missingFile() {
        #expect(throws: YAMLFault.self) { try load(["vi.yaml": "a: A"]) }
    }

    @Test("the shipped texts load in every language of the shipped kiosk")
    func shipped() throws {
        let settings = try KioskSettings.load(KioskSettingsTests.folder.appendingPathComponent("kiosk.yaml"))
        let locales = try Locales.load(directory: settings.folders.locales, languages: settings.journey.languages)
        #expect(!locales["vi"].keys.isEmpty)
    }
}
