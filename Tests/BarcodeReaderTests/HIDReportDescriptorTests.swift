import Simulator
import Testing
import USB

@testable import BarcodeReader

@Suite struct HIDReportDescriptorTests {
    @Test("a HID POS reader is known by its usage, with its reports")
    func reader() throws {
        let bytes = try #require(QRReaderDevice(needsEnabling: true).descriptors.hidReports[0])
        let descriptor = try #require(HIDReportDescriptor(bytes))
        #expect(descriptor.isBarcodeScanner)
        #expect(descriptor.inputReports == [2] && descriptor.featureReports == [254])
    }

    @Test("a keyboard and a touchscreen are no readers")
    func others() throws {
        // The boot keyboard of HID 1.11, appendix B.1, shortened to its head and one input.
        let keyboard: [UInt8] = [0x05, 1, 0x09, 6, 0xA1, 1, 0x05, 7, 0x75, 1, 0x95, 8, 0x81, 2, 0xC0]
        let touch: [UInt8] = [0x05, 0x0D, 0x09, 4, 0xA1, 1, 0x85, 2, 0x09, 0x42, 0x81, 2, 0xC0]
        for bytes in [keyboard, touch] {
            #expect(try #require(HIDReportDescriptor(bytes)).isBarcodeScanner == false)
        }
        #expect(HIDReportDescriptor(touch)?.applications == [.init(page: 0x0D, usage: 4)])
    }

    @Test("a four-byte usage carries its own page, a long item is skipped")
    func items() {
        let bytes: [UInt8] = [0xFE, 2, 0x10, 1, 2, 0x0B, 0x02, 0x00, 0x8C, 0x00, 0xA1, 1, 0xC0]
        #expect(HIDReportDescriptor(bytes)?.isBarcodeScanner == true)
    }

    @Test("descriptors that run over their end, or have none, are refused")
    func malformed() {
        #expect(HIDReportDescriptor([0x06, 0x8C]) == nil)
        #expect(HIDReportDescriptor([0xFE]) == nil)
        #expect(HIDReportDescriptor([UInt8](repeating: 0xC0, count: 5000)) == nil)
        #expect(HIDReportDescriptor([]).map { $0.isBarcodeScanner } == false)
    }
}
