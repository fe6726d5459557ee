/// Reads the descriptors of USB 2.0, chapter 9.6. A device is an outsider: every length and count is bounded before it
/// is believed.
public enum DescriptorParser {
    static let interfaceLimit = 32
    /// USB 2.0 has 15 endpoints in each direction.
    static let endpointLimit = 30
    static let classDescriptorLimit = 64

    /// The device descriptor's 18 bytes (table 9-8); longer input is cut, shorter input is refused.
    public static func device(_ bytes: [UInt8]) throws(USBError) -> DeviceDescriptor {
        guard bytes.count >= DeviceDescriptor.length, bytes[0] >= 18, bytes[1] == DescriptorType.device else {
            throw .malformedDescriptor("device descriptor: \(bytes.count) bytes, 18 with type 1 are needed")
        }
        func word(_ at: Int) -> UInt16 { UInt16(bytes[at]) | UInt16(bytes[at + 1]) << 8 }
        return DeviceDescriptor(
            usbVersion: word(2), deviceClass: bytes[4], deviceSubclass: bytes[5], deviceProtocol: bytes[6],
            maximumPacketSize0: bytes[7], vendor: word(8), product: word(10), version: word(12),
            manufacturerIndex: bytes[14], productIndex: bytes[15], serialIndex: bytes[16], configurations: bytes[17])
    }

    /// A whole configuration: its descriptor (table 9-10) and all that follows, up to wTotalLength.
    ///
    /// Only the first alternate setting of each interface is kept. A class descriptor belongs to the interface it
    /// follows, also when endpoints stand between them, as some card readers have it.
    public static func configuration(_ bytes: [UInt8]) throws(USBError) -> ConfigurationDescriptor {
        guard bytes.count >= 9, bytes[0] >= 9, bytes[1] == DescriptorType.configuration else {
            throw .malformedDescriptor("configuration descriptor: \(bytes.count) bytes, 9 with type 2 are needed")
        }
        let total = Int(bytes[2]) | Int(bytes[3]) << 8
        guard total >= 9, total <= bytes.count else {
            throw .malformedDescriptor("configuration says \(total) bytes, \(bytes.count) came")
        }
        var configuration = ConfigurationDescriptor(value: bytes[5], interfaces: [])
        var current: USBInterface?
        // Inside an alternate setting that is not kept.
        var skipping = false
        func keep() throws(USBError) {
            guard let interface = current else { return }
            guard configuration.interfaces.count < interfaceLimit else {
                throw .malformedDescriptor("more than \(interfaceLimit) interfaces")
            }
            configuration.interfaces.append(interface)
            current = nil
        }
        for descriptor in try split(Array(bytes[..<total])).dropFirst() {
            switch descriptor[1] {
            case DescriptorType.interface:
                let next = try interface(descriptor)
                let seen =
                    current?.number == next.number || configuration.interfaces.contains { $0.number == next.number }
                skipping = seen
                if !seen {
                    try keep()
                    current = next
                }
            case DescriptorType.endpoint:
                let endpoint = try endpoint(descriptor)
                guard !skipping, current != nil else { continue }
                guard let count = current?.endpoints.count, count < endpointLimit else {
                    throw .malformedDescriptor("more than \(endpointLimit) endpoints in one interface")
                }
                current?.endpoints.append(endpoint)
            default:
                guard !skipping, let count = current?.classDescriptors.count else { continue }
                guard count < classDescriptorLimit else {
                    throw .malformedDescriptor("more than \(classDescriptorLimit) class descriptors in one interface")
                }
                current?.classDescriptors.append(descriptor)
            }
        }
        try keep()
        return configuration
    }

    /// Cuts bytes into descriptors by their length bytes. Fails where a length is below 2 or runs over the end.
    static func split(_ bytes: [UInt8]) throws(USBError) -> [[UInt8]] {
        var descriptors: [[UInt8]] = []
        var at = 0
        while at < bytes.count {
            let length = Int(bytes[at])
            guard length >= 2, at + length <= bytes.count else {
                throw .malformedDescriptor(
                    "descriptor at byte \(at) says \(length) bytes, \(bytes.count - at) are left")
            }
            descriptors.append(Array(bytes[at..<at + length]))
            at += length
        }
        return descriptors
    }

    /// The text of a string descriptor (table 9-16), UTF-16LE; nil when it is none.
    static func string(_ bytes: [UInt8]) -> String? {
        guard bytes.count >= 2, bytes[1] == DescriptorType.string, bytes[0] >= 2 else { return nil }
        let end = min(Int(bytes[0]), bytes.count)
        let units = stride(from: 2, to: end - 1, by: 2).map { UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8 }
        let text = String(decoding: units, as: UTF16.self).filter { !$0.isNewline && $0 != "\0" }
        return text.isEmpty ? nil : text
    }

    private static func interface(_ bytes: [UInt8]) throws(USBError) -> USBInterface {
        guard bytes.count >= 9 else { throw .malformedDescriptor("interface descriptor of \(bytes.count) bytes") }
        return USBInterface(
            number: bytes[2], interfaceClass: bytes[5], interfaceSubclass: bytes[6], interfaceProtocol: bytes[7],
            endpoints: [])
    }

    private static func endpoint(_ bytes: [UInt8]) throws(USBError) -> USBEndpoint {
        guard bytes.count >= 7, let kind = USBEndpoint.Kind(rawValue: bytes[3] & 3) else {
            throw .malformedDescriptor("endpoint descriptor of \(bytes.count) bytes")
        }
        let size = UInt16(bytes[4]) | UInt16(bytes[5]) << 8
        return USBEndpoint(address: bytes[2], kind: kind, maximumPacketSize: size & 0x7FF, interval: bytes[6])
    }
}

/// Descriptor types (USB 2.0, table 9-5; HID 1.11, 7.1).
public enum DescriptorType {
    public static let device: UInt8 = 1
    public static let configuration: UInt8 = 2
    public static let string: UInt8 = 3
    public static let interface: UInt8 = 4
    public static let endpoint: UInt8 = 5
    public static let hid: UInt8 = 0x21
    public static let hidReport: UInt8 = 0x22
}

/// The device descriptor (USB 2.0, table 9-8).
public struct DeviceDescriptor: Sendable, Equatable {
    static let length = 18

    public var usbVersion: UInt16
    public var deviceClass: UInt8
    public var deviceSubclass: UInt8
    public var deviceProtocol: UInt8
    public var maximumPacketSize0: UInt8
    public var vendor: UInt16
    public var product: UInt16
    /// bcdDevice, the maker's own version.
    public var version: UInt16
    /// Indices of string descriptors; 0 means none.
    public var manufacturerIndex: UInt8
    public var productIndex: UInt8
    public var serialIndex: UInt8
    public var configurations: UInt8
}

/// One configuration, with its interfaces at their first alternate setting.
public struct ConfigurationDescriptor: Sendable, Equatable {
    /// bConfigurationValue, what SET_CONFIGURATION wants.
    public var value: UInt8
    public var interfaces: [USBInterface]
}
