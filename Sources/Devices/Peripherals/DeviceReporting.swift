/// All devices of the kiosk as a technician sees them.
public protocol DeviceReporting: Sendable {
    /// One report a role, also for a device that is absent.
    func reports() async -> [DeviceReport]
    /// The reports now, then all of them again after each change.
    func reportChanges() async -> AsyncStream<[DeviceReport]>
}
