import Foundation
import Testing

@testable import KioskConfiguration

@Suite("The kiosk's settings")
struct KioskSettingsTests {
    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("kiosk-config")

    private func settings(_ text: String) throws(YAMLFault) -> KioskSettings {
        try KioskSettings.parse(text, file: URL(fileURLWithPath: "/etc/kiosk/kiosk.yaml"))
    }

    @Test("an empty file is a kiosk that works alone")
    func defaults() throws {
        let settings = try settings("")
        #expect(settings.bus == .libusb)
        #expect(settings.web == (try self.settings("web: { address: 127.0.0.1, port: 8480 }")).web)
        #expect(settings.web.port == 8480)
        #expect(settings.timeZone.identifier == "Asia/Ho_Chi_Minh")
        #expect(settings.dataDirectory.path == "/var/lib/kiosk")
        #expect(settings.runtimeDirectory.path == "/run/kiosk")
        #expect(settings.folders.forms.path == "/etc/kiosk/forms")
        #expect(settings.control.socket.path == "/run/kiosk/control.sock")
        #expect(settings.central == nil)
        #expect(settings.queue.ordinary.series == "A")
        #expect(settings.queue.classes.count == 5)
        #expect(settings.journey.idleTimeout == .seconds(60))
        #expect(settings.journey.languages == ["vi", "en"])
        #expect(settings.hall.name.text("en") == "One-stop service hall")
        #expect(settings.identity.policy == .standard)
        #expect(settings.identity.trust.path == "/etc/kiosk/trust")
    }

    @Test("what a card must prove is said for each purpose; a purpose left out keeps its default")
    func identityPolicy() throws {
        let settings = try settings(
            """
            identity:
              trust: /srv/csca
              require:
                - { purpose: form, verdicts: [hashes, signature, trust, chip] }
            """)
        #expect(settings.identity.trust.path == "/srv/csca")
        #expect(settings.identity.policy.needs[.form] == [.hashes, .signature, .trust, .chip])
        #expect(settings.identity.policy.needs[.submission] == IdentityPolicy.standard.needs[.submission])
        let none = try self.settings("identity: { require: [{ purpose: form, verdicts: [] }] }")
        #expect(none.identity.policy.needs[.form] == [])
    }

    @Test(
        "a mistake in the policy is named with its remedy",
        arguments: [
            ("identity: { require: [{ purpose: form, verdicts: [hash] }] }", "hashes"),
            ("identity: { require: [{ purpose: form }] }", "verdicts"),
            ("identity: { require: [{ purpose: forms, verdicts: [] }] }", "form"),
            (
                "identity: { require: [{ purpose: form, verdicts: [] }, { purpose: form, verdicts: [chip] }] }",
                "one entry for each purpose"
            ),
        ])
    func identityPolicyFaults(_ text: String, _ part: String) {
        let fault = #expect(throws: YAMLFault.self) { try settings(text) }
        #expect("\(fault.map(String.init(describing:)) ?? "")".contains(part))
    }

    @Test("the shipped file loads and says what the defaults say")
    func shipped() throws {
        let file = Self.folder.appendingPathComponent("kiosk.yaml")
        let shipped = try KioskSettings.load(file)
        let defaults = try KioskSettings.parse("", file: file)
        #expect(shipped.queue.classes == defaults.queue.classes)
        #expect(shipped.queue.priorityCap == defaults.queue.priorityCap)
        #expect(shipped.journey == defaults.journey)
        #expect(shipped.hall.name == defaults.hall.name)
        #expect(shipped.web == defaults.web)
        #expect(shipped.identity == defaults.identity)
    }

    @Test("every line that is commented out is a setting that exists")
    func commentedLines() throws {
        let file = Self.folder.appendingPathComponent("kiosk.yaml")
        let text = try String(contentsOf: file, encoding: .utf8)
        let active = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.firstMatch(of: /^# ( *[a-zA-Z-]+:( .*)?)$/).map { String($0.output.1) } ?? String(line)
        }.joined(separator: "\n")
        let settings = try KioskSettings.parse(active, file: file)
        let defaults = try KioskSettings.parse("", file: file)
        #expect(settings.central?.tls?.ca != nil)
        #expect(settings.devices.cardReader?.vendor == 0x08e6)
        #expect(settings.scanner.saneConfig?.path == "/etc/kiosk/sane.d")
        #expect(settings.scanner.serial == "A36B001234" && settings.scanner.options == ["swdespeck": "1"])
        #expect(settings.scanner.source == defaults.scanner.source && settings.scanner.paper == defaults.scanner.paper)
        #expect(settings.scanner.mode == defaults.scanner.mode && settings.scanner.resolution == 300)
        #expect(settings.scanner.maximumPages == defaults.scanner.maximumPages)
        #expect(settings.folders == defaults.folders)
        #expect(settings.bus == defaults.bus && settings.timeZone == defaults.timeZone)
        #expect(settings.control.socket == defaults.control.socket)
        #expect(settings.dataDirectory == defaults.dataDirectory)
    }

