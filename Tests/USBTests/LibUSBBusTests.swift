import Logging
import Simulator
import Testing
import USB

/// The rules of a bus, on the real libusb: the machine's kernel attaches the loopback device by vhci-hcd.
@Suite(
    "libusb bus", .serialized,
    .enabled(if: VHCIPort.isAvailable, "needs a kernel with vhci-hcd: ./scripts/test-kernel runs it"))
struct LibUSBBusTests {
    @Test("keeps the rules of a bus", arguments: BusConformance.rules.enumerated().map { ($0.offset, $0.element) })
    func conforms(_ number: Int, _ rule: BusConformance.Rule) async throws {
        let server = USBIPServer(port: 0, logger: .quiet)
        let port = try await server.start()
        let serial = "K-\(number)"
        let device = LoopbackDevice(serial: serial)
        let plug: @Sendable () async throws -> Void = {
            try await server.plug(device, at: "1-1")
            try await VHCIPort.attach("1-1", serverPort: port)
        }
        try await plug()
        let conformance = BusConformance(
            bus: LibUSBBus(logger: .quiet), serial: serial, plug: plug, unplug: { await server.unplug("1-1") })
        try await rule.check(conformance)
        await server.stop()
    }
}
