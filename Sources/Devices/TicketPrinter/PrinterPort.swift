import Peripherals
import USB

/// The USB printer class (1.1): its interface and its requests on endpoint 0, which work also while the bulk
/// endpoints are blocked.
struct PrinterPort: Sendable, Equatable {
    let interface: UInt8
    let output: USBEndpoint
    /// nil for a unidirectional printer (protocol 1).
    let input: USBEndpoint?

    /// Base class 7, subclass 1.
    static let interfaceClass: UInt8 = 7

    /// The first printer interface that the driver can speak to: bidirectional (protocol 2) before unidirectional (1).
    /// IPP over USB (protocol 4) is not ours.
    init?(_ info: USBDeviceInfo) {
        let candidates = info.interfaces.filter {
            $0.interfaceClass == Self.interfaceClass && (1...3).contains($0.interfaceProtocol)
        }
        for wanted: UInt8 in [2, 1, 3] {
            for interface in candidates where interface.interfaceProtocol == wanted {
                let bulk = interface.endpoints.filter { $0.kind == .bulk }
                guard let output = bulk.first(where: { !$0.isDeviceToHost }) else { continue }
                self.interface = interface.number
                self.output = output
                self.input = bulk.first { $0.isDeviceToHost }
                return
            }
        }
        return nil
    }

    /// `GET_DEVICE_ID`.
    var deviceIDRequest: USBSetup {
        USBSetup(requestType: 0xA1, request: 0, value: 0, index: UInt16(interface) << 8, length: 1023)
    }

    /// `GET_PORT_STATUS`.
    var statusRequest: USBSetup {
        USBSetup(requestType: 0xA1, request: 1, value: 0, index: UInt16(interface), length: 1)
    }

    /// `SOFT_RESET`: empties the printer's buffers.
    var softResetRequest: USBSetup {
        USBSetup(requestType: 0x21, request: 2, value: 0, index: UInt16(interface), length: 0)
    }

    /// What the port status byte says (printer class 1.1, 4.2.2): bit 3 no error, bit 4 selected, bit 5 paper empty.
    /// nil when it says nothing wrong, which is no proof that nothing is.
    static func condition(ofStatus byte: UInt8) -> PrinterCondition? {
        if byte & 0x20 != 0 { return .paperOut }
        return byte & 0x18 == 0x18 ? nil : .offline
    }
}
