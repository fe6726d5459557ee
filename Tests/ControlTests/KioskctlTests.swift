import Foundation
import Peripherals
import Testing

@testable import Control

@Suite("kioskctl", .timeLimit(.minutes(1)))
struct KioskctlTests {
    static let commands: [[String]] = [
        ["status"], ["devices"], ["card", "read", "--can", "123456"], ["ticket", "test"], ["scan", "test"],
        ["scanner", "status"],
        ["queue", "list"], ["queue", "confirm", "A001"], ["queue", "void", "A001"], ["outbox", "list"],
        ["outbox", "retry"], ["outbox", "retry", "TAM-1"], ["doctor"], ["ticket", "reprint", "A001"],
        ["printer", "status"], ["printer", "trace", "--test"], ["paper", "reset", "--metres", "80"],
    ]

    @Test("a well kiosk: exit code 0, text for people, JSON for scripts", arguments: commands)
    func fine(_ command: [String]) async throws {
        try await withServer { socket in
            let text = try await Kioskctl.run(command + ["--socket", socket])
            #expect(text.status == 0, "\(text.errors)")
            #expect(!text.text.isEmpty && text.errors.isEmpty)
            #expect(!text.text.contains("✗"))
            let json = try await Kioskctl.run(command + ["--json", "--socket", socket])
            #expect(json.status == 0)
            #expect(try JSONSerialization.jsonObject(with: json.output) is [String: Any])
        }
    }

    @Test(
        "a fault: exit code 1, with the remedy in the text",
        arguments: [
            ["status"], ["devices"], ["ticket", "test"], ["ticket", "reprint", "A005"], ["printer", "status"],
            ["doctor"],
        ])
    func fault(_ command: [String]) async throws {
        try await withServer(ScriptedKiosk(printer: .paperOut)) { socket in
            let text = try await Kioskctl.run(command + ["--socket", socket])
            #expect(text.status == 1)
            #expect(text.text.contains("✗"))
            #expect(text.text.contains("paper-out"))
            #expect(text.text.contains(PrinterCondition.paperOut.remedy))
            let json = try await Kioskctl.run(command + ["--json", "--socket", socket])
            #expect(json.status == 1)
            #expect(try JSONSerialization.jsonObject(with: json.output) is [String: Any])
        }
    }

    @Test("the printer's status names what nobody knows to be on paper, and proposes what only a person can know")
    func printer() async throws {
        try await withServer(ScriptedKiosk(printer: .paperOut)) { socket in
            let text = try await Kioskctl.run(["printer", "status", "--socket", socket]).text
            for part in [
                "71.5 of 80 m", "595 tickets", "A005", "kioskctl queue confirm", "Then: kioskctl paper reset", "GS ( H",
            ] {
                #expect(text.contains(part), "\(text)")
            }
        }
    }

    @Test("a parked dossier and hashes that do not match are faults")
    func otherFaults() async throws {
        try await withServer(ScriptedKiosk(parked: true)) { socket in
            for command in [["outbox", "list"], ["card", "read", "--can", "111111"]] {
                let run = try await Kioskctl.run(command + ["--socket", socket])
                #expect(run.status == 1)
            }
        }
    }

    @Test("what the daemon refuses: exit code 1, message and remedy on standard error, or as JSON", arguments: commands)
    func refusal(_ command: [String]) async throws {
        let fault = ControlFault(code: "kiosk-in-use", message: "Somebody is using the kiosk.", remedy: "Wait.")
        try await withServer(ScriptedKiosk(fault: fault)) { socket in
            let text = try await Kioskctl.run(command + ["--socket", socket])
            #expect(text.status == 1)
            #expect(text.output.isEmpty)
            #expect(text.errors.contains(fault.message) && text.errors.contains(fault.remedy))
            let json = try await Kioskctl.run(command + ["--json", "--socket", socket])
            #expect(json.status == 1)
            #expect(try JSONDecoder().decode([String: ControlFault].self, from: json.output) == ["fault": fault])
        }
    }

    @Test(
        "wrong usage: exit code 2 and what would be right",
        arguments: [
            ["frobnicate"], ["status", "--jsno"], ["card", "read", "--can", "12"],
            ["card", "read", "--can", "123456", "--qr", "x"], ["card", "read", "--mrz", "A", "B", "C"],
            ["printer", "trace", "--seconds", "0"], ["scan"], ["scan", "--to", "x.pdf", "--source", "tray"],
            ["scan", "test", "--resolution", "7"], ["card", "replay"],
            ["ticket", "preview", "x.json", "--format", "gif"],
            ["ticket", "preview", "--width", "76"],
            ["ticket", "preview", "--language", "fr"], ["config", "chek"],
        ])
    func usage(_ words: [String]) async throws {
        let run = try await Kioskctl.run(words)
        #expect(run.status == 2)
        #expect(run.output.isEmpty)
        #expect(run.errors.contains("Usage:") || run.errors.contains("See "))
    }

