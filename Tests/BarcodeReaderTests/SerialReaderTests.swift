import DeviceTestSupport
import Peripherals
import Simulator
import Testing
import USB

@testable import BarcodeReader

/// The driver against the simulated serial reader.
@Suite struct SerialReaderTests {
    private func withReader<Result>(
        _ device: some VirtualUSBDevice, _ body: (SerialReader, InMemoryUSBDevice, Texts) async throws -> Result
    ) async throws -> Result {
        let cable = InMemoryUSBDevice(device, info: try USBDeviceInfo(whole: device.descriptors))
        let reader = SerialReader(cable)
        let scans = Texts(reader.scans())
        let running = Task { await reader.run() }
        defer { running.cancel() }
        while await reader.condition() == .unknown { await Task.yield() }
        return try await body(reader, cable, scans)
    }

    @Test(
        "a long Vietnamese text arrives whole with every ending, cut anywhere",
        arguments: SerialQRReaderDevice.Ending.allCases,
        [1, 3, 64])
    func scans(_ ending: SerialQRReaderDevice.Ending, _ packet: Int) async throws {
        let device = SerialQRReaderDevice(ending: ending, packetSize: packet)
        try await withReader(device) { _, cable, scans in
            var scans = scans
            #expect(await cable.claimed == [0, 1])
            await device.show(QRTextAssemblerTests.text)
            #expect(await scans.next() == QRTextAssemblerTests.text)
            await device.show("A005")
            #expect(await scans.next() == "A005")
        }
    }

    @Test("the line is set to 115200 8N1, and the reader is told that somebody listens")
    func line() async throws {
        let device = SerialQRReaderDevice()
        await device.show("lost")
        try await withReader(device) { _, _, scans in
            #expect(await device.isListenedTo)
            #expect(await device.coding == [0x00, 0xC2, 0x01, 0x00, 0, 0, 8])
        }
    }

    @Test("a line that knows neither speed nor signals is read all the same; a stall is cleared")
    func bareLine() async throws {
        try await withReader(BareLine()) { reader, _, scans in
            var scans = scans
            #expect(await reader.condition() == .ready)
            #expect(await scans.next() == "một")
        }
        let device = SerialQRReaderDevice()
        _ = try await device.apply(["stall"])
        try await withReader(device) { _, _, scans in
            var scans = scans
            await device.show("hai")
            #expect(await scans.next() == "hai")
        }
    }

    @Test("unplugged: absent, and the loop ends with both interfaces let go")
    func unplugged() async throws {
        let device = SerialQRReaderDevice()
        let cable = InMemoryUSBDevice(device, info: try USBDeviceInfo(whole: device.descriptors))
        let reader = SerialReader(cable)
        let running = Task { await reader.run() }
        while await reader.condition() != .ready { await Task.yield() }
        await cable.unplug()
        #expect(await running.value == .absent)
        #expect(await cable.claimed.isEmpty)
    }

    @Test("the data interface is the one that the union descriptor names; a line without one is none")
    func interfaces() throws {
        var info = try USBDeviceInfo(whole: SerialQRReaderDevice().descriptors)
        #expect(SerialPort(info)?.data == 1 && SerialPort(info)?.input.address == 0x81)
        var decoy = info.interfaces[1]
        decoy.number = 2
        decoy.endpoints[0].address = 0x83
        info.interfaces.insert(decoy, at: 1)
        #expect(SerialPort(info)?.data == 1)
        info.interfaces[0].classDescriptors = []
        #expect(SerialPort(info)?.data == 2)
        info.interfaces.removeAll { $0.interfaceClass == 0x0A }
        #expect(SerialPort(info) == nil && !SerialReader.matches(info))
        #expect(!SerialReader.matches(HIDPOSReaderTests.info))
    }
}

/// A serial line that stalls every class request and says one thing, after a stall of its data.
private actor BareLine: VirtualUSBDevice {
    nonisolated let descriptors = SerialQRReaderDevice().descriptors
    private var sent = -1

    func control(_ setup: USBSetup, data: [UInt8]) throws -> [UInt8] { throw USBStall() }
    func receive(endpoint: UInt8, _ bytes: [UInt8]) throws {}
    func send(endpoint: UInt8, maximum: Int) async throws -> [UInt8] {
        sent += 1
        switch sent {
        case 0: throw USBStall()
        case 1: return [UInt8]("một\r".utf8)
        default:
            try await Task.sleep(for: .seconds(60))
            return []
        }
    }
    func reset() {}
}
