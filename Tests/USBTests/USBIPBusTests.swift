import Logging
import Simulator
import Testing
import USB

@Suite("USB/IP bus")
struct USBIPBusTests {
    @Test("keeps the rules of a bus", arguments: BusConformance.rules)
    func conforms(_ rule: BusConformance.Rule) async throws {
        let server = USBIPServer(port: 0, logger: .quiet)
        let port = try await server.start()
        let device = LoopbackDevice(serial: "L-1")
        try await server.plug(device, at: "1-1")
        let bus = USBIPBus(host: "127.0.0.1", port: port, interval: .milliseconds(5), logger: .quiet)
        let conformance = BusConformance(
            bus: bus, serial: "L-1", plug: { try await server.plug(device, at: "1-1") },
            unplug: { await server.unplug("1-1") })
        try await rule.check(conformance)
        await server.stop()
    }

    @Test("an imported device is still listed, and another client sees it too")
    func importedIsListed() async throws {
        let server = USBIPServer(port: 0, logger: .quiet)
        let port = try await server.start()
        try await server.plug(LoopbackDevice(serial: "L-2"), at: "1-2")
        let bus = USBIPBus(host: "127.0.0.1", port: port, logger: .quiet)
        let info = try #require(try await bus.devices().first)
        let device = try await bus.open(info)
        #expect(try await bus.devices() == [info])
        let other = USBIPBus(host: "127.0.0.1", port: port, logger: .quiet)
        #expect(try await other.devices().map(\.port) == ["1-2"])
        await #expect(throws: USBError.busy("this program")) { try await bus.open(info) }
        await device.close()
        #expect(try await other.devices() == [info])
        await server.stop()
    }

    @Test("several devices are served at once, each with its own data")
    func several() async throws {
        let server = USBIPServer(port: 0, logger: .quiet)
        let port = try await server.start()
        let names = (1...3).map { "M-\($0)" }
        for (index, name) in names.enumerated() {
            try await server.plug(LoopbackDevice(serial: name), at: "1-\(index + 1)")
        }
        let bus = USBIPBus(host: "127.0.0.1", port: port, logger: .quiet)
        let infos = try await bus.devices()
        #expect(Set(infos.map(\.serial)) == Set(names))
        try await withThrowingTaskGroup { group in
            for info in infos {
                group.addTask {
                    let device = try await bus.open(info)
                    let bytes = Array((info.serial ?? "").utf8)
                    try await device.write(endpoint: 1, bytes, deadline: .seconds(5))
                    #expect(try await device.read(endpoint: 0x81, maximum: 64, deadline: .seconds(5)) == bytes)
                    await device.close()
                }
            }
            try await group.waitForAll()
        }
        await server.stop()
    }

    @Test("a server that is not there is an error for one look, and the empty set for a watcher, who sees it come")
    func absentServer() async throws {
        let first = USBIPServer(port: 0, logger: .quiet)
        let port = try await first.start()
        await first.stop()
        let bus = USBIPBus(host: "127.0.0.1", port: port, interval: .milliseconds(5), logger: .quiet)
        await #expect(throws: USBError.self) { try await bus.devices() }
        let server = USBIPServer(port: port, logger: .quiet)
        var isStarted = false
        for await set in bus.deviceSets() {
            if !isStarted {
                #expect(set.isEmpty)
                try await server.plug(LoopbackDevice(serial: "L-3"), at: "1-1")
                try await server.start()
                isStarted = true
            } else if let info = set.first {
                #expect(info.serial == "L-3")
                break
            }
        }
        await server.stop()
    }
}

extension Logger {
    static var quiet: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
