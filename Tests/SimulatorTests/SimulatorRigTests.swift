import Foundation
import Logging
import Simulator
import Synchronization
import Testing
import USB

@Suite("Simulator rig")
struct SimulatorRigTests {
    /// Takes one fault and remembers what it was told.
    final class Target: FaultTarget {
        let seen = Mutex<[[String]]>([])
        let faultNames = ["jam", "show TEXT"]
        func apply(_ words: [String]) async throws -> String {
            guard words[0] != "wrong" else { throw FaultError.unknown(words, known: faultNames) }
            seen.withLock { $0.append(words) }
            return "done"
        }
    }

    struct Silent: VirtualUSBDevice {
        let descriptors = USBDescriptorSet(
            device: [18, 1, 0, 2, 0, 0, 0, 64, 1, 2, 3, 4, 5, 6, 0, 0, 0, 1],
            configuration: [9, 2, 18, 0, 1, 1, 0, 0x80, 50, 9, 4, 0, 0, 0, 0xFF, 0, 0, 0])
        func control(_ setup: USBSetup, data: [UInt8]) async throws -> [UInt8] { throw USBStall() }
        func receive(endpoint: UInt8, _ bytes: [UInt8]) async throws {}
        func send(endpoint: UInt8, maximum: Int) async throws -> [UInt8] { throw USBStall() }
        func reset() async {}
    }

    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test("a fault reaches its device, in the long and the short form, and a name stands for its text")
    func faults() async throws {
        let rig = SimulatorRig(server: USBIPServer(port: 0, logger: logger), logger: logger)
        let target = Target()
        await rig.add("reader", faults: target)
        await rig.nameTexts(["AN": "text of An"])
        #expect(try await rig.run(["fault", "reader", "jam"]) == "done")
        #expect(try await rig.run(["card", "jam"]) == "done")
        #expect(try await rig.run(["reader", "show", "AN"]) == "done")
        #expect(target.seen.withLock { $0 } == [["jam"], ["jam"], ["show", "text of An"]])
        await #expect(throws: FaultError.self) { try await rig.run(["fault", "reader", "wrong"]) }
        await #expect(throws: FaultError.self) { try await rig.run(["fault", "nobody", "jam"]) }
        await #expect(throws: FaultError.self) { try await rig.run([]) }
    }

    @Test("a device is pulled out and plugged in by name")
    func plugging() async throws {
        let server = USBIPServer(port: 0, logger: logger)
        let port = try await server.start()
        let rig = SimulatorRig(server: server, logger: logger)
        try await rig.add("printer", device: Silent(), at: "1-2")
        let bus = USBIPBus(host: "127.0.0.1", port: port, logger: logger)
        let first = try await bus.devices()
        #expect(first.map(\.port) == ["1-2"])
        _ = try await rig.run(["unplug", "printer"])
        #expect(try await bus.devices().isEmpty)
        _ = try await rig.run(["plug", "printer"])
        let second = try await bus.devices()
        #expect(second.map(\.port) == ["1-2"])
        #expect(first != second)
        #expect(try await rig.run(["list"]) == "printer at 1-2")
        await server.stop()
    }

    @Test("commands go over the control socket, and a refusal comes back as one")
    func controlSocket() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rig-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "control").path
        await #expect(throws: FaultError.self) { try await RigClient.send(["list"], to: path) }
        let rig = SimulatorRig(server: USBIPServer(port: 0, logger: logger), logger: logger)
        await rig.add("scanner", faults: Target())
        let control = RigServer(path: path, rig: rig, logger: logger)
        try await control.start()
        #expect(try await RigClient.send(["scanner", "jam"], to: path) == .init(ok: true, text: "done"))
        #expect(try await RigClient.send(["nobody"], to: path).ok == false)
        await control.stop()
        #expect(!FileManager.default.fileExists(atPath: path))
    }
}
