import Testing
import USB

/// What every `USBBus` must do, whatever is behind it, with one `LoopbackDevice` that can be plugged in and pulled out.
struct BusConformance: Sendable {
    let bus: any USBBus
    let serial: String
    let plug: @Sendable () async throws -> Void
    let unplug: @Sendable () async throws -> Void

    static let modeRequest: UInt8 = 4
    let second = Duration.seconds(1)

    /// The device, once the bus shows it.
    func device(_ isWanted: @Sendable (USBDeviceInfo) -> Bool = { _ in true }) async throws -> USBDeviceInfo {
        for await set in bus.deviceSets() {
            if let info = set.first(where: { $0.serial == serial && isWanted($0) }) { return info }
        }
        throw CancellationError()
    }

    func opened() async throws -> any USBDevice {
        let device = try await bus.open(try await device())
        try await device.claim(interface: 0)
        return device
    }

    func setMode(_ mode: LoopbackDevice.Mode, _ device: any USBDevice) async throws {
        let setup = USBSetup(
            requestType: 0x40, request: Self.modeRequest, value: mode.rawValue, index: 0, length: 0)
        _ = try await device.control(setup, data: [], deadline: second)
    }

    func describes() async throws {
        let info = try await device()
        #expect(info.vendor == LoopbackDevice.vendor)
        #expect(info.product == LoopbackDevice.product)
        #expect(info.manufacturerName == "Kiosk")
        #expect(info.productName == "Vòng lặp")
        let interface = try #require(info.interfaces.first)
        #expect(interface.interfaceClass == 0xFF)
        #expect(interface.endpoints.map(\.address) == [0x01, 0x81, 0x82])
        #expect(interface.endpoints.map(\.kind) == [.bulk, .bulk, .interrupt])
        #expect(interface.classDescriptors == [[4, 0x21, 0xAB, 0xCD]])
    }

    func movesBytes() async throws {
        let device = try await opened()
        for count in [1, 63, 64, 65, 4_096, 40_000] {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            try await device.write(endpoint: 0x01, bytes, deadline: second)
            var back: [UInt8] = []
            while back.count < count {
                back += try await device.read(endpoint: 0x81, maximum: 512, deadline: second)
            }
            #expect(back == bytes)
        }
        await device.close()
    }

    func controls() async throws {
        let device = try await opened()
        let bytes: [UInt8] = [1, 2, 3, 4, 5]
        let store = USBSetup(requestType: 0x40, request: 1, value: 0, index: 0, length: 5)
        let fetch = USBSetup(requestType: 0xC0, request: 2, value: 0, index: 0, length: 64)
        _ = try await device.control(store, data: bytes, deadline: second)
        #expect(try await device.control(fetch, data: [], deadline: second) == bytes)
        // A stalled control request leaves endpoint 0 usable (USB 2.0, 8.5.3.4).
        let refused = USBSetup(requestType: 0xC0, request: 3, value: 0, index: 0, length: 1)
        await #expect(throws: USBError.stalled) { try await device.control(refused, data: [], deadline: second) }
        #expect(try await device.control(fetch, data: [], deadline: second) == bytes)
        await device.close()
    }

    func staysHaltedUntilCleared() async throws {
        let device = try await opened()
        try await setMode(.stallIn, device)
        await #expect(throws: USBError.stalled) { try await device.read(endpoint: 0x81, maximum: 64, deadline: second) }
        try await setMode(.echo, device)
        await #expect(throws: USBError.stalled) { try await device.read(endpoint: 0x81, maximum: 64, deadline: second) }
        try await device.clearHalt(endpoint: 0x81)
        try await device.write(endpoint: 0x01, [7], deadline: second)
        #expect(try await device.read(endpoint: 0x81, maximum: 64, deadline: second) == [7])
        await device.close()
    }

