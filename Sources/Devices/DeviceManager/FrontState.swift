import Peripherals
import USB

/// What is known of the device that plays a role: its condition, and its report for technicians.
final class FrontState<Condition: USBDeviceCondition>: Sendable {
    let conditions = LatestValue(Condition.unknown)
    let reports = LatestValue(DeviceReport(Condition.unknown))

    var condition: Condition { conditions.value }

    /// - Parameters:
    ///   - product: what the device calls itself, where that is better than its USB string.
    ///   - remedy: where more is known than the condition says.
    func set(_ condition: Condition, _ info: USBDeviceInfo?, product: String? = nil, remedy: String? = nil) {
        conditions.set(condition)
        var report = DeviceReport(
            condition, product: product ?? info.map(Self.product), usbID: info?.usbID, serial: info?.serial,
            port: info?.port)
        if let remedy { report.remedy = remedy }
        reports.set(report)
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
