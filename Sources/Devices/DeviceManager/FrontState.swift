import Peripherals
import USB

/// The conditions that every USB device can be in.
protocol USBDeviceCondition: DeviceCondition {
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
    init(_ error: USBError) {
        switch error {
        case .notFound, .disconnected, .busUnavailable: self = .absent
        case .accessDenied: self = .accessDenied
        case .busy: self = .busy
        case .timedOut, .cancelled: self = .unknown
        case .stalled, .overflow, .malformedDescriptor, .failed: self = .fault
        }
    }
}

/// What is known of the device that plays a role: its condition, and its report for technicians.
final class FrontState<Condition: USBDeviceCondition>: Sendable {
    let conditions = LatestValue(Condition.unknown)
    let reports = LatestValue(DeviceReport(Condition.unknown))

    var condition: Condition { conditions.value }

    /// - Parameter product: what the device calls itself, where that is better than its USB string.
    func set(_ condition: Condition, _ info: USBDeviceInfo?, product: String? = nil) {
        conditions.set(condition)
        reports.set(
            DeviceReport(
                condition, product: product ?? info.map(Self.product),
                usbID: info.map { USBID(vendor: $0.vendor, product: $0.product).description }, serial: info?.serial,
                port: info?.port))
    }

    private static func product(_ info: USBDeviceInfo) -> String {
        let words = [info.manufacturerName, info.productName].compactMap { $0 }
        return words.isEmpty ? "USB device" : words.joined(separator: " ")
    }
}

/// A role's front object as the manager drives it.
protocol RoleFront: Sendable {
    var reports: LatestValue<DeviceReport> { get }
    /// Serves the device until it is gone or the task is cancelled, then lets go of it.
    /// - Returns: whether the device served at all.
    func serve(_ device: any USBDevice) async -> Bool
    /// The device cannot be opened.
    func refuse(_ error: USBError, _ info: USBDeviceInfo)
    /// No device plays the role now.
    func vacate()
}
