import USB

/// A device of the simulator, at the level of URBs. The USB/IP server answers the standard requests of chapter 9 from
/// `descriptors`; everything else goes to the device.
///
/// A transfer that has nothing to say yet simply does not return (a real device answers NAK); the server cancels its
/// task when the host unlinks the URB, and the device then throws `CancellationError`.
public protocol VirtualUSBDevice: Sendable {
    var descriptors: USBDescriptorSet { get }
    /// A class or vendor request on endpoint 0. Bytes for a device-to-host request, an empty array otherwise.
    func control(_ setup: USBSetup, data: [UInt8]) async throws -> [UInt8]
    /// Bulk or interrupt from the host. The server sends the URBs of one endpoint one after the other.
    func receive(endpoint: UInt8, _ bytes: [UInt8]) async throws
    /// Bulk or interrupt to the host: at most `maximum` bytes; returns when there is something to send.
    func send(endpoint: UInt8, maximum: Int) async throws -> [UInt8]
    /// Bus reset, or a new configuration: forget what is half done.
    func reset() async
}

/// A device answers `throw USBStall()` with a STALL handshake.
public struct USBStall: Error, Equatable {
    public init() {}
}

/// Everything that standard requests ask for.
public struct USBDescriptorSet: Sendable, Equatable {
    /// The 18 bytes of the device descriptor.
    public var device: [UInt8]
    /// The whole configuration: its descriptor, interfaces, class descriptors and endpoints.
    public var configuration: [UInt8]
    /// String descriptors by index, index 0 left out (language 0409h).
    public var strings: [UInt8: String]
    /// HID report descriptors by interface number.
    public var hidReports: [UInt8: [UInt8]]

    public init(
        device: [UInt8], configuration: [UInt8], strings: [UInt8: String] = [:], hidReports: [UInt8: [UInt8]] = [:]
    ) {
        self.device = device
        self.configuration = configuration
        self.strings = strings
        self.hidReports = hidReports
    }
}
