import Control
import Foundation
import HallQueue
import Journey
import Peripherals
import TestSupport
import Testing

@Suite("The power goes", .timeLimit(.minutes(5)))
struct PowerTests {
    @Test("a hub that loses power and gets it back: every device serves again, without a restart")
    func hub() async throws {
        try await WholeKiosk.run { kiosk in
            let usb: [(name: String, role: DeviceRole)] = [
                ("reader", .cardReader), ("qr", .barcodeReader), ("printer", .ticketPrinter),
            ]
            for device in usb { try await kiosk.simulate("unplug", device.name) }
            for device in usb { try await kiosk.wait(for: "absent", of: device.role) }
            let reply = try await kiosk.ask(DoctorCommand())
            #expect(reply.checks.filter { !$0.ok }.map(\.name) == usb.map(\.role.rawValue))
            for device in usb { try await kiosk.simulate("plug", device.name) }
            try await kiosk.becomesHealthy()
            let applicant = kiosk.applicant()
            try await applicant.begin()
            try await applicant.identify()
            try await applicant.touch("cancel")
            try await applicant.touch("leave")
            try await applicant.takeTicket()
            try await applicant.see("the proof") { $0.id == "ticket" && $0.offers("finish") }
        }
    }

    @Test("a kiosk that ends in the middle of a visit forgets the visit, and names the ticket that nobody confirmed")
    func endsInTheMiddle() async throws {
        let folder = TemporaryFolder()
        let data = folder.url.appending(path: "data")
        try await WholeKiosk.run(data: data) { kiosk in
            let applicant = kiosk.applicant()
            try await applicant.declareAndScan()
            #expect(try !scans(in: data).isEmpty)
            try await kiosk.simulate("printer", "paper-out")
            try await kiosk.wait(for: "paper-out", of: .ticketPrinter)
            try await applicant.submit()
            try await applicant.see("the number") { $0.offers("confirm") }
        }
        try await WholeKiosk.run(data: data) { kiosk in
            #expect(try scans(in: data).isEmpty)
            let ticket = try #require(try await kiosk.queue.tickets().first)
            #expect(ticket.state == .reserved)
            let asked = try await kiosk.applicant().screen()
            #expect(asked.id == "recovery" && asked.title.contains(ticket.label))
            #expect(asked.ticket?.procedure == nil && asked.ticket?.qr == nil)
            let check = try await kiosk.doctor("queue")
            #expect(!check.ok && check.detail.contains(ticket.label))
            await #expect(throws: CounterError.nobodyWaits) { try await kiosk.queue.callNext(counter: 1) }
            _ = try await kiosk.ask(QueueSettleCommand(number: ticket.label, decision: .confirm))
            #expect(try await kiosk.doctor("queue").ok)
            #expect(try await kiosk.queue.callNext(counter: 1).current?.number == ticket.label)
        }
    }

    /// The pictures that lie in the folder of the visit.
    private func scans(in data: URL) throws -> [String] {
        let visit = data.appending(path: "run/visit")
        return try FileManager.default.subpathsOfDirectory(atPath: visit.path).filter { $0.hasSuffix(".jpg") }
    }
}
