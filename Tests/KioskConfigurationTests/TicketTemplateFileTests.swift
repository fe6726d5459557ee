import Foundation
import Peripherals
import Testing

@testable import KioskConfiguration

@Suite("Templates of tickets")
struct TicketTemplateFileTests {
    private static let file = URL(fileURLWithPath: "/etc/kiosk/tickets/own.yaml")

    private func elements(_ lines: String...) throws(YAMLFault) -> [TicketElement] {
        try TicketTemplateFile.parse(
            "elements:\n  - { kind: number }\n" + lines.map { "  - \($0)\n" }.joined(), file: Self.file
        ).template.elements
    }

    @Test("the file that is delivered is the built-in template")
    func delivered() throws {
        let file = KioskSettingsTests.folder.appendingPathComponent("tickets/standard.yaml")
        #expect(try TicketTemplateFile.load(file).template == .standard)
        #expect(TicketTemplate.standard.problems.isEmpty)
    }

    @Test("every kind of element is read, with the line on which it stands")
    func kinds() throws {
        let read = try TicketTemplateFile.parse(
            """
            elements:
              - { kind: number, text: "{number}", millimetres: 20 }
              - { kind: text, text: "<b>{hall}</b>", points: 11, weight: bold, align: left, lines: 3 }
              - { kind: banner, text: "{className}", points: 20 }
              - kind: columns
                lines: 2
                columns:
                  - { text: "{issuedAt}", share: 2 }
                  - { text: "{number}", align: right, weight: bold, points: 14 }
              - { kind: notes, points: 12 }
              - { kind: qr, millimetres: 30 }
              - { kind: rule }
              - { kind: space, millimetres: 2 }
              - { kind: feed, millimetres: 3 }
            """, file: Self.file)
        #expect(
            read.template.elements.map(\.kind) == [
                .number, .text, .banner, .columns, .notes, .qr, .rule, .space, .feed,
            ])
        #expect(read.lines == [2, 3, 4, 5, 10, 11, 12, 13, 14])
        #expect(read.template.elements[3].columns.map(\.share) == [2, nil])
        #expect(read.template.elements[1].align == .left)
    }

    @Test(
        "a mistake is told with its line, its key and its remedy",
        arguments: [
            ("{ kind: txt, text: x }", "kind", "Did you mean “text”?"),
            ("{ kind: text, txet: x }", "txet", "Did you mean “text”?"),
            ("{ kind: text }", "text", "Add the key “text”"),
            ("{ kind: text, text: x, poits: 12 }", "poits", "Did you mean “points”?"),
            ("{ kind: text, text: x, points: 9.5 }", "points", "from 10 to 72"),
            ("{ kind: text, text: x, points: 73 }", "points", "from 10 to 72"),
            ("{ kind: text, text: x, lines: 0 }", "lines", "from 1 to 20"),
            ("{ kind: text, text: x, align: center }", "align", "Did you mean “centre”?"),
            ("{ kind: text, text: x, weight: bolt }", "weight", "Did you mean “bold”?"),
            ("{ kind: text, text: \"{name}\" }", "text", "{procedure}"),
            ("{ kind: text, text: \"<span size='{number}'>x</span>\" }", "text", "outside < and >"),
            ("{ kind: banner, text: x, align: left }", "align", "Known here"),
            ("{ kind: number, millimetres: 13.9 }", "millimetres", "from 14 to 100"),
            ("{ kind: number, millimetres: 101 }", "millimetres", "from 14 to 100"),
            ("{ kind: space, millimetres: -1 }", "millimetres", "from 0"),
            ("{ kind: space, points: 10 }", "points", "Known here"),
            ("{ kind: rule, millimetres: thick }", "millimetres", "a number"),
            ("{ kind: logo }", "file", "Add the key “file”"),
            ("{ kind: logo, file: nowhere.png }", "file", "beside the template"),
            ("{ kind: logo, file: ../../../etc/passwd }", "file", "beside the template"),
            ("{ kind: columns, columns: [{ text: x }] }", "columns", "two or three"),
            ("{ kind: columns, columns: [{ text: x }, { text: y, points: 8 }] }", "columns[1].points", "10"),
            ("{ kind: columns, columns: [{ text: x }, { text: \"{x}\" }] }", "columns", "{procedure}"),
            ("{ kind: qr, millimetres: 200 }", "millimetres", "to 100"),
        ])
    func mistakes(_ element: String, _ key: String, _ remedy: String) {
        do throws(YAMLFault) {
            _ = try elements(element)
            Issue.record("accepted: \(element)")
        } catch {
            #expect(error.line == 3 && error.file == Self.file.path, "\(error)")
            #expect(error.keyPath == "elements[1].\(key)", "\(error)")
            #expect(error.remedy.contains(remedy), "\(error)")
        }
    }

    @Test(
        "a template without a number, or without an end, is refused",
        arguments: [
            "elements: [{ kind: rule }]", "elements: []", "", "element: [{ kind: number }]",
            "elements: [" + String(repeating: "{ kind: number },", count: 61) + "]",
        ])
    func wholes(_ text: String) {
        #expect(throws: YAMLFault.self) { try TicketTemplateFile.parse(text, file: Self.file) }
    }

    @Test("kiosk.yaml names the template and the roll; a template that is not there is told with the nearest one")
    func settings() throws {
        let file = URL(fileURLWithPath: "/nowhere/kiosk.yaml")
        let standard = try KioskSettings.parse("", file: file)
        #expect(standard.ticket.template == "standard" && standard.ticket.rollMetres == 80)
        #expect(standard.ticket.file == nil)
        let shipped = KioskSettingsTests.folder.appendingPathComponent("kiosk.yaml")
        let read = try KioskSettings.parse("ticket: { rollMetres: 30 }", file: shipped)
        #expect(read.ticket.rollMetres == 30 && read.ticket.file?.lastPathComponent == "standard.yaml")
        for (text, remedy) in [
            ("ticket: { template: standart }", "Did you mean “standard”?"),
            ("ticket: { template: ../kiosk }", "without “.yaml”"),
            ("ticket: { rollMeters: 30 }", "Did you mean “rollMetres”?"),
            ("ticket: { rollMetres: 0 }", "from 1"),
        ] {
            do throws(YAMLFault) {
                _ = try KioskSettings.parse(text, file: shipped)
                Issue.record("accepted: \(text)")
            } catch {
                #expect(error.remedy.contains(remedy) && error.line == 1, "\(error)")
            }
        }
    }
}
