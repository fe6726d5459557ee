import Foundation
import TestSupport
import Testing

@Suite("The configuration is wrong", .timeLimit(.minutes(1)))
struct ConfigurationFaultTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        var line: String
        /// What the message must name, besides file and line.
        var names: [String]
        var testDescription: String { line }
    }

    static let mistakes = [
        Mistake(line: "scaner: { resolution: 300 }", names: ["scaner", "scanner"]),
        Mistake(line: "web: { adress: 127.0.0.1 }", names: ["web.adress", "address"]),
        Mistake(line: "control: { sockt: /run/x.sock }", names: ["control.sockt", "socket"]),
        Mistake(line: "web: { port: ninety }", names: ["web.port"]),
        Mistake(line: "bus: usbipp://127.0.0.1:1", names: ["bus", "usbip"]),
    ]

    @Test("kioskd --check names the file, the line, the key and the nearest key, and fails", arguments: mistakes)
    func unknownKey(_ mistake: Mistake) async throws {
        let folder = TemporaryFolder()
        let file = folder.url.appending(path: "kiosk.yaml")
        let shipped = try String(
            contentsOf: Repository.configuration.appending(path: "kiosk.yaml"), encoding: .utf8)
        try Data((shipped + mistake.line + "\n").utf8).write(to: file)
        let line = shipped.count { $0 == "\n" } + 1

        let run = try await ProgramRun.run("kioskd", ["--check", "--config", file.path])
        #expect(run.status == 1)
        #expect(run.text.isEmpty)
        #expect(run.errors.contains("\(file.path):\(line)"), "\(run.errors)")
        for name in mistake.names { #expect(run.errors.contains(name), "\(run.errors)") }
        #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
    }

    @Test("kioskd --check is content with the configuration as it is shipped")
    func shipped() async throws {
        let run = try await ProgramRun.run(
            "kioskd", ["--check", "--config", Repository.configuration.appending(path: "kiosk.yaml").path])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.text.contains("fine"))
    }

    @Test("a mistake in readers.yaml is told at start like one in the settings")
    func readers() async throws {
        let folder = TemporaryFolder()
        let devices = folder.url.appending(path: "devices")
        let files = FileManager.default
        try files.copyItem(at: Repository.configuration, to: folder.url.appending(path: "shipped"))
        try files.copyItem(at: Repository.configuration.appending(path: "devices"), to: devices)
        let file = devices.appending(path: "readers.yaml")
        let shipped = try String(contentsOf: file, encoding: .utf8)
        let line = shipped.count { $0 == "\n" } + 1
        let mistake = #"  - { usb: "1234:5678", model: test, source: test, slots: 1 }"#
        try Data((shipped + mistake + "\n").utf8).write(to: file)
        let settings = folder.url.appending(path: "shipped/kiosk.yaml")
        let text = try String(contentsOf: settings, encoding: .utf8) + "folders: { devices: \(devices.path) }\n"
        try Data(text.utf8).write(to: settings)

        let run = try await ProgramRun.run("kioskd", ["--check", "--config", settings.path])
        #expect(run.status == 1)
        #expect(run.errors.contains("\(file.path):\(line)"), "\(run.errors)")
        #expect(run.errors.contains("slots") && run.errors.contains("Did you mean “slot”?"), "\(run.errors)")
    }

    @Test("a settings file that is not there is named with a remedy")
    func missing() async throws {
        let run = try await ProgramRun.run("kioskd", ["--check", "--config", "/nowhere/kiosk.yaml"])
        #expect(run.status == 1)
        #expect(run.errors.contains("/nowhere/kiosk.yaml"))
    }

    @Test(
        "a folder that cannot be made is named with its key, and kioskd ends",
        arguments: [
            ("dataDirectory", "dataDirectory: /proc/nowhere"),
            ("runtimeDirectory", "runtimeDirectory: /proc/nowhere"),
            ("control.socket", "control: { socket: /proc/no/c.sock }"),
        ])
    func impossibleFolder(_ key: String, _ line: String) async throws {
        let folder = TemporaryFolder()
        let file = folder.url.appending(path: "kiosk.yaml")
        let shipped = Repository.configuration
        let text = """
            \(line)
            \(key == "dataDirectory" ? "" : "dataDirectory: data")
            \(key == "runtimeDirectory" ? "" : "runtimeDirectory: run")
            web: { port: 0 }
            bus: usbip://127.0.0.1:1
            folders:
              procedures: \(shipped.appending(path: "procedures").path)
              forms: \(shipped.appending(path: "forms").path)
              locales: \(shipped.appending(path: "locales").path)
            """
        try Data(text.utf8).write(to: file)
        let run = try await ProgramRun.run("kioskd", ["--config", file.path])
        #expect(run.status == 1)
        #expect(run.errors.contains("kioskd cannot run: \(key): "), "\(run.errors)")
        #expect(run.errors.contains("/proc/no"))
    }
}
