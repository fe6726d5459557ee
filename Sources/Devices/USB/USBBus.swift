/// A set of USB devices that can be watched and opened: the machine's own (`LibUSBBus`) or a USB/IP server's
/// (`USBIPBus`). Drivers see no difference.
public protocol USBBus: Sendable {
    /// What is plugged in now.
    func devices() async throws(USBError) -> Set<USBDeviceInfo>
    /// The whole set now, then the whole set again after each change. A bus that can't be reached yields the empty set
    /// and is tried again until the stream is dropped.
    func deviceSets() -> AsyncStream<Set<USBDeviceInfo>>
    func open(_ device: USBDeviceInfo) async throws(USBError) -> any USBDevice
}

/// An opened device. Transfers of one endpoint run in the order in which they were asked for.
///
/// Every transfer has a deadline and ends with `.cancelled` soon after its task is cancelled. After `.disconnected`
/// the device is dead for good: open the one that comes back.
public protocol USBDevice: Sendable {
    var info: USBDeviceInfo { get }
    /// Claims an interface; takes it from a kernel driver if one holds it.
    func claim(interface: UInt8) async throws(USBError)
    func release(interface: UInt8) async
    /// A control transfer. For a device-to-host request `data` is ignored and at most `setup.length` bytes come back.
    func control(_ setup: USBSetup, data: [UInt8], deadline: Duration) async throws(USBError) -> [UInt8]
    /// One bulk or interrupt transfer from the device: at most `maximum` bytes, ended early by a short packet.
    func read(endpoint: UInt8, maximum: Int, deadline: Duration) async throws(USBError) -> [UInt8]
    /// Sends all bytes by bulk or interrupt, or throws; `.timedOut` says how many went out.
    func write(endpoint: UInt8, _ bytes: [UInt8], deadline: Duration) async throws(USBError)
    func clearHalt(endpoint: UInt8) async throws(USBError)
    func reset() async throws(USBError)
    func close() async
}

/// The eight bytes that begin a control transfer (USB 2.0, 9.3).
public struct USBSetup: Sendable, Hashable {
    public var requestType: UInt8
    public var request: UInt8
    public var value: UInt16
    public var index: UInt16
    public var length: UInt16

    public init(requestType: UInt8, request: UInt8, value: UInt16, index: UInt16, length: UInt16) {
        self.requestType = requestType
        self.request = request
        self.value = value
        self.index = index
        self.length = length
    }

    public var isDeviceToHost: Bool { requestType & 0x80 != 0 }

    public init(bytes: [UInt8]) {
        func word(_ at: Int) -> UInt16 { bytes.count > at + 1 ? UInt16(bytes[at]) | UInt16(bytes[at + 1]) << 8 : 0 }
        self.init(
            requestType: bytes.first ?? 0, request: bytes.count > 1 ? bytes[1] : 0, value: word(2), index: word(4),
            length: word(6))
    }

    public var bytes: [UInt8] {
        [requestType, request] + [value, index, length].flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    }
}

/// Why a USB operation failed.
public enum USBError: Error, Sendable, Equatable {
    /// The bus itself cannot be used: no USB host, or no USB/IP server at the address.
    case busUnavailable(String)
    /// The device was there a moment ago and is not any more.
    case notFound
    /// The process may not open the device: udev rules are missing.
    case accessDenied(String)
    /// Another driver or program holds the interface; its name where that is known.
    case busy(String?)
    /// The deadline passed; so many bytes had moved before.
    case timedOut(transferred: Int)
    /// The endpoint is halted; `clearHalt` makes it usable again.
    case stalled
    case disconnected
    /// The device sent more than was asked for.
    case overflow
    case malformedDescriptor(String)
    case cancelled
    /// Anything else, in the back end's words, for the log.
    case failed(String)
}