    func refusesTooMuch() async throws {
        let device = try await opened()
        try await setMode(.babble, device)
        await #expect(throws: USBError.overflow) {
            try await device.read(endpoint: 0x81, maximum: 64, deadline: second)
        }
        await device.close()
    }

    func losesNothingAfterADeadline() async throws {
        let device = try await opened()
        await #expect(throws: USBError.timedOut(transferred: 0)) {
            try await device.read(endpoint: 0x81, maximum: 64, deadline: .milliseconds(30))
        }
        try await device.write(endpoint: 0x01, [1, 2, 3], deadline: second)
        #expect(try await device.read(endpoint: 0x81, maximum: 64, deadline: second) == [1, 2, 3])
        await device.close()
    }

    func saysHowMuchWentOut() async throws {
        let device = try await opened()
        try await setMode(.holdOut, device)
        await #expect(throws: USBError.timedOut(transferred: 0)) {
            try await device.write(endpoint: 0x01, [1], deadline: .milliseconds(30))
        }
        await device.close()
    }

    func cancels() async throws {
        let device = try await opened()
        let reading = Task { try await device.read(endpoint: 0x81, maximum: 64, deadline: .seconds(600)) }
        reading.cancel()
        await #expect(throws: USBError.cancelled) { try await reading.value }
        // The device is as usable as before.
        try await device.write(endpoint: 0x01, [9], deadline: second)
        #expect(try await device.read(endpoint: 0x81, maximum: 64, deadline: second) == [9])
        await device.close()
    }

    func claimsOnce() async throws {
        let device = try await opened()
        await #expect(throws: USBError.self) { try await device.claim(interface: 0) }
        await #expect(throws: USBError.self) { try await device.claim(interface: 9) }
        await device.release(interface: 0)
        try await device.claim(interface: 0)
        await device.close()
    }

    func closesWithTransfersRunning() async throws {
        let device = try await opened()
        let reading = Task { try await device.read(endpoint: 0x82, maximum: 8, deadline: .seconds(600)) }
        try await device.write(endpoint: 0x01, [1], deadline: second)
        await device.close()
        await #expect(throws: USBError.self) { try await reading.value }
        // It can be opened again at once.
        await (try await opened()).close()
    }

    func survivesReplugging() async throws {
        let first = try await device()
        let device = try await opened()
        let reading = Task { try await device.read(endpoint: 0x81, maximum: 64, deadline: .seconds(600)) }
        // Answered after the read was asked for, so the read waits at the device by now or ends at once below.
        try await device.write(endpoint: 0x01, [], deadline: second)
        try await unplug()
        await #expect(throws: USBError.disconnected) { try await reading.value }
        await #expect(throws: USBError.disconnected) {
            try await device.write(endpoint: 0x01, [1], deadline: second)
        }
        await device.close()
        for await set in bus.deviceSets() where !set.contains(first) { break }
        await #expect(throws: USBError.notFound) { try await bus.open(first) }
        try await plug()
        let returned = try await self.device { $0 != first }
        #expect(returned.port == first.port)
        #expect(returned.generation != first.generation)
        let again = try await bus.open(returned)
        try await again.claim(interface: 0)
        try await again.write(endpoint: 0x01, [5], deadline: second)
        #expect(try await again.read(endpoint: 0x81, maximum: 64, deadline: second) == [5])
        await again.close()
    }

    /// Every rule, with its name.
    static let rules: [Rule] = [
        Rule("a device is described by its descriptors and strings") { try await $0.describes() },
        Rule("bytes come back as they were sent, at every length") { try await $0.movesBytes() },
        Rule("control transfers carry data both ways, and a stall harms only its own") { try await $0.controls() },
        Rule("a halted endpoint stays halted until it is cleared") { try await $0.staysHaltedUntilCleared() },
        Rule("more bytes than were asked for are an overflow") { try await $0.refusesTooMuch() },
        Rule("a read that timed out loses no later byte") { try await $0.losesNothingAfterADeadline() },
        Rule("a write that timed out says how much went out") { try await $0.saysHowMuchWentOut() },
        Rule("a cancelled transfer ends, and the next one works") { try await $0.cancels() },
        Rule("an interface is claimed once, and only if it exists") { try await $0.claimsOnce() },
        Rule("closing ends running transfers and frees the device") { try await $0.closesWithTransfersRunning() },
        Rule("pulling out ends transfers; the device that comes back is another one") {
            try await $0.survivesReplugging()
        },
    ]

    struct Rule: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let check: @Sendable (BusConformance) async throws -> Void

        init(_ name: String, _ check: @escaping @Sendable (BusConformance) async throws -> Void) {
            testDescription = name
            self.check = check
        }
    }
}
