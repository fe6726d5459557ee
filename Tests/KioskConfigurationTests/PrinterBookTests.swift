import Foundation
import Testing

@testable import KioskConfiguration

@Suite("What is known of ticket printers")
struct PrinterBookTests {
    private func book(_ text: String) throws(YAMLFault) -> PrinterBook {
        try PrinterBook.parse(text, file: URL(fileURLWithPath: "/etc/kiosk/devices/printers.yaml"))
    }

    @Test("the file that is delivered can be read; a printer that nobody described is taken carefully")
    func delivered() throws {
        let book = try PrinterBook.load(folder: KioskSettingsTests.folder.appendingPathComponent("devices"))
        #expect(book.abilities(vendor: 0xFFFF, product: 1) == .unknown)
        #expect(book.abilities(vendor: 0x0416, product: 0x5011).dots == 384)
        #expect(book.printers.allSatisfy { !$0.source.isEmpty && !$0.model.isEmpty })
        #expect(try PrinterBook.load(folder: URL(fileURLWithPath: "/nowhere")) == .empty)
    }

    private static let sample = """
        default: { bandHeight: 100, nearEndSensor: false }
        printers:
          - { usb: "1111:*", model: vendor, bandHeight: 20, source: test }
          - { usb: "1111:2222", model: product, bandHeight: 30, nearEndSensor: true, source: test }
          - { ieee1284: { manufacturer: ACME }, model: maker, bandHeight: 40, source: test }
          - { ieee1284: { manufacturer: acme, model: "TP-8*" }, model: family, bandHeight: 50, source: test }
          - { ieee1284: { model: "*58*II" }, model: any maker, bandHeight: 60, cut: none, proof: idle, source: test }
          - { usb: "1111:2222", ieee1284: { model: "TP-88" }, model: both, bandHeight: 70, source: test }
        """

    @Test(
        "the entry counts that fits and names most; before it is opened only the USB id is known",
        arguments: [
            (0x9999, 0x0001, nil, nil, 100),
            (0x1111, 0x0001, nil, nil, 20),
            (0x1111, 0x2222, nil, nil, 30),
            (0x1111, 0x0001, "Acme", nil, 40),
            (0x1111, 0x2222, "Acme", nil, 30),
            (0x9999, 0x0001, "ACME", "TP-80", 50),
            (0x9999, 0x0001, "Other", "TP-80", 100),
            (0x9999, 0x0001, "ACME", "XTP-80", 40),
            (0x9999, 0x0001, nil, "pos-58-ii", 60),
            (0x9999, 0x0001, nil, "POS-58-IV", 100),
            (0x9999, 0x0001, nil, "POS-58-III-II", 60),
            (0x1111, 0x2222, "Acme", "TP-88", 70),
            (0x1111, 0x2222, "Acme", "TP-81", 50),
        ] as [(Int, Int, String?, String?, Int)])
    func lookup(_ vendor: Int, _ product: Int, _ maker: String?, _ model: String?, _ height: Int) throws {
        let found = try book(Self.sample).abilities(
            vendor: UInt16(vendor), product: UInt16(product), manufacturer: maker, model: model)
        #expect(found.bandHeight == height)
        #expect(found.nearEndSensor == (height == 30))
        #expect(found.dots == 576)
    }

    @Test(
        "a mistake is named with its remedy",
        arguments: [
            ("printers: [{ model: m, source: s }]", "usb"),
            ("printers: [{ usb: 04b8, model: m, source: s }]", "vvvv:pppp"),
            ("printers: [{ usb: \"04b8:*\", model: m }]", "source"),
            ("printers: [{ usb: \"04b8:*\", source: s }]", "model"),
            ("printers: [{ usb: \"04b8:*\", model: m, source: s, proff: none }]", "Did you mean “proof”?"),
            ("printers: [{ usb: \"04b8:*\", model: m, source: s, proof: fense }]", "Did you mean “fence”?"),
            ("printers: [{ usb: \"04b8:*\", model: m, source: s, cut: half }]", "partial"),
            ("printers: [{ usb: \"04b8:*\", model: m, source: s, paper: { dots: 380 } }]", "576"),
            ("printers: [{ usb: \"04b8:*\", model: m, source: s, paper: { dpi: 203 } }]", "dotsPerInch"),
            ("printers: [{ usb: \"04b8:*\", model: m, source: s, bandHeight: 256 }]", "8 to 255"),
            ("printers: [{ usb: \"04b8:*\", model: m, source: s, bandBytes: 100 }]", "512"),
            ("printers: [{ ieee1284: { maker: x }, model: m, source: s }]", "manufacturer"),
            (
                "printers: [{ usb: \"04b8:*\", model: m, source: s }, { usb: \"04B8:*\", model: n, source: s }]",
                "one entry for each printer"
            ),
            ("printer: []", "printers"),
        ])
    func mistakes(_ text: String, _ hint: String) {
        do throws(YAMLFault) {
            _ = try book(text)
            Issue.record("accepted: \(text)")
        } catch {
            #expect(error.remedy.contains(hint), "\(error)")
        }
    }
}