    @Test("a full central section is read, its paths from the folder of the file")
    func central() throws {
        let central = try #require(
            settings(
                """
                central:
                  url: https://c.example:8490
                  enrolment: ../e.json
                  tls: { certificate: t.crt, key: t.key, ca: ca.crt }
                  retry: { firstSeconds: 1, longestSeconds: 60 }
                """
            ).central)
        #expect(central.url.absoluteString == "https://c.example:8490")
        #expect(central.enrolment.path == "/etc/e.json")
        #expect(central.tls?.key?.path == "/etc/kiosk/t.key")
        #expect(central.retry == .init(first: .seconds(1), longest: .seconds(60)))
    }

    @Test(
        "where the bus is",
        arguments: [
            ("libusb", BusSettings.libusb), ("usbip://127.0.0.1:3241", .usbip(host: "127.0.0.1", port: 3241)),
            ("usbip://sim.local", .usbip(host: "sim.local", port: 3240)),
            ("usbip://[::1]:1", .usbip(host: "::1", port: 1)),
        ])
    func bus(_ text: String, _ expected: BusSettings) throws {
        #expect(try settings("bus: \"\(text)\"").bus == expected)
    }

    @Test(
        "what cannot be meant is refused, with a remedy",
        arguments: [
            ("bus: usb", "bus", "usbip://HOST:PORT"), ("bus: usbip://h:99999", "bus", "usbip://HOST:PORT"),
            ("timeZone: Hanoi", "timeZone", "Asia/Ho_Chi_Minh"), ("web: { port: 70000 }", "web.port", "0 to 65535"),
            ("web: { prot: 80 }", "web.prot", "Did you mean “port”?"),
            ("hall: { id: 'a b' }", "hall.id", ""), ("hall: { agencyCode: h21 }", "hall.agencyCode", "H21"),
            ("hall: { communeCode: 123 }", "hall.communeCode", "five digits"),
            ("hall: { name: { vi: A } }", "hall.name.en", "Add the key"),
            ("scanner: { resolution: 50 }", "scanner.resolution", ""),
            ("scanner: { source: feder }", "scanner.source", "Did you mean “feeder”?"),
            ("scanner: { paper: a3 }", "scanner.paper", "a4"),
            ("scanner: { pageSize: a4 }", "scanner.pageSize", "paper"),
            ("scanner: { port: usb1 }", "scanner.port", "1-1.4"),
            ("scanner: { device: 'test:0', model: x }", "scanner.device", "Leave device out"),
            ("scanner: { options: { a: [1] } }", "scanner.options.a", "text"),
            ("control: { socket: /\(String(repeating: "x", count: 120)) }", "control.socket", "shorter"),
            ("central: { url: ftp://x }", "central.url", "https://HOST"),
            ("central: { enrolment: a }", "central.url", "Add the key"),
            ("central: { url: 'http://c', tls: {} }", "central.tls", "https://"),
            ("central: { url: 'https://c', tls: { key: k } }", "central.tls.key", "both"),
            (
                "central: { url: 'https://c', retry: { firstSeconds: 9, longestSeconds: 3 } }",
                "central.retry.longestSeconds", ""
            ),
            ("queue: { counters: [] }", "queue.counters", ""),
            ("queue: { counters: [{ number: 1 }, { number: 1 }] }", "queue.counters", ""),
            ("queue: { counters: [{ number: 1, prefers: [eldery] }] }", "queue.counters", "Did you mean “elderly”?"),
            ("queue: { classes: [] }", "queue.classes", "priority: false"),
            ("queue: { classes: [{ id: a, label: { vi: A, en: A }, series: AB }] }", "queue.classes[0].series", "A–Z"),
            ("queue: { priorityCap: { calls: 0 } }", "queue.priorityCap.calls", "1 to 100"),
            ("journey: { languages: [vi, vi] }", "journey.languages", "each once"),
            ("journey: { idleTimeoutSeconds: 1 }", "journey.idleTimeoutSeconds", "10 to 1800"),
            ("devices: { printer: {} }", "devices.printer", ""),
            ("devices: { ticket-printer: {} }", "devices.ticket-printer.vendor", "at least one"),
            ("devices: { card-reader: { vendor: 8e6 } }", "devices.card-reader.vendor", "four hexadecimal"),
            ("devices: { card-reader: { port: usb1 } }", "devices.card-reader.port", "1-1.4"),
        ])
    func refused(_ text: String, _ keyPath: String, _ remedy: String) throws {
        let fault = try #require(throws: YAMLFault.self) { try settings(text) }
        #expect(fault.keyPath == keyPath, "\(fault)")
        #expect(remedy.isEmpty || fault.remedy.contains(remedy), "\(fault)")
        #expect(fault.line == 1)
    }
}
