import Foundation
import Testing

@testable import KioskConfiguration

@Suite("What is special about QR readers")
struct BarcodeReaderDataTests {
    private func data(_ text: String) throws -> BarcodeReaderData {
        let folder = FileManager.default.temporaryDirectory.appending(path: "devices-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(text.utf8).write(to: folder.appending(path: BarcodeReaderData.fileName))
        return try BarcodeReaderData.load(folder: folder)
    }

    @Test("the shipped file loads, each entry with its source, and knows the makes")
    func shipped() throws {
        let data = try BarcodeReaderData.load(folder: KioskSettingsTests.folder.appending(path: "devices"))
        #expect(data.readers.count >= 4 && data.readers.allSatisfy { !$0.source.isEmpty })
        let honeywell = try #require(data.entry(vendor: 0x0C2E, product: 0x0B8F))
        #expect(honeywell.needsEnabling && honeywell.layout.identifier == 1)
        let zebra = try #require(data.entry(vendor: 0x05E0, product: 1))
        #expect(!zebra.needsEnabling && zebra.layout.identifier == 2 && zebra.layout.data == 5)
        let other = try #require(data.entry(vendor: 1, product: 1))
        #expect(other == data.standard && other.layout == .init(length: 0, identifier: 1, data: 4, continued: 62))
    }

    @Test("without the file nothing is special")
    func missing() throws {
        let data = try BarcodeReaderData.load(folder: URL(filePath: "/no/such/folder"))
        #expect(data.entry(vendor: 0x0C2E, product: 1) == nil)
    }

    @Test("a model goes before its make, whatever the order")
    func models() throws {
        let data = try data(
            """
            readers:
              - { usb: "1eab:*", source: a }
              - { usb: "1EAB:0022", layout: { withoutIdentifier: true, data: 1 }, source: b }
            """)
        #expect(data.entry(vendor: 0x1EAB, product: 0x22)?.source == "b")
        #expect(data.entry(vendor: 0x1EAB, product: 0x22)?.layout.identifier == nil)
        #expect(data.entry(vendor: 0x1EAB, product: 0x23)?.source == "a")
    }

    @Test(
        "a mistake is refused where it stands",
        arguments: [
            ("readers: [{ usb: 5e0, source: a }]", "readers[0].usb"),
            ("readers: [{ usb: \"05e0:*\" }]", "readers[0].source"),
            ("readers: [{ usb: \"05e0:*\", source: a, layuot: {} }]", "readers[0].layuot"),
            ("readers: [{ usb: \"05e0:*\", source: a, layout: { data: 63 } }]", "readers[0].layout.data"),
            ("readers: [{ usb: \"05e0:*\", source: a, layout: { data: 0 } }]", "readers[0].layout.data"),
            (
                "readers: [{ usb: \"05e0:*\", source: a, layout: { identifier: 1, withoutIdentifier: true } }]",
                "readers[0].layout.identifier"
            ),
        ])
    func mistakes(_ text: String, _ path: String) throws {
        let fault = #expect(throws: YAMLFault.self) { try data(text) }
        #expect(fault?.keyPath == path)
    }
}
