/// One exported device as a device list or an import reply describes it: 312 bytes, in a list followed by four bytes
/// for each interface.
public struct USBIPDeviceRecord: Sendable, Hashable {
    /// The device's path at the server, for example below `/sys/devices`; for people only.
    public var path: String
    /// What an import asks for, for example `1-1`.
    public var busID: String
    public var busNumber: UInt32
    public var deviceNumber: UInt32
    public var speed: USBIP.Speed
    public var vendor: UInt16
    public var product: UInt16
    public var version: UInt16
    public var deviceClass: UInt8
    public var deviceSubclass: UInt8
    public var deviceProtocol: UInt8
    public var configurationValue: UInt8
    public var configurations: UInt8
    public var interfaces: [InterfaceClass]

    public struct InterfaceClass: Sendable, Hashable {
        public var interfaceClass: UInt8
        public var interfaceSubclass: UInt8
        public var interfaceProtocol: UInt8

        public init(interfaceClass: UInt8, interfaceSubclass: UInt8, interfaceProtocol: UInt8) {
            self.interfaceClass = interfaceClass
            self.interfaceSubclass = interfaceSubclass
            self.interfaceProtocol = interfaceProtocol
        }
    }

    /// The device's number in URB headers: bus number in the upper half, device number in the lower.
    public var deviceID: UInt32 { busNumber << 16 | deviceNumber & 0xFFFF }

    /// What a server says of a device with these descriptors.
    public init(
        busID: String, busNumber: UInt32, deviceNumber: UInt32, device: DeviceDescriptor,
        configuration: ConfigurationDescriptor
    ) {
        path = "/sys/devices/kiosk-sim/usb\(busNumber)/\(busID)"
        self.busID = busID
        self.busNumber = busNumber
        self.deviceNumber = deviceNumber
        // A bulk endpoint has at most 64 bytes a packet at full speed, exactly 512 at high speed (USB 2.0, 5.8.3).
        let isHigh = configuration.interfaces.contains { interface in
            interface.endpoints.contains { $0.kind == .bulk && $0.maximumPacketSize >= 512 }
        }
        speed = isHigh ? .high : .full
        vendor = device.vendor
        product = device.product
        version = device.version
        deviceClass = device.deviceClass
        deviceSubclass = device.deviceSubclass
        deviceProtocol = device.deviceProtocol
        configurationValue = configuration.value
        configurations = device.configurations
        interfaces = configuration.interfaces.map {
            InterfaceClass(
                interfaceClass: $0.interfaceClass, interfaceSubclass: $0.interfaceSubclass,
                interfaceProtocol: $0.interfaceProtocol)
        }
    }

    init(reader: inout WireReader, withInterfaces: Bool) throws(USBIPFormatError) {
        path = try reader.text(USBIP.pathLength)
        busID = try reader.text(USBIP.busIDLength)
        busNumber = try reader.u32()
        deviceNumber = try reader.u32()
        speed = USBIP.Speed(rawValue: try reader.u32()) ?? .unknown
        vendor = try reader.u16()
        product = try reader.u16()
        version = try reader.u16()
        deviceClass = try reader.u8()
        deviceSubclass = try reader.u8()
        deviceProtocol = try reader.u8()
        configurationValue = try reader.u8()
        configurations = try reader.u8()
        let count = try reader.u8()
        interfaces = []
        guard withInterfaces else { return }
        for _ in 0..<count {
            let bytes = Array(try reader.take(4))
            interfaces.append(
                InterfaceClass(interfaceClass: bytes[0], interfaceSubclass: bytes[1], interfaceProtocol: bytes[2]))
        }
    }

    func encode(into bytes: inout [UInt8], withInterfaces: Bool) {
        bytes.append(text: path, length: USBIP.pathLength)
        bytes.append(text: busID, length: USBIP.busIDLength)
        bytes.append(be: busNumber)
        bytes.append(be: deviceNumber)
        bytes.append(be: speed.rawValue)
        bytes.append(be: vendor)
        bytes.append(be: product)
        bytes.append(be: version)
        bytes += [deviceClass, deviceSubclass, deviceProtocol, configurationValue, configurations]
        bytes.append(UInt8(truncatingIfNeeded: interfaces.count))
        guard withInterfaces else { return }
        for interface in interfaces {
            bytes += [interface.interfaceClass, interface.interfaceSubclass, interface.interfaceProtocol, 0]
        }
    }
}
