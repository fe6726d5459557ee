import CUPSTestSupport
import Foundation
import Peripherals
import Synchronization
import Testing

@testable import OfficePrinter

@Suite("a ticket printer behind a real CUPS", .serialized, .timeLimit(.minutes(2)))
struct CUPSTicketPrinterTests {
    /// Every byte there is, and what CUPS could take for a file of some kind.
    static let bytes: [UInt8] = [0x1B, 0x40] + (0...255) + Array("%!PS-Adobe-3.0\r\n\n\r".utf8) + [0x1D, 0x56, 66, 0]

    let rig: CUPSRig
    let paper: DumbPrinter
    let printer: CUPSTicketPrinter
    /// Soon takes a printer for offline that takes nothing.
    let impatient: CUPSTicketPrinter

    init() async throws {
        let (rig, paper) = try await offPool {
            let rig = try CUPSRig()
            return (rig, try rig.addDumbQueue("tickets"))
        }
        self.rig = rig
        self.paper = paper
        printer = Self.printer(rig, limit: .seconds(60))
        impatient = Self.printer(rig, limit: .seconds(2))
    }

    private static func printer(_ rig: CUPSRig, limit: Duration) -> CUPSTicketPrinter {
        CUPSTicketPrinter(
            server: CUPSServer(socket: rig.socket), queue: "tickets", dots: 576, dotsPerInch: 203,
            timings: .init(idle: .milliseconds(100), working: .milliseconds(50), job: limit), logger: .quiet
        ) { ticket in
            CUPSTicketPrinter.Encoded(bytes: Array(ticket.number.utf8) + bytes, millimetres: 100)
        }
    }

    private func ticket(_ number: String) -> TicketContent {
        var ticket = Sample.ticket
        ticket.number = number
        return ticket
    }

    @Test("the bytes arrive as they are, and the ticket is transmitted, never printed")
    func bytes() async throws {
        let steps = Mutex<[PrintStep]>([])
        let outcome = await printer.print(ticket("A001"), job: UUID()) { step in steps.withLock { $0.append(step) } }
        #expect(outcome == .transmitted)
        #expect(steps.withLock { $0 } == [.sending(millimetres: 100), .awaitingProof])
        #expect(try paper.papers() == [Data("A001".utf8) + Data(Self.bytes)])
        #expect(await printer.condition() == .ready)
        #expect(await printer.summary()?.proof == PrinterSummary.Proof.none)
    }

    @Test("a ticket that met an empty roll is taken out: after the refill only the next one comes")
    func paperOut() async throws {
        try paper.set("empty", true)
        #expect(await printer.print(ticket("A001"), job: UUID()) { _ in } == .failed(.paperOut))
        #expect(await printer.condition() == .paperOut)
        try paper.set("empty", false)
        #expect(await printer.print(ticket("A002"), job: UUID()) { _ in } == .transmitted)
        #expect(await printer.condition() == .ready)
        #expect(try paper.papers().map { $0.prefix(4) } == [Data("A002".utf8)])
    }

    @Test("a printer that takes nothing is offline after the limit; its ticket never comes out later")
    func deaf() async throws {
        try paper.set("deaf", true)
        #expect(await impatient.print(ticket("A001"), job: UUID()) { _ in } == .failed(.offline))
        try paper.set("deaf", false)
        #expect(await printer.print(ticket("A002"), job: UUID()) { _ in } == .transmitted)
        #expect(try paper.papers().map { $0.prefix(4) } == [Data("A002".utf8)])
    }

    @Test("a queue that somebody paused, and a CUPS that is gone, refuse: nothing was handed over")
    func refused() async throws {
        let rig = rig
        _ = try await offPool { try rig.run("cupsdisable", ["tickets"]) }
        #expect(await printer.print(ticket("A001"), job: UUID()) { _ in } == .refused(.queueStopped))
        try await offPool { rig.stopServer() }
        #expect(await printer.print(ticket("A002"), job: UUID()) { _ in } == .refused(.noService))
        #expect(try paper.papers().isEmpty)
    }

    @Test("a step that can't be written down is not taken")
    func journal() async throws {
        struct Full: Error {}
        #expect(await printer.print(ticket("A001"), job: UUID()) { _ in throw Full() } == .refused(.unknown))
        #expect(try paper.papers().isEmpty)
    }
}
