import Foundation
import Simulator
import Testing
import USB

@testable import TicketPrinter

/// The simulated printer by itself, with bytes written here by hand.
@Suite struct SimulatedPrinterTests {
    private static let out: UInt8 = 0x01
    private static let into: UInt8 = 0x82
    /// Two rows of 16 dots, then a cut without feed.
    private static let slip: [UInt8] = [0x1D, 0x76, 0x30, 0, 2, 0, 2, 0, 0xF0, 0x0F, 0xAA, 0x55, 0x1D, 0x56, 0]

    @Test("the stream means the same however it is cut into transfers", arguments: [1, 2, 3, 7, 64])
    func transfers(_ size: Int) async throws {
        let device = TicketPrinterDevice()
        let bytes = [0x1B, 0x40, 0x00] + Self.slip + Self.slip
        for start in stride(from: 0, to: bytes.count, by: size) {
            try await device.receive(endpoint: Self.out, [UInt8](bytes[start...].prefix(size)))
        }
        let slips = await device.slips
        #expect(slips.map(\.height) == [2, 2] && slips.map(\.number) == [1, 2])
        #expect([UInt8](slips[0].bytes.prefix(2)) == [0xF0, 0x0F])
        #expect(slips[0].blackDots == 16)
    }

    @Test("DLE EOT is answered at once, also offline, and inside a picture without spoiling it")
    func realTime() async throws {
        let device = TicketPrinterDevice()
        _ = try await device.apply(["paper-out"])
        try await device.receive(endpoint: Self.out, [0x10, 0x04, 1, 0x10, 0x04, 4])
        #expect(try await device.send(endpoint: Self.into, maximum: 64) == [0x1A, 0x7E])
        _ = try await device.apply(["paper-in"])
        try await device.receive(
            endpoint: Self.out, [0x1D, 0x76, 0x30, 0, 3, 0, 1, 0, 0x10, 0x04, 0x02, 0x1D, 0x56, 0])
        #expect(try await device.send(endpoint: Self.into, maximum: 64) == [0x12])
        #expect(await device.slips.first.map { [UInt8]($0.bytes.prefix(3)) } == [0x10, 0x04, 0x02])
    }

    @Test("the fence and GS r wait until what came before is on paper")
    func fence() async throws {
        let device = TicketPrinterDevice()
        _ = try await device.apply(["cover-open"])
        let ask = [0x1D, 0x28, 0x48, 6, 0, 48, 48, 0x41, 0x42, 0x43, 0x44, 0x1D, 0x72, 1] as [UInt8]
        try await device.receive(endpoint: Self.out, Self.slip + ask + [0x10, 0x04, 2])
        #expect(try await device.send(endpoint: Self.into, maximum: 64) == [0x16])
        #expect(await device.slips.isEmpty)
        _ = try await device.apply(["cover-close"])
        #expect(
            try await device.send(endpoint: Self.into, maximum: 64) == [0x37, 0x22, 0x41, 0x42, 0x43, 0x44, 0, 0x00])
        #expect(await device.slips.count == 1)
    }

    @Test("a full buffer takes nothing until there is paper again, and a transfer taken back has left nothing")
    func backPressure() async throws {
        var model = PrinterModel.standard
        model.bufferSize = 64
        let device = TicketPrinterDevice(model: model)
        _ = try await device.apply(["paper-out"])
        try await device.receive(endpoint: Self.out, [UInt8](repeating: 0x41, count: 64))
        let blocked = Task { try await device.receive(endpoint: Self.out, Self.slip) }
        let takenBack = Task { try await device.receive(endpoint: Self.out, Self.slip) }
        takenBack.cancel()
        await #expect(throws: CancellationError.self) { try await takenBack.value }
        #expect(await device.bufferedBytes == 64)
        _ = try await device.apply(["paper-in"])
        try await blocked.value
        #expect(await device.slips.filter { !$0.isTorn }.count == 1)
    }

    @Test("automatic status comes when it is switched on, and at each change")
    func automatic() async throws {
        let device = TicketPrinterDevice()
        try await device.receive(endpoint: Self.out, [0x1D, 0x61, 0x0E])
        #expect(try await device.send(endpoint: Self.into, maximum: 64) == [0x10, 0, 0, 0x0F])
        _ = try await device.apply(["paper-out"])
        #expect(try await device.send(endpoint: Self.into, maximum: 64) == [0x18, 0, 0x0F, 0x0F])
    }

    @Test("the class requests: who it is, how it is, forget everything")
    func classRequests() async throws {
        let device = TicketPrinterDevice()
        let id = try await device.control(
            USBSetup(requestType: 0xA1, request: 0, value: 0, index: 0, length: 1023), data: [])
        #expect(IEEE1284ID(answer: id)?.commandSet == "ESC/POS")
        let status = USBSetup(requestType: 0xA1, request: 1, value: 0, index: 0, length: 1)
        #expect(try await device.control(status, data: []) == [0x18])
        _ = try await device.apply(["paper-out"])
        #expect(try await device.control(status, data: []) == [0x20])
        try await device.receive(endpoint: Self.out, Self.slip)
        _ = try await device.control(
            USBSetup(requestType: 0x21, request: 2, value: 0, index: 0, length: 0), data: [])
        #expect(await device.bufferedBytes == 0)
        await #expect(throws: USBStall.self) {
            _ = try await device.control(
                USBSetup(requestType: 0x40, request: 9, value: 0, index: 0, length: 0), data: [])
        }
    }

    @Test("an unknown command is skipped and counted, an unknown fault is refused")
    func unknown() async throws {
        let device = TicketPrinterDevice()
        try await device.receive(endpoint: Self.out, [0x1B, 0x07] + Self.slip)
        #expect(await device.unknownCommands == [[0x1B, 0x07]])
        #expect(await device.slips.count == 1)
        await #expect(throws: FaultError.self) { try await device.apply(["on-fire"]) }
        await #expect(throws: FaultError.self) { try await device.apply(["paper-out", "--after-rows", "x"]) }
    }

    @Test("slips of an earlier run are not written over")
    func numbering() async throws {
        let folder = try Samples.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        for expected in [["ticket-0001.png"], ["ticket-0001.png", "ticket-0002.png"]] {
            let device = TicketPrinterDevice(directory: folder)
            try await device.receive(endpoint: Self.out, Self.slip)
            await device.developed()
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == expected)
        }
    }

    @Test("text is printed in the printer's own font")
    func text() async throws {
        let device = TicketPrinterDevice()
        try await device.receive(endpoint: Self.out, [UInt8]("HELLO".utf8) + [0x0A, 0x1D, 0x56, 66, 10])
        let slip = try #require(await device.slips.first)
        #expect(slip.height == 40 && slip.blackDots > 100)
    }
}
