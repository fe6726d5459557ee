import Testing
import USB

/// The bytes are those of the kernel's description of the protocol, written out by hand.
@Suite("USB/IP wire format")
struct USBIPWireTests {
    @Test("requests have the protocol's bytes")
    func requests() throws {
        #expect(USBIPRequest.deviceList.bytes == [0x01, 0x11, 0x80, 0x05, 0, 0, 0, 0])
        let expected = [0x01, 0x11, 0x80, 0x03, 0, 0, 0, 0, 0x31, 0x2D, 0x31] + [UInt8](repeating: 0, count: 29)
        #expect(USBIPRequest.importDevice(busID: "1-1").bytes == expected)
        var buffer = (expected + [0x01, 0x11, 0x80, 0x05, 0, 0, 0, 0])[...]
        #expect(try USBIPRequest.decode(from: &buffer) == .importDevice(busID: "1-1"))
        #expect(try USBIPRequest.decode(from: &buffer) == .deviceList)
        #expect(buffer.isEmpty)
    }

    @Test("a submit has 48 bytes of header, its setup packet last, then the data")
    func submit() throws {
        let submit = USBIPSubmit(
            seqnum: 0x0D05, deviceID: 0x0001_000F, endpoint: 0x02, length: 3, data: [0xAA, 0xBB, 0xCC])
        let expected: [UInt8] =
            [0, 0, 0, 1, 0, 0, 0x0D, 0x05, 0, 1, 0, 0x0F, 0, 0, 0, 0, 0, 0, 0, 2] + [0, 0, 0, 0, 0, 0, 0, 3]
            + [UInt8](repeating: 0, count: 20) + [0xAA, 0xBB, 0xCC]
        #expect(USBIPCommand.submit(submit).bytes == expected)
        var buffer = expected[...]
        #expect(try USBIPCommand.decode(from: &buffer) == .submit(submit))
    }

    @Test("a submit to the host carries its setup packet and no data")
    func submitIn() throws {
        let setup = USBSetup(requestType: 0x80, request: 6, value: 0x0100, index: 0, length: 18)
        let submit = USBIPSubmit(seqnum: 1, deviceID: 0x0001_0002, endpoint: 0x80, length: 18, setup: setup)
        let bytes = USBIPCommand.submit(submit).bytes
        #expect(bytes.count == 48)
        #expect(Array(bytes[12..<20]) == [0, 0, 0, 1, 0, 0, 0, 0])
        #expect(Array(bytes[40...]) == [0x80, 6, 0, 1, 0, 0, 18, 0])
        var buffer = bytes[...]
        #expect(try USBIPCommand.decode(from: &buffer) == .submit(submit))
    }

    @Test("a result carries data only where data was asked for")
    func results() throws {
        let inward = USBIPResult.submit(seqnum: 7, status: 0, actualLength: 2, data: [1, 2])
        #expect(inward.bytes.count == 50)
        var buffer = inward.bytes[...]
        #expect(try USBIPResult.decode(from: &buffer) { $0 == 7 ? 64 : nil } == inward)
        let outward = USBIPResult.submit(seqnum: 8, status: 0, actualLength: 2, data: [])
        buffer = outward.bytes[...]
        #expect(try USBIPResult.decode(from: &buffer) { _ in 0 } == outward)
        let unlink = USBIPResult.unlink(seqnum: 9, status: -104)
        #expect(Array(unlink.bytes[..<4]) == [0, 0, 0, 4])
        #expect(Array(unlink.bytes[20..<24]) == [0xFF, 0xFF, 0xFF, 0x98])
        buffer = unlink.bytes[...]
        #expect(try USBIPResult.decode(from: &buffer) { _ in nil } == unlink)
    }

    @Test("every message is complete only with its last byte")
    func incomplete() throws {
        let submit = USBIPCommand.submit(
            USBIPSubmit(seqnum: 1, deviceID: 1, endpoint: 1, length: 5, data: [1, 2, 3, 4, 5])
        ).bytes
        for count in 0..<submit.count {
            var buffer = submit[..<count]
            #expect(try USBIPCommand.decode(from: &buffer) == nil)
            #expect(buffer.count == count)
        }
    }

    @Test("a device list survives the wire, and is complete only with its last byte")
    func deviceList() throws {
        let device = try DescriptorParser.device([18, 1, 0, 2, 0, 0, 0, 64, 1, 2, 3, 4, 5, 6, 0, 0, 0, 1])
        let configuration = try DescriptorParser.configuration(
            [9, 2, 25, 0, 1, 1, 0, 0x80, 50] + [9, 4, 0, 0, 1, 7, 1, 2, 0] + [7, 5, 1, 2, 0, 2, 0])
        let record = USBIPDeviceRecord(
            busID: "1-4", busNumber: 1, deviceNumber: 9, device: device, configuration: configuration)
        // A bulk endpoint of 512 bytes exists at high speed only.
        #expect(record.speed == .high)
        let reply = USBIPReply.deviceList([record, record])
        #expect(reply.bytes.count == 12 + 2 * 316)
        for count in 0..<reply.bytes.count {
            var buffer = reply.bytes[..<count]
            #expect(try USBIPReply.decode(from: &buffer) == nil)
        }
        var buffer = reply.bytes[...]
        #expect(try USBIPReply.decode(from: &buffer) == reply)
        buffer = USBIPReply.imported(record).bytes[...]
        #expect(buffer.count == 320)
    }

    @Test("what USB/IP does not know ends the connection instead of the program")
    func hostile() {
        let huge = USBIPSubmit(seqnum: 1, deviceID: 1, endpoint: 0x81, length: 0x7FFF_FFFF)
        #expect(throws: USBIPFormatError.self) {
            var buffer = USBIPCommand.submit(huge).bytes[...]
            _ = try USBIPCommand.decode(from: &buffer)
        }
        #expect(throws: USBIPFormatError.self) {
            var buffer = [0x01, 0x06, 0x80, 0x05, 0, 0, 0, 0][...] as ArraySlice<UInt8>
            _ = try USBIPRequest.decode(from: &buffer)
        }
        #expect(throws: USBIPFormatError.self) {
            var buffer = USBIPResult.submit(seqnum: 1, status: 0, actualLength: 65, data: []).bytes[...]
            _ = try USBIPResult.decode(from: &buffer) { _ in 64 }
        }
        #expect(throws: USBIPFormatError.self) {
            var buffer = ([0x01, 0x11, 0x00, 0x05, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF] as [UInt8])[...]
            _ = try USBIPReply.decode(from: &buffer)
        }
    }
}
