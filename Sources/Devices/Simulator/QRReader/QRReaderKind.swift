/// The QR readers that a simulated kiosk may have.
public enum QRReaderKind: String, Sendable, CaseIterable {
    /// HID POS as the usage tables have it.
    case hidPOS = "hid-pos"
    /// HID POS with everything one byte later, and a report descriptor that does not say so.
    case zebra
    /// HID POS that is silent until feature report 254 is 1.
    case honeywell
    /// A serial line (CDC-ACM).
    case serial
    /// A keyboard that types the code; needs a machine with a kernel that attaches it.
    case keyboard

    /// The device, not plugged in.
    public func makeDevice() -> any VirtualUSBDevice & FaultTarget {
        switch self {
        case .hidPOS: QRReaderDevice()
        case .zebra: QRReaderDevice(vendor: 0x05E0, layout: .late, description: .opaque)
        case .honeywell: QRReaderDevice(needsEnabling: true)
        case .serial: SerialQRReaderDevice()
        case .keyboard: KeyboardWedgeDevice()
        }
    }
}
