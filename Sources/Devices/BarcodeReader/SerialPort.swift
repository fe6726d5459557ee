import USB

/// The two interfaces of a USB serial line (CDC 1.2 and PSTN 1.2, abstract control model) and the requests made on it.
struct SerialPort: Sendable, Equatable {
    let control: UInt8
    let data: UInt8
    let input: USBEndpoint

    private enum Class {
        static let communications: UInt8 = 0x02
        static let abstractControl: UInt8 = 0x02
        static let data: UInt8 = 0x0A
        /// A functional descriptor of an interface (CDC 1.2, 5.2.3), and the one that joins interfaces.
        static let functional: UInt8 = 0x24
        static let union: UInt8 = 0x06
    }

    init?(_ info: USBDeviceInfo) {
        for control in info.interfaces
        where control.interfaceClass == Class.communications && control.interfaceSubclass == Class.abstractControl {
            let joined = Self.joined(to: control)
            let candidates = info.interfaces.filter { interface in
                interface.interfaceClass == Class.data
                    && (joined.map { $0 == interface.number } ?? (interface.number > control.number))
            }
            for data in candidates {
                guard let input = data.endpoints.first(where: { $0.kind == .bulk && $0.isDeviceToHost }) else {
                    continue
                }
                self.control = control.number
                self.data = data.number
                self.input = input
                return
            }
        }
        return nil
    }

    /// The data interface that the union descriptor names (CDC 1.2, 5.2.3.2).
    private static func joined(to control: USBInterface) -> UInt8? {
        control.classDescriptors.first {
            $0.count >= 5 && $0[1] == Class.functional && $0[2] == Class.union && $0[3] == control.number
        }?[4]
    }

    /// 115,200 baud, one stop bit, no parity, eight bits (PSTN 1.2, table 17). A line that is really USB goes at any
    /// speed; some readers send nothing before it is set.
    static let lineCoding: [UInt8] = [0x00, 0xC2, 0x01, 0x00, 0, 0, 8]

    /// `SET_LINE_CODING` (PSTN 1.2, 6.3.10).
    var setLineCoding: USBSetup {
        USBSetup(
            requestType: 0x21, request: 0x20, value: 0, index: UInt16(control), length: UInt16(Self.lineCoding.count))
    }

    /// `SET_CONTROL_LINE_STATE` (PSTN 1.2, 6.3.12): DTR and RTS say that somebody listens.
    func setControlLines(isListening: Bool) -> USBSetup {
        USBSetup(requestType: 0x21, request: 0x22, value: isListening ? 3 : 0, index: UInt16(control), length: 0)
    }
}
