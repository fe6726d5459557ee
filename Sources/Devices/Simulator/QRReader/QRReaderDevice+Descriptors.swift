import USB

extension QRReaderDevice {
    static let inEndpoint: UInt8 = 0x81

    /// - Parameter product: of no real reader.
    static func descriptors(
        vendor: UInt16, product: UInt16, layout: Layout, description: Description, needsEnabling: Bool
    ) -> USBDescriptorSet {
        let report = reportDescriptor(layout: layout, description: description, needsEnabling: needsEnabling)
        let ids = [vendor, product].flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let device: [UInt8] = [18, 1, 0x00, 0x02, 0, 0, 0, 64] + ids + [0x00, 0x01, 1, 2, 3, 1]
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
    static func reportDescriptor(
        layout: Layout = .common, description: Description = .told, needsEnabling: Bool
    ) -> [UInt8] {
        var bytes: [UInt8] = [
            0x05, 0x8C,  // usage page: bar code scanner
            0x09, 0x02,  // usage: bar code scanner
            0xA1, 0x01,  // collection: application
            0x09, 0x12,  // usage: scanned data report
            0xA1, 0x02,  // collection: logical
            0x85, 0x02,  // report id 2
            0x15, 0x00, 0x26, 0xFF, 0x00,  // logical 0 to 255
            0x75, 0x08,  // 8 bits
        ]
        bytes += description == .opaque ? opaqueReport : scannedData(description == .told ? layout : .common)
        bytes.append(0xC0)
        if needsEnabling && description != .opaque {
            bytes += [0x06, 0x00, 0xFF, 0x85, 0xFE, 0x95, 0x01, 0x09, 0x01, 0xB1, 0x02]  // feature report 254
        }
        return bytes + [0xC0]
    }

    /// 63 bytes of the maker's own usage page.
    private static let opaqueReport: [UInt8] = [0x06, 0x00, 0xFF, 0x09, 0x01, 0x95, 0x3F, 0x81, 0x02]

    private static func scannedData(_ layout: Layout) -> [UInt8] {
        let reserved: (UInt8) -> [UInt8] = { [0x95, $0, 0x81, 0x03] }
        let identifier: [UInt8] = [0x95, 0x03, 0x09, 0xFB, 0x09, 0xFC, 0x09, 0xFD, 0x81, 0x02]
        let head: [UInt8] = [0x95, 0x01, 0x05, 0x01, 0x09, 0x3B, 0x81, 0x02, 0x05, 0x8C]  // byte count
        let middle: [UInt8] =
            switch layout {
            case .common: identifier
            case .late: reserved(1) + identifier
            case .noIdentifier: reserved(3)
            }
        // 56 bytes of decoded data, buffered bytes; the rest up to byte 62; decode data continued.
        return head + middle + [0x95, 0x38, 0x09, 0xFE, 0x82, 0x02, 0x01] + reserved(layout == .late ? 1 : 2)
            + [0x95, 0x01, 0x09, 0xFF, 0x81, 0x02]
    }
}
