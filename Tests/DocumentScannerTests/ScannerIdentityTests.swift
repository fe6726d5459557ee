import DocumentScanner
import Foundation
import Peripherals
import Simulator
import Testing

@testable import SANEScanning

@Suite("The same scanner again")
struct ScannerIdentityTests {
    private static func scanner(
        _ name: String, model: String = "fi-7160", serial: String? = "A1", port: String? = "1-4"
    ) -> FoundScanner {
        FoundScanner(
            name: name, vendor: "FUJITSU", model: model, type: "scanner", serial: serial, port: port,
            usbID: "04c5:132e")
    }

    private static let past = scanner("fujitsu:libusb:001:007")
    private static let moved = scanner("fujitsu:libusb:001:009")
    private static let elsewhere = scanner("fujitsu:libusb:003:002", port: "3-1")
    private static let twin = scanner("fujitsu:libusb:001:005", serial: "B2", port: "1-2")
    private static let spare = scanner("fujitsu:libusb:001:010", serial: "C3")
    private static let mute = scanner("fujitsu:libusb:001:011", serial: nil, port: "1-9")
    private static let other = scanner("epson:libusb:001:003", model: "DS-530", serial: "E9", port: "1-3")

    static let choices: [(String, [FoundScanner], FoundScanner?)] = [
        ("another number after a power cycle", [twin, moved], moved),
        ("another port", [twin, elsewhere, other], elsewhere),
        ("switched off, its twin is not it", [twin], nil),
        ("its twin stands before it", [twin, other, moved], moved),
        ("a spare one was put in its place", [twin, spare], spare),
        ("it itself goes before the one in its old place", [spare, elsewhere], elsewhere),
        ("one that does not tell its serial number may be it", [mute], mute),
        ("one that is surely it goes before one that may be", [mute, elsewhere], elsewhere),
        ("a scanner of another model was brought", [twin, other], other),
        ("none is there", [], nil),
    ]

    @Test("it is found by serial number, then place, and never taken for its twin", arguments: choices)
    func choose(_ story: String, _ there: [FoundScanner], _ expected: FoundScanner?) {
        #expect(ScannerSelection.first.choose(from: there, past: Self.past) == expected, "\(story)")
    }

    @Test("what the settings name goes before what was used last")
    func settings() {
        let there = [Self.moved, Self.twin, Self.other]
        #expect(ScannerSelection(serial: "B2").choose(from: there, past: Self.past) == Self.twin)
        #expect(ScannerSelection(serial: "B2").choose(from: [Self.moved, Self.mute], past: Self.past) == nil)
        #expect(ScannerSelection(port: "1-3").choose(from: there, past: Self.past) == Self.other)
        #expect(ScannerSelection(vendor: "fuji", model: "7160").choose(from: there, past: nil) == Self.moved)
        #expect(ScannerSelection(model: "530").choose(from: there, past: Self.past) == Self.other)
    }

    /// A folder like `/sys/bus/usb/devices`.
    private static func sysfs(_ devices: [String: [String: String]], in root: URL) throws -> USBPlace {
        for (port, attributes) in devices {
            let folder = root.appendingPathComponent(port)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for (name, value) in attributes {
                try Data((value + "\n").utf8).write(to: folder.appendingPathComponent(name))
            }
        }
        return USBPlace(devices: root.path)
    }

    private static let attributes = [
        "busnum": "1", "devnum": "7", "serial": "A1", "idVendor": "04c5", "idProduct": "132e",
    ]

    @Test("the kernel tells serial number and port of a USB scanner; a power cycle gives it another number")
    func kernel() throws {
        let bench = try ScannerBench()
        let root = bench.root.appendingPathComponent("usb")
        let interface = ["busnum": "1", "devnum": "7"]
        let usb = try Self.sysfs(
            ["1-4": Self.attributes, "1-4:1.0": interface, "usb1": ["busnum": "1", "devnum": "1"]], in: root)
        let listed = FoundScanner(
            name: "fujitsu:libusb:001:007", vendor: "FUJITSU", model: "fi-7160", type: "scanner")
        let found = usb.complete(listed)
        #expect(found.serial == "A1" && found.port == "1-4" && found.usbID == "04c5:132e")
        #expect(usb.isGone(found) == false)
        var search = ScannerSearch(selection: .first, past: found, usb: usb, airscan: "")
        #expect(try search.withoutList() == found, "it stands where it stood: SANE need not search")

        // Switched off and on: the kernel counts on.
        _ = try Self.sysfs(["1-4": ["devnum": "9"]], in: root)
        #expect(usb.isGone(found) == true)
        #expect(try search.withoutList() == nil)
        var now = listed
        now.name = "fujitsu:libusb:001:009"
        #expect(try search.choose(among: [now]) { _ in }.serial == "A1")
        #expect(search.reason(of: .device(.fault), from: found) == .device(.lost))
        #expect(search.reason(of: .device(.jam), from: found) == .device(.jam))

        // Its twin got its old number.
        _ = try Self.sysfs(["1-4": ["devnum": "7", "serial": "B2"]], in: root)
        search = ScannerSearch(selection: .first, past: found, usb: usb, airscan: "")
        #expect(try search.withoutList() == nil)
    }

