import USB

/// The HID interface of a barcode reader and the requests that its driver makes on endpoint 0.
struct HIDPort: Sendable, Equatable {
    let interface: UInt8
    let input: USBEndpoint
    /// Length of the report descriptor as the HID descriptor has it.
    let descriptorLength: UInt16

    /// The feature report by which Honeywell and Youjie readers are switched to HID POS.
    static let enableReport: UInt8 = 254
    static let enableReportBytes: [UInt8] = [enableReport, 1]

    init?(_ info: USBDeviceInfo) {
        for interface in info.interfaces
        where interface.interfaceClass == 3 && interface.interfaceSubclass == 0 && interface.interfaceProtocol == 0 {
            guard
                let input = interface.endpoints.first(where: {
                    $0.kind == .interrupt && $0.isDeviceToHost && $0.maximumPacketSize >= 64
                })
            else { continue }
            self.interface = interface.number
            self.input = input
            self.descriptorLength = Self.length(in: interface.classDescriptors)
            return
        }
        return nil
    }

    /// From the HID descriptor (HID 1.11, 6.2.1): byte 6 a descriptor's type, 7 and 8 its length.
    private static func length(in descriptors: [[UInt8]]) -> UInt16 {
        guard let hid = descriptors.first(where: { $0.count >= 9 && $0[1] == 0x21 }), hid[6] == 0x22 else {
            return UInt16(HIDReportDescriptor.longest)
        }
        return min(UInt16(hid[7]) | UInt16(hid[8]) << 8, UInt16(HIDReportDescriptor.longest))
    }

    /// `GET_DESCRIPTOR` of the report descriptor, asked of the interface (HID 1.11, 7.1.1).
    var reportDescriptorRequest: USBSetup {
        USBSetup(
            requestType: 0x81, request: 6, value: 0x2200, index: UInt16(interface), length: descriptorLength)
    }

    /// `SET_REPORT` of the feature report that switches the reader on (HID 1.11, 7.2.2).
    var enableRequest: USBSetup {
        USBSetup(
            requestType: 0x21, request: 9, value: 0x0300 | UInt16(Self.enableReport), index: UInt16(interface),
            length: UInt16(Self.enableReportBytes.count))
    }
}
