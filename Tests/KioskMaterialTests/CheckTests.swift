import Foundation
import KioskConfiguration
import KioskMaterial
import TestSupport
import Testing

@Suite("the configuration is checked as a whole")
struct CheckTests {
    private static let shipped = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "kiosk-config")

    /// The configuration as it is shipped, to be spoilt.
    private struct Copy {
        let folder = TemporaryFolder()
        var root: URL { folder.url.appending(path: "config") }
        var settings: URL { root.appending(path: "kiosk.yaml") }

        init() throws { try FileManager.default.copyItem(at: CheckTests.shipped, to: root) }

        /// - Returns: the line on which the text begins.
        @discardableResult
        func append(_ text: String, to name: String) throws -> Int {
            let file = root.appending(path: name)
            let old = try String(contentsOf: file, encoding: .utf8)
            try Data((old + text + "\n").utf8).write(to: file)
            return old.count { $0 == "\n" } + 1
        }
    }

    @Test("the configuration as it is shipped has no fault")
    func fine() {
        let (material, faults) = Material.check(Self.shipped.appending(path: "kiosk.yaml"))
        #expect(faults.isEmpty, "\(faults)")
        #expect(material?.ticket != nil && material?.printers.printers.isEmpty == false)
    }

    @Test(
        "a mistake in any file is told with that file and its line",
        arguments: [
            ("kiosk.yaml", "tickt: {}", "ticket"),
            ("kiosk.yaml", "ticket: { template: standrd }", "standard"),
            ("locales/vi.yaml", "onlyHere: x", ""),
            ("devices/readers.yaml", #"  - { usb: "1234:5678", model: t, source: t, slots: 1 }"#, "slot"),
            ("devices/barcode-readers.yaml", #"  - { usb: "1234:5678", source: t, layuot: {} }"#, "layout"),
            ("devices/printers.yaml", #"  - { usb: "1234:5678", model: t, source: t, bandHight: 8 }"#, "bandHeight"),
            ("tickets/standard.yaml", "  - { kind: text, text: x, poins: 12 }", "points"),
            ("tickets/standard.yaml", #"  - { kind: text, text: "<b>x" }"#, "Close every tag"),
            ("tickets/standard.yaml", #"  - { kind: text, text: "<small>x</small>", points: 10 }"#, "10 pt"),
            ("tickets/standard.yaml", #"  - { kind: logo, file: kiosk.png }"#, "beside the template"),
            ("procedures/1.001193.yaml", "colour: red", ""),
        ])
    func oneMistake(_ name: String, _ text: String, _ remedy: String) throws {
        let copy = try Copy()
        let line = try copy.append(text, to: name)
        let faults = Material.check(copy.settings).faults
        #expect(!faults.isEmpty)
        for fault in faults {
            #expect(remedy.isEmpty || fault.remedy.contains(remedy), "\(fault)")
            // Which keys a language lacks has no line; and the other language is the one that lacks it.
            if !name.hasPrefix("locales") {
                #expect(fault.file.hasSuffix(name) && fault.line == line, "\(fault)")
            }
        }
        #expect(throws: (any Error).self) { try Material(settingsFile: copy.settings) }
    }

    @Test("mistakes in several files are all told at once; every bad element of a template too")
    func allMistakes() throws {
        let copy = try Copy()
        try copy.append("unknown: 1", to: "devices/readers.yaml")
        try copy.append("unknown: 1", to: "devices/printers.yaml")
        let first = try copy.append(#"  - { kind: text, text: "<b>x" }"#, to: "tickets/standard.yaml")
        try copy.append(#"  - { kind: text, text: "a & b" }"#, to: "tickets/standard.yaml")
        let form = copy.root.appending(path: "forms/1.001193.xml")
        try Data("<h:html".utf8).write(to: form)
        let faults = Material.check(copy.settings).faults
        let files = Set(faults.map { URL(filePath: $0.file).lastPathComponent })
        #expect(files.isSuperset(of: ["readers.yaml", "printers.yaml", "standard.yaml"]), "\(faults)")
        #expect(files.contains { $0.contains("1.001193") }, "\(faults)")
        #expect(faults.filter { $0.file.hasSuffix("standard.yaml") }.map(\.line) == [first, first + 1])
    }

    @Test("an enrolment that is not there is told by its file")
    func enrolment() throws {
        let copy = try Copy()
        try copy.append("central: { url: \"https://centre.example\" }", to: "kiosk.yaml")
        let faults = Material.check(copy.settings).faults
        #expect(faults.map { URL(filePath: $0.file).lastPathComponent } == ["enrolment.json"])
    }
}