    @Test(
        "bus and device number, or the serial number, are read from the names that back ends make",
        arguments: [
            ("fujitsu:libusb:001:007", [1, 7], nil), ("epkowa:interpreter:002:014", [2, 14], nil),
            ("brother4:bus3;dev11", [3, 11], nil), ("pixma:04A91912_3A5F01", [], "3A5F01"),
            ("hpaio:/usb/Officejet_5740?serial=TH4BK1", [], "TH4BK1"), ("test:0", [], nil),
            ("airscan:e0:Scanner", [], nil), ("libusb:aaa:bbb", [], nil),
        ] as [(String, [Int], String?)])
    func names(_ name: String, _ numbers: [Int], _ serial: String?) {
        let found = USBPlace.numbers(in: name)
        #expect((found.map { [$0.bus, $0.device] } ?? []) == numbers)
        #expect(USBPlace.serial(in: name) == serial)
    }

    @Test("a driverless scanner says who it is; without a serial number its UUID stands for it")
    func capabilities() {
        func xml(_ inner: String) -> [UInt8] {
            Array(
                """
                <scan:ScannerCapabilities xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03"
                xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm">\(inner)</scan:ScannerCapabilities>
                """.utf8)
        }
        let full = ESCLCapabilities(
            xml: xml(
                "<pwg:MakeAndModel>X 1</pwg:MakeAndModel><pwg:SerialNumber>S</pwg:SerialNumber><scan:UUID>U</scan:UUID>"
            ))
        #expect(full?.model == "X 1" && full?.serial == "S")
        #expect(ESCLCapabilities(xml: xml("<scan:UUID>U</scan:UUID>"))?.serial == "U")
        #expect(ESCLCapabilities(xml: xml(""))?.serial == nil)
        #expect(ESCLCapabilities(xml: Array("<scan:ScannerStatus/>".utf8)) == nil)
        #expect(ESCLCapabilities(xml: Array("<scan:Sca".utf8)) == nil)
    }

    @Test("a network scanner that comes back at another address is found by its serial number, its twin is not taken")
    func otherAddress() async throws {
        let bench = try ScannerBench()
        let sane = bench.root.appendingPathComponent("sane")
        let memory = bench.root.appendingPathComponent("scanner.json")
        func server(_ serial: String) async throws -> (ESCLServer, String) {
            let server = ESCLServer(sheets: [.blank], serial: serial)
            let port = try await server.start()
            return (server, "http://127.0.0.1:\(port)/eSCL")
        }
        func scanner(_ addresses: [String]) throws -> SANEScanner {
            try SANEConfiguration.write(
                to: sane, airscan: addresses.enumerated().map { (name: "Scanner \($0)", url: $1) })
            var setup = bench.setup(.first, ScanSettings(mode: .grey, paper: .a6, resolution: 75))
            setup.memory = memory
            return SANEScanner(setup)
        }
        let (ours, before) = try await server("OURS")
        let (twin, twinAddress) = try await server("TWIN")
        #expect(await collect(try scanner([before, twinAddress]).scan(into: bench.pages)).pages.count == 1)
        #expect(await ours.pagesFetched == 1)

        // Switched off: its twin is seen and named, but not used.
        await ours.stop()
        let waiting = try scanner([before, twinAddress])
        #expect(await collect(waiting.scan(into: bench.pages)).error == .device(.absent))
        let report = await waiting.report()
        #expect(report.condition == "absent" && report.remedy.contains("TWIN"), "\(report.remedy)")

        // It comes back behind the twin, at an address of its own: SANE calls it otherwise now.
        let (again, after) = try await server("OURS")
        let found = try scanner([twinAddress, after])
        #expect(await collect(found.scan(into: bench.pages)).pages.count == 1)
        #expect(await again.pagesFetched == 1)
        #expect(await twin.pagesFetched == 0)
        #expect(await found.report().serial == "OURS")
        await twin.stop()
        await again.stop()
    }

    @Test(
        "what the memory's file holds is believed only when it can be read",
        arguments: ["", "{", "[1]", "{\"name\":1}"])
    func badMemory(_ text: String) async throws {
        let bench = try ScannerBench()
        let memory = bench.root.appendingPathComponent("scanner.json")
        try Data(text.utf8).write(to: memory)
        try await withScanner(sheets: [.blank]) { _, address in
            try SANEConfiguration.write(
                to: bench.root.appendingPathComponent("sane"), airscan: [(name: "Scanner", url: address)])
            var setup = bench.setup(.first, ScanSettings(mode: .grey, resolution: 75))
            setup.memory = memory
            #expect(await SANEScanner(setup).condition() == .ready)
        }
        let kept = try JSONDecoder().decode(FoundScanner.self, from: Data(contentsOf: memory))
        #expect(kept.serial == "KVS-0001")
    }
}
