import Logging
import Peripherals
import Simulator
import Testing
import USB

@testable import TicketPrinter

/// The same driver and the same device with the whole USB/IP path between them, as `bus: usbip://` in the demo.
@Suite struct OverUSBIPTests {
    private static let quiet = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    private struct Desk {
        let device: TicketPrinterDevice
        let server: USBIPServer
        let bus: USBIPBus

        func printer() async throws -> ESCPOSPrinter {
            let info = try #require(try await bus.devices().first { ESCPOSPrinter.matches($0) })
            return ESCPOSPrinter(try await bus.open(info), timings: Samples.timings, logger: OverUSBIPTests.quiet)
        }
    }

    private func withDesk(_ body: (Desk) async throws -> Void) async throws {
        let device = TicketPrinterDevice(logger: Self.quiet)
        let server = USBIPServer(port: 0, logger: Self.quiet)
        try await server.plug(device, at: "1-1")
        let port = try await server.start()
        let bus = USBIPBus(host: "127.0.0.1", port: port, logger: Self.quiet)
        do {
            try await body(Desk(device: device, server: server, bus: bus))
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    @Test("the driver learns the fence, prints with proof, and the paper is the drawing")
    func printed() async throws {
        try await withDesk { desk in
            let printer = try await desk.printer()
            for number in ["A001", "A002"] {
                #expect(await printer.print(Samples.ticket(number)) == .printed)
                let slip = try #require(await desk.device.slips.last)
                let drawn = try TicketDrawing().draw(Samples.ticket(number)).bytes
                #expect(slip.bytes.starts(with: drawn))
            }
            #expect(await printer.capabilities.proof == .fence)
            #expect(await desk.device.slips.count == 2)
        }
    }

    @Test(
        "paper ends in the middle: failed; after the refill ready, and the next ticket is whole", arguments: [50, 700])
    func paperOut(_ rows: Int) async throws {
        try await withDesk { desk in
            let printer = try await desk.printer()
            await desk.device.endRoll(afterRows: rows)
            #expect(await printer.print(Samples.ticket) == .failed(.paperOut))
            _ = try await desk.device.apply(["paper-in"])
            let again = Samples.ticket("U005", mark: "IN LẠI")
            #expect(await printer.print(again) == .printed)
            let slip = try #require(await desk.device.slips.last)
            #expect(slip.bytes.starts(with: try TicketDrawing().draw(again).bytes))
            #expect(await desk.device.slips.filter { !$0.isTorn && $0.blackDots > 0 }.count == 1)
        }
    }

    @Test("pulled out: the ticket fails as absent; plugged in again, a new driver prints")
    func replugged() async throws {
        try await withDesk { desk in
            let printer = try await desk.printer()
            await desk.device.openCover(afterRows: 10)
            let pull = Task {
                while await desk.device.bufferedBytes == 0 { await Task.yield() }
                await desk.server.unplug("1-1")
            }
            let outcome = await printer.print(Samples.ticket)
            await pull.value
            #expect([.failed(.absent), .failed(.coverOpen)].contains(outcome))
            _ = try await desk.device.apply(["cover-close"])
            try await desk.server.plug(desk.device, at: "1-1")
            #expect(await printer.print(Samples.ticket) == .refused(.absent))
            #expect(try await desk.printer().print(Samples.ticket) == .printed)
        }
    }
}
