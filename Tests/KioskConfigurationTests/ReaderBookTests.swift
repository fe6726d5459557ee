import Foundation
import Testing

@testable import KioskConfiguration

@Suite("What is known of card readers")
struct ReaderBookTests {
    private func book(_ text: String) throws(YAMLFault) -> ReaderBook {
        try ReaderBook.parse(text, file: URL(fileURLWithPath: "/etc/kiosk/devices/readers.yaml"))
    }

    @Test("the file that is delivered can be read, and every entry says where it comes from")
    func delivered() throws {
        let book = try ReaderBook.load(KioskSettingsTests.folder.appendingPathComponent("devices/readers.yaml"))
        #expect(book.readers.count >= 15)
        #expect(book.quirks(vendor: 0x072F, product: 0x2224).slot == 1)
        #expect(book.quirks(vendor: 0x04E6, product: 0x5724).interface == 1)
        #expect((book.quirks(vendor: 0x09D8, product: 0x0428).firstAnswerMs ?? 0) > 1000)
        #expect(book.quirks(vendor: 0xFFFF, product: 1) == book.standard)
        #expect(book.standard == ReaderBook.empty.standard)
    }

    @Test("a product's own entry comes before its vendor's, and that before the default")
    func lookup() throws {
        let book = try book(
            """
            default: { pollIntervalMs: 500 }
            readers:
              - { usb: "072f:*", model: all, slot: 2, source: test }
              - { usb: "072F:223B", model: one, polling: true, level: extended, messageBytes: 271, source: test }
            """)
        #expect(book.quirks(vendor: 0x072F, product: 0x223B).polling)
        #expect(book.quirks(vendor: 0x072F, product: 0x223B).level == .extended)
        #expect(book.quirks(vendor: 0x072F, product: 0x223B).messageBytes == 271)
        #expect(book.quirks(vendor: 0x072F, product: 0x223B).slot == nil)
        #expect(book.quirks(vendor: 0x072F, product: 1).slot == 2)
        #expect(book.quirks(vendor: 1, product: 1).pollIntervalMs == 500)
    }

    @Test(
        "a mistake is named with its remedy",
        arguments: [
            ("readers: [{ usb: 072f, model: m, source: s }]", "vendor:product"),
            ("readers: [{ usb: \"072f:223b\", model: m }]", "source"),
            ("readers: [{ usb: \"072f:223b\", model: m, source: s, slots: 1 }]", "Did you mean “slot”?"),
            ("readers: [{ usb: \"072f:223b\", model: m, source: s, level: extnded }]", "extended"),
            ("readers: [{ usb: \"072f:223b\", model: m, source: s, slot: 16 }]", "0 to 15"),
            ("readers: [{ usb: \"072f:223b\", model: m, source: s, firstAnswerMs: 1 }]", "50 to 10000"),
            (
                "readers: [{ usb: \"072f:223b\", model: m, source: s }, { usb: \"072F:223B\", model: m, source: s }]",
                "one entry for each reader"
            ),
            ("reader: []", "readers"),
        ])
    func mistakes(text: String, hint: String) {
        do throws(YAMLFault) {
            _ = try book(text)
            Issue.record("accepted: \(text)")
        } catch {
            #expect(error.remedy.contains(hint), "\(error)")
        }
    }

    @Test("the kiosk reaches its reader by USB unless it is told to go through pcscd")
    func way() throws {
        let file = URL(fileURLWithPath: "/etc/kiosk/kiosk.yaml")
        #expect(try KioskSettings.parse("", file: file).reader == .usb)
        #expect(try KioskSettings.parse("reader: pcsc", file: file).reader == .pcsc)
        #expect(throws: YAMLFault.self) { try KioskSettings.parse("reader: pcscd", file: file) }
    }

    @Test("the folder of device data is optional; one that is named must be there")
    func folder() throws {
        let file = URL(fileURLWithPath: "/nowhere/kiosk.yaml")
        #expect(try KioskSettings.parse("", file: file).folders.devices == nil)
        let named = try KioskSettings.parse("folders: { devices: data }", file: file)
        #expect(named.folders.devices?.path == "/nowhere/data")
        #expect(
            try KioskSettings.parse("", file: KioskSettingsTests.folder.appendingPathComponent("kiosk.yaml"))
                .folders.devices?.lastPathComponent == "devices")
        #expect(throws: YAMLFault.self) { try ReaderBook.load(URL(fileURLWithPath: "/nowhere/readers.yaml")) }
    }
}