    @Test("no daemon: exit code 3, where it looked and what to do", arguments: commands)
    func noDaemon(_ command: [String]) async throws {
        let run = try await Kioskctl.run(command + ["--socket", "/nowhere/control.sock"])
        #expect(run.status == 3)
        #expect(run.errors.contains("/nowhere/control.sock"))
        #expect(run.errors.contains("systemctl"))
    }

    @Test("help and version are no errors", arguments: [["--help"], ["--version"], ["card", "read", "--help"]])
    func help(_ words: [String]) async throws {
        let run = try await Kioskctl.run(words)
        #expect(run.status == 0)
        #expect(!run.output.isEmpty && run.errors.isEmpty)
    }

    @Test("a scanner's trouble is a fault with its remedy", arguments: [["scan", "test"], ["scanner", "status"]])
    func scannerFault(_ command: [String]) async throws {
        try await withServer(ScriptedKiosk(scanner: .jam)) { socket in
            let run = try await Kioskctl.run(command + ["--socket", socket])
            #expect(run.status == 1)
            #expect(run.text.contains("✗") && run.text.contains(ScannerCondition.jam.remedy), "\(run.text)")
        }
    }

    @Test("a scanned document arrives whole, for its owner alone, and over no other file")
    func scanToFile() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "scan-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "a.pdf").path
        let kiosk = ScriptedKiosk()
        try await withServer(kiosk) { socket in
            let run = try await Kioskctl.run(["scan", "--to", file, "--source", "duplex", "--socket", socket])
            #expect(run.status == 0, "\(run.errors)")
            #expect(FileManager.default.contents(atPath: file) == kiosk.document)
            let attributes = try FileManager.default.attributesOfItem(atPath: file)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            let again = try await Kioskctl.run(["scan", "--to", file, "--socket", socket])
            #expect(again.status == 1 && again.errors.contains("never overwritten"))
            #expect(FileManager.default.contents(atPath: file) == kiosk.document)
        }
        let fault = ControlFault(code: "kiosk-in-use", message: "Somebody is using the kiosk.", remedy: "Wait.")
        let other = folder.appending(path: "b.pdf").path
        try await withServer(ScriptedKiosk(fault: fault)) { socket in
            let run = try await Kioskctl.run(["scan", "--to", other, "--socket", socket])
            #expect(run.status == 1 && run.errors.contains(fault.message))
            #expect(!FileManager.default.fileExists(atPath: other), "no empty file is left")
        }
    }

    // MARK: - card trace

    @Test("a trace is a file for its owner alone, never written over another; unmasked it comes with a warning")
    func trace() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "trace-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await withServer { socket in
            func trace(_ name: String, _ words: String...) async throws -> Kioskctl {
                try await Kioskctl.run(
                    ["card", "trace", "--can", "123456", folder.appending(path: name).path] + words
                        + ["--socket", socket])
            }
            let masked = try await trace("a.jsonl")
            #expect(masked.status == 0 && masked.errors.isEmpty, "\(masked.errors)")
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.appending(path: "a.jsonl").path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            #expect(try String(contentsOf: folder.appending(path: "a.jsonl"), encoding: .utf8) == "masked\n")

            let again = try await trace("a.jsonl", "--unmasked")
            #expect(again.status == 1 && again.errors.contains("never overwritten"))
            let unmasked = try await trace("b.jsonl", "--unmasked")
            #expect(unmasked.status == 0 && unmasked.errors.contains("unmasked"))
            #expect(try String(contentsOf: folder.appending(path: "b.jsonl"), encoding: .utf8) == "with names\n")

            // What is no trace is named, with the line.
            let replay = try await Kioskctl.run(["card", "replay", folder.appending(path: "a.jsonl").path])
            #expect(replay.status == 1 && replay.output.isEmpty)
            #expect(replay.errors.contains("a.jsonl") && replay.errors.contains("line 1"))
        }
    }

    // MARK: - ticket preview

    static let samples: [URL] = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "kiosk-config/tickets/samples")
        do {
            return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
                .filter { $0.pathExtension == "json" }
        } catch {
            return []
        }
    }()

    @Test("there are sample tickets")
    func samplesExist() { #expect(!Self.samples.isEmpty) }

    @Test("the shipped samples become a picture, 576 dots wide, and printer commands", arguments: samples)
    func preview(_ sample: URL) async throws {
        let picture = try await Kioskctl.run(["ticket", "preview", sample.path])
        #expect(picture.status == 0, "\(picture.errors)")
        // ISO/IEC 15948, 5.2 and 11.2.2: the signature, then IHDR with the width.
        #expect(picture.output.prefix(8) == Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
        #expect(picture.output.dropFirst(16).prefix(4) == Data([0, 0, 0x02, 0x40]))
        let commands = try await Kioskctl.run(["ticket", "preview", sample.path, "--format", "escpos"])
        #expect(commands.status == 0)
        // ESC @ initializes the printer.
        #expect(commands.output.prefix(2) == Data([0x1B, 0x40]) || commands.output.first == 0x10)
        #expect(commands.output.count > 1000)
    }

    @Test(
        "without a file a ticket of nobody's is drawn, on either roll, in either language, with a template",
        arguments: ["80", "58"], ["vi", "en"])
    func builtInSample(_ width: String, _ language: String) async throws {
        let template = Self.configuration.appending(path: "tickets/standard.yaml").path
        let run = try await Kioskctl.run(
            ["ticket", "preview", "--width", width, "--language", language, "--reprint", "--template", template])
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.dropFirst(16).prefix(4) == Data([0, 0] + (width == "80" ? [0x02, 0x40] : [0x01, 0x80])))
    }

    @Test("a template with a mistake is told with file, line and remedy")
    func badTemplate() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "template-\(UUID().uuidString).yaml")
        defer { try? FileManager.default.removeItem(at: file) }
        for (element, word) in [
            ("{kind: txt}", "“text”"), ("{kind: text, text: <small>x</small>, points: 10}", "10 pt"),
        ] {
            try Data("elements:\n  - {kind: number}\n  - \(element)\n".utf8).write(to: file)
            let run = try await Kioskctl.run(["ticket", "preview", "--template", file.path])
            #expect(run.status == 1 && run.output.isEmpty)
            #expect(run.errors.contains("\(file.lastPathComponent):3") && run.errors.contains(word), "\(run.errors)")
        }
    }

    // MARK: - config check

    private static let configuration = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "kiosk-config")

    @Test("config check is content with the configuration as it is shipped, in words and as JSON")
    func configurationIsFine() async throws {
        let file = Self.configuration.appending(path: "kiosk.yaml").path
        let words = try await Kioskctl.run(["config", "check", file])
        #expect(words.status == 0 && words.text.contains("✓"), "\(words.errors)")
        let json = try await Kioskctl.run(["config", "check", file, "--json"])
        #expect(json.status == 0 && json.text.contains("\"ok\" : true"), "\(json.text)")
    }

    @Test("config check tells every mistake with file, line and remedy, and fails")
    func configurationIsWrong() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "config-\(UUID().uuidString)")
        try FileManager.default.copyItem(at: Self.configuration, to: folder)
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in ["devices/printers.yaml", "devices/readers.yaml"] {
            let file = folder.appending(path: name)
            try (Data(contentsOf: file) + Data("prinetrs: []\n".utf8)).write(to: file)
        }
        let run = try await Kioskctl.run(["config", "check", folder.appending(path: "kiosk.yaml").path])
        #expect(run.status == 1)
        for word in ["printers.yaml:", "readers.yaml:", "→"] { #expect(run.text.contains(word), "\(run.text)") }
    }

    @Test(
        "a file that holds no ticket is named with what is missing",
        arguments: [("{}", "hall"), ("not json", "JSON"), (#"{"hall": 7}"#, "hall")])
    func damagedSample(_ text: String, _ names: String) async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "ticket-\(UUID().uuidString).json")
        try Data(text.utf8).write(to: file)
        let run = try await Kioskctl.run(["ticket", "preview", file.path])
        try FileManager.default.removeItem(at: file)
        #expect(run.status == 1)
        #expect(run.output.isEmpty)
        #expect(run.errors.contains(names) && run.errors.contains(file.lastPathComponent), "\(run.errors)")
        let missing = try await Kioskctl.run(["ticket", "preview", file.path])
        #expect(missing.status == 1 && missing.errors.contains(file.lastPathComponent))
    }
}
