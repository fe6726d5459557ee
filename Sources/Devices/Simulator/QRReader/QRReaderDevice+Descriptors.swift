import USB

extension QRReaderDevice {
    static let inEndpoint: UInt8 = 0x81

    static func descriptors(needsEnabling: Bool) -> USBDescriptorSet {
        let report = reportDescriptor(needsEnabling: needsEnabling)
        // Honeywell's vendor id with a product id of no real reader.
        let device: [UInt8] = [18, 1, 0x00, 0x02, 0, 0, 0, 64, 0x2E, 0x0C, 0xF1, 0xFF, 0x00, 0x01, 1, 2, 3, 1]
        let interface: [UInt8] = [9, 4, 0, 0, 1, 3, 0, 0, 0]
        let hid: [UInt8] = [9, 0x21, 0x11, 0x01, 0, 1, 0x22, UInt8(report.count & 0xFF), UInt8(report.count >> 8)]
        let input: [UInt8] = [7, 5, inEndpoint, 3, 64, 0, 4]
        let body = interface + hid + input
        let configuration: [UInt8] = [9, 2, UInt8(9 + body.count), 0, 1, 1, 0, 0x80, 50] + body
        return USBDescriptorSet(
            device: device, configuration: configuration,
            strings: [1: "Simulated", 2: "QR reader (HID POS)", 3: "SIMQR00001"], hidReports: [0: report])
    }

    /// A bar code scanner (HID Point of Sale Usage Tables 1.02) with one report of scanned data.
    static func reportDescriptor(needsEnabling: Bool) -> [UInt8] {
        var bytes: [UInt8] = [
            0x05, 0x8C,  // usage page: bar code scanner
            0x09, 0x02,  // usage: bar code scanner
            0xA1, 0x01,  // collection: application
            0x09, 0x12,  // usage: scanned data report
            0xA1, 0x02,  // collection: logical
            0x85, 0x02,  // report id 2
            0x15, 0x00, 0x26, 0xFF, 0x00,  // logical 0 to 255
            0x75, 0x08,  // 8 bits
            0x95, 0x01, 0x05, 0x01, 0x09, 0x3B, 0x81, 0x02,  // byte count
            0x05, 0x8C, 0x95, 0x03, 0x09, 0xFB, 0x09, 0xFC, 0x09, 0xFD, 0x81, 0x02,  // AIM identifier
            0x95, 0x38, 0x09, 0xFE, 0x82, 0x02, 0x01,  // 56 bytes of decoded data, buffered bytes
            0x95, 0x02, 0x81, 0x03,  // two reserved bytes
            0x95, 0x01, 0x09, 0xFF, 0x81, 0x02,  // decode data continued
            0xC0,
        ]
        if needsEnabling {
            bytes += [0x06, 0x00, 0xFF, 0x85, 0xFE, 0x95, 0x01, 0x09, 0x01, 0xB1, 0x02]  // feature report 254
        }
        return bytes + [0xC0]
    }
}
