import Peripherals

/// The conditions that every USB device can be in.
public protocol USBDeviceCondition: DeviceCondition {
    static var unknown: Self { get }
    static var absent: Self { get }
    static var busy: Self { get }
    static var accessDenied: Self { get }
    static var fault: Self { get }
}

extension CardReaderCondition: USBDeviceCondition {}
extension BarcodeReaderCondition: USBDeviceCondition {}
extension PrinterCondition: USBDeviceCondition {}

extension USBDeviceCondition {
    /// What an error of the bus means for the device.
    public init(_ error: USBError) {
        switch error {
        case .notFound, .disconnected, .busUnavailable: self = .absent
        case .accessDenied: self = .accessDenied
        case .busy: self = .busy
        case .timedOut, .cancelled: self = .unknown
        case .stalled, .overflow, .malformedDescriptor, .failed: self = .fault
        }
    }
}
