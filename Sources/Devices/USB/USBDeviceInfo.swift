/// What a bus knows of a device without opening it.
public struct USBDeviceInfo: Sendable, Hashable {
    /// How the back end finds it: a bus id such as `1-1` (USB/IP) or `003/012` (libusb). Changes at each plugging.
    public var address: String
    /// Where it is plugged in, for example `1-2.3`: stays the same when the device comes back at the same place.
    public var port: String
    /// Plugging count at this port as seen by the back end, so that a device that left and came back between two
    /// looks is a different element of the set.
    public var generation: UInt64
    public var vendor: UInt16
    public var product: UInt16
    public var deviceClass: UInt8
    public var serial: String?
    public var manufacturerName: String?
    public var productName: String?
    /// The interfaces of the active configuration, each at its first alternate setting.
    public var interfaces: [USBInterface]

    public init(
        address: String, port: String, generation: UInt64 = 0, vendor: UInt16, product: UInt16, deviceClass: UInt8,
        serial: String? = nil, manufacturerName: String? = nil, productName: String? = nil, interfaces: [USBInterface]
    ) {
        self.address = address
        self.port = port
        self.generation = generation
        self.vendor = vendor
        self.product = product
        self.deviceClass = deviceClass
        self.serial = serial
        self.manufacturerName = manufacturerName
        self.productName = productName
        self.interfaces = interfaces
    }

    /// Vendor and product in hexadecimal, for example `04b8:0202`.
    public var usbID: String {
        vendor.usbDigits + ":" + product.usbDigits
    }
}

extension UInt16 {
    /// Four hexadecimal digits, as USB ids are written.
    package var usbDigits: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}

public struct USBInterface: Sendable, Hashable {
    public var number: UInt8
    public var interfaceClass: UInt8
    public var interfaceSubclass: UInt8
    public var interfaceProtocol: UInt8
    public var endpoints: [USBEndpoint]
    /// Descriptors of this interface that are neither interface nor endpoint (CCID 21h, HID 21h), each with its length
    /// and type byte, also those that follow an endpoint.
    public var classDescriptors: [[UInt8]]

    public init(
        number: UInt8, interfaceClass: UInt8, interfaceSubclass: UInt8 = 0, interfaceProtocol: UInt8 = 0,
        endpoints: [USBEndpoint], classDescriptors: [[UInt8]] = []
    ) {
        self.number = number
        self.interfaceClass = interfaceClass
        self.interfaceSubclass = interfaceSubclass
        self.interfaceProtocol = interfaceProtocol
        self.endpoints = endpoints
        self.classDescriptors = classDescriptors
    }
}

public struct USBEndpoint: Sendable, Hashable {
    public enum Kind: UInt8, Sendable { case control, isochronous, bulk, interrupt }

    /// With bit 7 set for device to host (USB 2.0, 9.6.6).
    public var address: UInt8
    public var kind: Kind
    public var maximumPacketSize: UInt16
    /// bInterval as the descriptor has it.
    public var interval: UInt8

    public init(address: UInt8, kind: Kind, maximumPacketSize: UInt16, interval: UInt8 = 0) {
        self.address = address
        self.kind = kind
        self.maximumPacketSize = maximumPacketSize
        self.interval = interval
    }

    public var isDeviceToHost: Bool { address & 0x80 != 0 }
}
