import DeviceTestSupport
import Peripherals
import Simulator
import Testing
import USB

@testable import BarcodeReader

/// The driver against the simulated reader.
@Suite struct HIDPOSReaderTests {
    static let info = USBDeviceInfo(
        address: "1-2", port: "1-2", vendor: 0x0C2E, product: 0xFFF1, deviceClass: 0, productName: "QR reader",
        interfaces: [
            USBInterface(
                number: 0, interfaceClass: 3,
                endpoints: [USBEndpoint(address: 0x81, kind: .interrupt, maximumPacketSize: 64, interval: 4)],
                classDescriptors: [[9, 0x21, 0x11, 0x01, 0, 1, 0x22, 128, 0]])
        ])

    private func withReader<Result>(
        _ device: QRReaderDevice, profile: BarcodeReaderProfile = .standard,
        _ body: (HIDPOSReader, InMemoryUSBDevice, Texts) async throws -> Result
    ) async rethrows -> Result {
        let cable = InMemoryUSBDevice(device, info: Self.info)
        let reader = HIDPOSReader(cable, profile: profile)
        let scans = Texts(reader.scans())
        let running = Task { await reader.run() }
        defer { running.cancel() }
        while await reader.condition() == .unknown { await Task.yield() }
        return try await body(reader, cable, scans)
    }

    @Test(
        "a long Vietnamese text arrives whole from every make, cut at every report size, whatever its descriptor tells",
        arguments: [1, 2, 3, 5, 13, 55, 56], QRReaderDevice.Description.allCases)
    func scans(_ size: Int, _ description: QRReaderDevice.Description) async {
        for layout in QRReaderDevice.Layout.allCases {
            let device = QRReaderDevice(layout: layout, description: description, dataSize: size)
            await withReader(device) { _, _, scans in
                var scans = scans
                await device.show(QRTextAssemblerTests.text)
                #expect(await scans.next() == QRTextAssemblerTests.text)
                await device.show("A005")
                #expect(await scans.next() == "A005")
            }
        }
    }

    @Test("the descriptor's layout goes before the data, the data before what is usual")
    func precedence() async {
        // Data that are wrong for the reader lose against a descriptor that tells.
        let odd = BarcodeReaderProfile(layout: HIDPOSLayout(length: 10, identifier: nil, data: 11))
        let telling = QRReaderDevice(layout: .noIdentifier)
        await withReader(telling, profile: odd) { _, _, scans in
            var scans = scans
            await telling.show("A005")
            #expect(await scans.next() == "A005")
        }
        // A late reader without identifiers is understood only by data.
        let late = HIDPOSLayout(identifier: nil, data: 5)
        #expect(HIDPOSReport([2, 1, 0, 0, 0, 0, 65] + [UInt8](repeating: 0, count: 57), layouts: [late])?.data == [65])
    }

    @Test("a make that needs it is switched on, also when its descriptor does not list the report")
    func enablingByData() async {
        let device = QRReaderDevice(description: .opaque, needsEnabling: true)
        await withReader(device, profile: BarcodeReaderProfile(needsEnabling: true)) { reader, _, scans in
            var scans = scans
            #expect(await reader.condition() == .ready)
            await device.show("Nữ")
            #expect(await scans.next() == "Nữ")
        }
        // One that does not know the report works all the same.
        let other = QRReaderDevice(description: .opaque)
        await withReader(other, profile: BarcodeReaderProfile(needsEnabling: true)) { _, _, scans in
            var scans = scans
            await other.show("A005")
            #expect(await scans.next() == "A005")
        }
    }

    @Test("a reader that stays silent until it is told to talk is told")
    func enabling() async {
        let device = QRReaderDevice(needsEnabling: true)
        await device.show("lost")
        await withReader(device) { reader, _, scans in
            var scans = scans
            #expect(await reader.condition() == .ready)
            await device.show("Nữ")
            #expect(await scans.next() == "Nữ")
        }
    }

    @Test("a scan that is no UTF-8 is dropped, the next one is read; a stall is cleared")
    func faults() async throws {
        let device = QRReaderDevice()
        try await withReader(device) { _, _, scans in
            var scans = scans
            await device.show(bytes: [0xFF, 0xFE])
            _ = try await device.apply(["stall"])
            await device.show("một")
            #expect(await scans.next() == "một")
            _ = try await device.apply(["show", "hai", "ba"])
            #expect(await scans.next() == "hai ba")
        }
    }

    @Test("every listener gets each scan")
    func listeners() async {
        let device = QRReaderDevice()
        await withReader(device) { reader, _, first in
            var (first, second) = (first, Texts(reader.scans()))
            await device.show("A005")
            #expect(await first.next() == "A005")
            #expect(await second.next() == "A005")
        }
    }

    @Test("unplugged: absent, and the loop ends")
    func unplugged() async {
        let cable = InMemoryUSBDevice(QRReaderDevice(), info: Self.info)
        let reader = HIDPOSReader(cable)
        let running = Task { await reader.run() }
        while await reader.condition() != .ready { await Task.yield() }
        await cable.unplug()
        #expect(await running.value == .absent)
        #expect(await reader.condition() == .absent)
    }

    @Test("a HID device that is no barcode reader is let go at once")
    func otherDevice() async {
        let cable = InMemoryUSBDevice(Touchscreen(), info: Self.info)
        #expect(await HIDPOSReader(cable).run() == .fault)
        #expect(await cable.claimed.isEmpty)
    }

    @Test("keyboards, printers and short reports are not matched")
    func matches() {
        #expect(HIDPOSReader.matches(Self.info))
        var keyboard = Self.info
        (keyboard.interfaces[0].interfaceSubclass, keyboard.interfaces[0].interfaceProtocol) = (1, 1)
        #expect(!HIDPOSReader.matches(keyboard))
        var printer = Self.info
        printer.interfaces[0].interfaceClass = 7
        #expect(!HIDPOSReader.matches(printer))
        var short = Self.info
        short.interfaces[0].endpoints[0].maximumPacketSize = 8
        #expect(!HIDPOSReader.matches(short))
    }
}

/// A HID device of another kind.
private struct Touchscreen: VirtualUSBDevice {
    let descriptors = USBDescriptorSet(
        device: [], configuration: [], hidReports: [0: [0x05, 0x0D, 0x09, 4, 0xA1, 1, 0x81, 2, 0xC0]])
    func control(_ setup: USBSetup, data: [UInt8]) throws -> [UInt8] { [] }
    func receive(endpoint: UInt8, _ bytes: [UInt8]) throws {}
    func send(endpoint: UInt8, maximum: Int) async throws -> [UInt8] { throw USBStall() }
    func reset() {}
}

/// The texts of a stream of scans, one after the other.
struct Texts {
    private var iterator: AsyncStream<BarcodeScan>.Iterator

    init(_ scans: AsyncStream<BarcodeScan>) { iterator = scans.makeAsyncIterator() }

    mutating func next() async -> String? { await iterator.next()?.text }
}

extension USBDeviceInfo {
    /// What a bus would say of a device: all its interfaces.
    init(whole set: USBDescriptorSet, port: String = "1-3") throws {
        let device = try DescriptorParser.device(set.device)
        self.init(
            address: "memory", port: port, vendor: device.vendor, product: device.product,
            deviceClass: device.deviceClass,
            interfaces: try DescriptorParser.configuration(set.configuration).interfaces)
    }
}
