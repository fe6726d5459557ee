/// One message from the client after a device was imported: a header of 48 bytes, then the data that goes out.
public enum USBIPCommand: Sendable, Equatable {
    case submit(USBIPSubmit)
    /// Take a request back. The reply says whether it was in time.
    case unlink(seqnum: UInt32, deviceID: UInt32, target: UInt32)

    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        switch self {
        case .submit(let submit):
            URBCode.submit.header(
                into: &bytes, seqnum: submit.seqnum, deviceID: submit.deviceID,
                direction: submit.isDeviceToHost ? 1 : 0, endpoint: UInt32(submit.endpoint & 0x0F))
            bytes.append(be: submit.flags)
            bytes.append(be: UInt32(submit.length))
            // start_frame, number_of_packets: nothing here is isochronous.
            bytes.append(be: UInt32(0))
            bytes.append(be: UInt32(0))
            bytes.append(be: submit.interval)
            bytes += submit.setup.bytes
            if !submit.isDeviceToHost { bytes += submit.data }
        case .unlink(let seqnum, let deviceID, let target):
            URBCode.unlink.header(into: &bytes, seqnum: seqnum, deviceID: deviceID, direction: 0, endpoint: 0)
            bytes.append(be: target)
            bytes += [UInt8](repeating: 0, count: 24)
        }
        return bytes
    }

    /// Takes one command off the front of `buffer`; nil when it is not complete yet.
    public static func decode(from buffer: inout ArraySlice<UInt8>) throws(USBIPFormatError) -> USBIPCommand? {
        guard buffer.count >= USBIP.urbHeaderLength else { return nil }
        var reader = WireReader(buffer)
        let code = try reader.u32()
        let seqnum = try reader.u32()
        let deviceID = try reader.u32()
        let direction = try reader.u32()
        let endpoint = try reader.u32()
        switch URBCode(rawValue: code) {
        case .submit:
            guard direction <= 1, endpoint <= 15 else { throw USBIPFormatError("endpoint \(endpoint)") }
            let flags = try reader.u32()
            let length = Int(try reader.i32())
            _ = try reader.u32()
            let packets = try reader.i32()
            let interval = try reader.u32()
            let setup = USBSetup(bytes: Array(try reader.take(8)))
            guard (0...USBIP.transferLimit).contains(length) else {
                throw USBIPFormatError("a transfer of \(length) bytes")
            }
            guard packets <= 0 else { throw USBIPFormatError("an isochronous transfer") }
            let isIn = direction == 1
            let total = USBIP.urbHeaderLength + (isIn ? 0 : length)
            guard buffer.count >= total else { return nil }
            let data = isIn ? [] : Array(try reader.take(length))
            buffer = buffer.dropFirst(total)
            return .submit(
                USBIPSubmit(
                    seqnum: seqnum, deviceID: deviceID, endpoint: UInt8(endpoint) | (isIn ? 0x80 : 0), flags: flags,
                    length: length, interval: interval, setup: setup, data: data))
        case .unlink:
            let target = try reader.u32()
            buffer = buffer.dropFirst(USBIP.urbHeaderLength)
            return .unlink(seqnum: seqnum, deviceID: deviceID, target: target)
        case .replySubmit, .replyUnlink, nil:
            throw USBIPFormatError("command \(code)")
        }
    }
}

/// A request for one transfer.
public struct USBIPSubmit: Sendable, Equatable {
    public var seqnum: UInt32
    public var deviceID: UInt32
    /// With bit 7 set for device to host, also for endpoint 0.
    public var endpoint: UInt8
    public var flags: UInt32
    /// Bytes to send, or the most that may come back.
    public var length: Int
    public var interval: UInt32
    /// Zeros except on endpoint 0.
    public var setup: USBSetup
    public var data: [UInt8]

    public var isDeviceToHost: Bool { endpoint & 0x80 != 0 }

    public init(
        seqnum: UInt32, deviceID: UInt32, endpoint: UInt8, flags: UInt32 = 0, length: Int, interval: UInt32 = 0,
        setup: USBSetup = USBSetup(bytes: []), data: [UInt8] = []
    ) {
        self.seqnum = seqnum
        self.deviceID = deviceID
        self.endpoint = endpoint
        self.flags = flags
        self.length = length
        self.interval = interval
        self.setup = setup
        self.data = data
    }
}

/// One message from the server after a device was imported.
public enum USBIPResult: Sendable, Equatable {
    /// `data` is what came from the device; `actualLength` counts it, or what the device took.
    case submit(seqnum: UInt32, status: Int32, actualLength: Int, data: [UInt8])
    /// Status `connectionReset` when the transfer was taken back, 0 when it had ended before.
    case unlink(seqnum: UInt32, status: Int32)

    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        switch self {
        case .submit(let seqnum, let status, let actualLength, let data):
            URBCode.replySubmit.header(into: &bytes, seqnum: seqnum, deviceID: 0, direction: 0, endpoint: 0)
            bytes.append(be: status)
            bytes.append(be: UInt32(actualLength))
            // start_frame, number_of_packets, error_count, and eight bytes of padding.
            bytes += [UInt8](repeating: 0, count: 20)
            bytes += data
        case .unlink(let seqnum, let status):
            URBCode.replyUnlink.header(into: &bytes, seqnum: seqnum, deviceID: 0, direction: 0, endpoint: 0)
            bytes.append(be: status)
            bytes += [UInt8](repeating: 0, count: 24)
        }
        return bytes
    }

    /// Takes one result off the front of `buffer`; nil when it is not complete yet.
    ///
    /// A reply does not say its direction, so `expected` gives, for a sequence number, the most bytes that may come back
    /// (0 for a transfer to the device), or nil when nothing was asked under that number.
    public static func decode(
        from buffer: inout ArraySlice<UInt8>, expected: (UInt32) -> Int?
    ) throws(USBIPFormatError) -> USBIPResult? {
        guard buffer.count >= USBIP.urbHeaderLength else { return nil }
        var reader = WireReader(buffer)
        let code = try reader.u32()
        let seqnum = try reader.u32()
        _ = try reader.take(12)
        let status = try reader.i32()
        switch URBCode(rawValue: code) {
        case .replySubmit:
            let actualLength = Int(try reader.i32())
            _ = try reader.take(20)
            guard let maximum = expected(seqnum) else { throw USBIPFormatError("an answer to nothing") }
            guard actualLength >= 0, maximum == 0 || actualLength <= maximum else {
                throw USBIPFormatError("\(actualLength) bytes where \(maximum) were asked for")
            }
            let length = maximum == 0 ? 0 : actualLength
            guard buffer.count >= USBIP.urbHeaderLength + length else { return nil }
            let data = Array(try reader.take(length))
            buffer = buffer.dropFirst(USBIP.urbHeaderLength + length)
            return .submit(seqnum: seqnum, status: status, actualLength: actualLength, data: data)
        case .replyUnlink:
            buffer = buffer.dropFirst(USBIP.urbHeaderLength)
            return .unlink(seqnum: seqnum, status: status)
        case .submit, .unlink, nil:
            throw USBIPFormatError("reply \(code)")
        }
    }
}

/// The first word of a URB header.
private enum URBCode: UInt32 {
    case submit = 1
    case unlink = 2
    case replySubmit = 3
    case replyUnlink = 4

    func header(into bytes: inout [UInt8], seqnum: UInt32, deviceID: UInt32, direction: UInt32, endpoint: UInt32) {
        bytes.append(be: rawValue)
        bytes.append(be: seqnum)
        bytes.append(be: deviceID)
        bytes.append(be: direction)
        bytes.append(be: endpoint)
    }
}
