/// The wire format of USB/IP, version 1.1.1 (Linux kernel, Documentation/usb/usbip_protocol.rst). All integers are
/// big-endian.
public enum USBIP {
    public static let version: UInt16 = 0x0111

    /// What stands in the first eight bytes of a request or reply before a device is imported.
    public enum Operation: UInt16, Sendable {
        case requestDeviceList = 0x8005
        case replyDeviceList = 0x0005
        case requestImport = 0x8003
        case replyImport = 0x0003
    }

    /// The status word of an operation's reply.
    public enum Status: UInt32, Sendable {
        case ok = 0
        case notAvailable = 1
        case deviceBusy = 2
        case deviceError = 3
        case noDevice = 4
        case error = 5
    }

    /// Speeds as the kernel's `enum usb_device_speed` counts them; they choose the hub of vhci-hcd.
    public enum Speed: UInt32, Sendable {
        case unknown = 0
        case low = 1
        case full = 2
        case high = 3
        case wireless = 4
        case superSpeed = 5
    }

    /// Negative Linux error numbers, as URB replies carry them whatever the two machines run.
    public enum URBStatus {
        public static let ok: Int32 = 0
        /// ENOENT: unlinked by the host, synchronously.
        public static let unlinked: Int32 = -2
        /// ENODEV
        public static let noDevice: Int32 = -19
        /// EINVAL
        public static let invalid: Int32 = -22
        /// EPIPE: a STALL handshake.
        public static let stall: Int32 = -32
        /// EPROTO
        public static let protocolError: Int32 = -71
        /// EOVERFLOW: babble.
        public static let overflow: Int32 = -75
        /// ECONNRESET: unlinked before it was done.
        public static let connectionReset: Int32 = -104
        /// ESHUTDOWN
        public static let shutdown: Int32 = -108
    }

    /// The longest transfer buffer that either side accepts: what Linux' usbfs allows for all URBs together.
    public static let transferLimit = 16 << 20
    /// A server that lists more devices than this is refused.
    static let deviceLimit = 256
    static let operationHeaderLength = 8
    static let busIDLength = 32
    static let pathLength = 256
    static let deviceRecordLength = 312
    static let urbHeaderLength = 48
}

/// The input ended in the middle, or said something that USB/IP does not know. A connection with it is closed.
public struct USBIPFormatError: Error, Sendable, Equatable {
    public var what: String
    public init(_ what: String) { self.what = what }
}

/// Reads big-endian integers and fixed text fields; nil at the end of the input.
struct WireReader {
    private let bytes: ArraySlice<UInt8>
    private var at: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        at = bytes.startIndex
    }

    mutating func take(_ count: Int) throws(USBIPFormatError) -> ArraySlice<UInt8> {
        guard count >= 0, bytes.endIndex - at >= count else { throw USBIPFormatError("input ends early") }
        defer { at += count }
        return bytes[at..<at + count]
    }
    mutating func u8() throws(USBIPFormatError) -> UInt8 { try take(1).reduce(0) { $0 | $1 } }
    mutating func u16() throws(USBIPFormatError) -> UInt16 { try take(2).reduce(0) { $0 << 8 | UInt16($1) } }
    mutating func u32() throws(USBIPFormatError) -> UInt32 { try take(4).reduce(0) { $0 << 8 | UInt32($1) } }
    mutating func i32() throws(USBIPFormatError) -> Int32 { Int32(bitPattern: try u32()) }
    /// A text in a field of `length` bytes, ended by a zero byte.
    mutating func text(_ length: Int) throws(USBIPFormatError) -> String {
        String(decoding: try take(length).prefix { $0 != 0 }, as: UTF8.self)
    }
}

extension [UInt8] {
    mutating func append(be value: UInt16) { append(contentsOf: [UInt8(value >> 8), UInt8(value & 0xFF)]) }
    mutating func append(be value: UInt32) {
        append(contentsOf: [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) })
    }
    mutating func append(be value: Int32) { append(be: UInt32(bitPattern: value)) }
    /// A text in a field of `length` bytes, cut so that a zero byte ends it.
    mutating func append(text: String, length: Int) {
        let field = text.utf8.prefix(length - 1)
        append(contentsOf: field)
        append(contentsOf: repeatElement(0, count: length - field.count))
    }
}
