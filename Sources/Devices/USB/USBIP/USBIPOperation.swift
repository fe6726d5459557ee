/// What a client asks before a device is imported.
public enum USBIPRequest: Sendable, Equatable {
    case deviceList
    case importDevice(busID: String)

    public var bytes: [UInt8] {
        switch self {
        case .deviceList:
            return USBIPReply.header(.requestDeviceList, .ok)
        case .importDevice(let busID):
            var bytes = USBIPReply.header(.requestImport, .ok)
            bytes.append(text: busID, length: USBIP.busIDLength)
            return bytes
        }
    }

    /// Takes one request off the front of `buffer`; nil when it is not complete yet.
    public static func decode(from buffer: inout ArraySlice<UInt8>) throws(USBIPFormatError) -> USBIPRequest? {
        guard let (operation, _) = try USBIPReply.decodeHeader(buffer) else { return nil }
        switch operation {
        case .requestDeviceList:
            buffer = buffer.dropFirst(USBIP.operationHeaderLength)
            return .deviceList
        case .requestImport:
            let length = USBIP.operationHeaderLength + USBIP.busIDLength
            guard buffer.count >= length else { return nil }
            var reader = WireReader(buffer.dropFirst(USBIP.operationHeaderLength))
            let busID = try reader.text(USBIP.busIDLength)
            buffer = buffer.dropFirst(length)
            return .importDevice(busID: busID)
        case .replyDeviceList, .replyImport:
            throw USBIPFormatError("a reply where a request belongs")
        }
    }
}

/// What a server answers.
public enum USBIPReply: Sendable, Equatable {
    case deviceList([USBIPDeviceRecord])
    case imported(USBIPDeviceRecord)
    case refused(USBIP.Operation, USBIP.Status)

    public var bytes: [UInt8] {
        var bytes: [UInt8]
        switch self {
        case .deviceList(let devices):
            bytes = Self.header(.replyDeviceList, .ok)
            bytes.append(be: UInt32(devices.count))
            for device in devices { device.encode(into: &bytes, withInterfaces: true) }
        case .imported(let device):
            bytes = Self.header(.replyImport, .ok)
            device.encode(into: &bytes, withInterfaces: false)
        case .refused(let operation, let status):
            bytes = Self.header(operation, status)
        }
        return bytes
    }

    /// Takes one reply off the front of `buffer`; nil when it is not complete yet.
    public static func decode(from buffer: inout ArraySlice<UInt8>) throws(USBIPFormatError) -> USBIPReply? {
        guard let (operation, status) = try decodeHeader(buffer) else { return nil }
        let body = buffer.dropFirst(USBIP.operationHeaderLength)
        guard status == .ok else {
            buffer = body
            return .refused(operation, status)
        }
        var reader = WireReader(body)
        switch operation {
        case .replyImport:
            guard body.count >= USBIP.deviceRecordLength else { return nil }
            let device = try USBIPDeviceRecord(reader: &reader, withInterfaces: false)
            buffer = body.dropFirst(USBIP.deviceRecordLength)
            return .imported(device)
        case .replyDeviceList:
            guard let length = try deviceListLength(body) else { return nil }
            var devices: [USBIPDeviceRecord] = []
            for _ in 0..<(try reader.u32()) {
                devices.append(try USBIPDeviceRecord(reader: &reader, withInterfaces: true))
            }
            buffer = body.dropFirst(length)
            return .deviceList(devices)
        case .requestDeviceList, .requestImport:
            throw USBIPFormatError("a request where a reply belongs")
        }
    }

    static func header(_ operation: USBIP.Operation, _ status: USBIP.Status) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(be: USBIP.version)
        bytes.append(be: operation.rawValue)
        bytes.append(be: status.rawValue)
        return bytes
    }

    static func decodeHeader(
        _ buffer: ArraySlice<UInt8>
    ) throws(USBIPFormatError) -> (USBIP.Operation, USBIP.Status)? {
        guard buffer.count >= USBIP.operationHeaderLength else { return nil }
        var reader = WireReader(buffer)
        let version = try reader.u16()
        guard version == USBIP.version else { throw USBIPFormatError("USB/IP version \(version), 273 is spoken here") }
        let code = try reader.u16()
        guard let operation = USBIP.Operation(rawValue: code) else { throw USBIPFormatError("operation \(code)") }
        return (operation, USBIP.Status(rawValue: try reader.u32()) ?? .error)
    }

    /// Bytes of a device list from its count on; nil while the list is not complete.
    private static func deviceListLength(_ body: ArraySlice<UInt8>) throws(USBIPFormatError) -> Int? {
        guard body.count >= 4 else { return nil }
        var reader = WireReader(body)
        let count = Int(try reader.u32())
        guard count <= USBIP.deviceLimit else { throw USBIPFormatError("\(count) devices in one list") }
        var length = 4
        for _ in 0..<count {
            guard body.count >= length + USBIP.deviceRecordLength else { return nil }
            // bNumInterfaces is the record's last byte.
            let interfaces = Int(body[body.startIndex + length + USBIP.deviceRecordLength - 1])
            length += USBIP.deviceRecordLength + 4 * interfaces
        }
        return body.count >= length ? length : nil
    }
}
