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

    @Test("where length, identifier, data and flag stand is read from the descriptor")
    func layouts() throws {
        func layout(_ layout: QRReaderDevice.Layout, _ description: QRReaderDevice.Description) throws -> HIDPOSLayout?
        {
            let device = QRReaderDevice(layout: layout, description: description)
            return HIDReportDescriptor(try #require(device.descriptors.hidReports[0]))?.scannedData
        }
        let common = HIDPOSLayout(report: 2, length: 0, identifier: 1, data: 4, capacity: 56, continued: 62)
        #expect(try layout(.common, .told) == common)
        #expect(
            try layout(.late, .told)
                == HIDPOSLayout(report: 2, length: 0, identifier: 2, data: 5, capacity: 56, continued: 62))
        #expect(
            try layout(.noIdentifier, .told)
                == HIDPOSLayout(report: 2, length: 0, identifier: nil, data: 4, capacity: 56, continued: 62))
        #expect(try layout(.late, .common) == common)
        #expect(try layout(.late, .opaque) == nil)
    }

    @Test("a range of usages, push and pop, and another report number are understood")
    func fieldItems() throws {
        let bytes: [UInt8] = [
            0x05, 0x8C, 0x09, 0x02, 0xA1, 0x01, 0x85, 0x07, 0x75, 0x08, 0xA4,
            0x05, 0x01, 0x95, 0x01, 0x09, 0x3B, 0x81, 0x02, 0xB4,  // byte count, then the page is 8Ch again
            0x95, 0x03, 0x19, 0xFB, 0x29, 0xFD, 0x81, 0x02, 0x95, 0x0A, 0x09, 0xFE, 0x81, 0x02, 0xC0,
        ]
        let layout = try #require(HIDReportDescriptor(bytes)?.scannedData)
        #expect(layout == HIDPOSLayout(report: 7, length: 0, identifier: 1, data: 4, capacity: 10, continued: nil))
        let report = HIDPOSReport(
            [7, 2, 0x5D, 0x51, 0x31, 65, 66] + [UInt8](repeating: 0, count: 8), layouts: [layout])
        #expect(report == HIDPOSReport([7, 2] + [UInt8]("]Q1AB".utf8) + [0, 0, 0, 0, 0, 0, 0, 0], layouts: [layout]))
        #expect(report?.data == [65, 66] && report?.symbology == "]Q1" && report?.isContinued == false)
    }

    @Test("counts, sizes and depths beyond any sense are refused")
    func bounds() {
        #expect(HIDReportDescriptor([0x77, 0xFF, 0xFF, 0xFF, 0xFF, 0x97, 0xFF, 0xFF, 0xFF, 0xFF, 0x81, 2]) == nil)
        #expect(HIDReportDescriptor([UInt8](repeating: 0xA4, count: 100)) == nil)
        #expect(HIDReportDescriptor([0xB4]) == nil)
        #expect(HIDReportDescriptor([0x1A, 0, 0, 0x2A, 0xFF, 0xFF, 0x81, 2]) == nil)
        #expect(HIDReportDescriptor([0x1A, 9, 0, 0x2A, 1, 0]) == nil)
    }
}
