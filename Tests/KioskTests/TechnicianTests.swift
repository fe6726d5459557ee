import Control
import Foundation
import Peripherals
import Simulator
import Testing

@testable import Technician

@Suite("A technician with kioskctl", .timeLimit(.minutes(5)))
struct TechnicianTests {
    @Test("pages that would stay on a disk are a fault; so is a folder that is not there")
    func memory() {
        #expect(DoctorRounds.checkMemory(URL(filePath: "/dev/shm")).ok)
        for folder in [Repository.configuration, URL(filePath: "/no/such/folder")] {
            let check = DoctorRounds.checkMemory(folder)
            #expect(!check.ok && check.detail.contains(folder.path) && check.remedy.contains("runtimeDirectory"))
        }
    }

    @Test("doctor is green, names a fault with its remedy and exit code 1, and is green again, without a restart")
    func doctor() async throws {
        try await WholeKiosk.run { kiosk in
            try await kiosk.becomesHealthy()
            let green = try await kioskctl(kiosk, "doctor")
            #expect(green.status == 0, "\(green.text)")
            #expect(!green.text.contains("✗"))

            try await kiosk.simulate("printer", "paper-out")
            try await kiosk.wait(for: "paper-out", of: .ticketPrinter)
            let red = try await kioskctl(kiosk, "doctor")
            #expect(red.status == 1)
            #expect(red.text.contains("ticket-printer"))
            #expect(red.text.contains("paper-out"))
            #expect(red.text.contains(PrinterCondition.paperOut.remedy))

            try await kiosk.simulate("printer", "paper-in")
            try await kiosk.wait(for: "ready", of: .ticketPrinter)
            #expect(try await kioskctl(kiosk, "doctor").status == 0)
        }
    }

    @Test("every command answers with JSON that says what its reply says")
    func json() async throws {
        try await WholeKiosk.run { kiosk in
            try await kiosk.becomesHealthy()
            let applicant = kiosk.applicant()
            try await applicant.takeTicket()
            try await applicant.see("the proof") { $0.id == "ticket" && $0.offers("finish") }
            try await applicant.touch("finish")
            try await applicant.touch("finish")
            try await eventually("the ticket waits") { try await kiosk.queue.tickets().map(\.state) == [.waiting] }
            try await kiosk.simulate("card", "insert", "nguyen-van-a")
            let citizen = SyntheticCitizen.nguyenVanA

            let status: StatusCommand.Reply = try await decoded(kiosk, "status")
            #expect(status.ready && status.waitingTickets == 1 && status.screen == "welcome")
            let devices: DevicesCommand.Reply = try await decoded(kiosk, "devices")
            #expect(devices.devices.map(\.role) == DeviceRole.allCases.filter { $0 != .officePrinter })
            let card: CardReadCommand.Reply = try await decoded(kiosk, "card", "read", "--qr", citizen.qrText)
            #expect(card.holder.number == citizen.number)
            let ticket: TicketTestCommand.Reply = try await decoded(kiosk, "ticket", "test")
            #expect(ticket.outcome == "printed")
            let scan: ScanTestCommand.Reply = try await decoded(kiosk, "scan", "test")
            #expect(!scan.pages.isEmpty)
            let queue: QueueListCommand.Reply = try await decoded(kiosk, "queue", "list")
            #expect(queue.tickets.map(\.state) == ["waiting"])
            let outbox: OutboxListCommand.Reply = try await decoded(kiosk, "outbox", "list")
            #expect(outbox.items.isEmpty)
            let doctor: DoctorCommand.Reply = try await decoded(kiosk, "doctor")
            #expect(doctor.healthy)
        }
    }

    @Test("the printer's status, its trace, a new roll and a second paper, as a technician sees them")
    func printer() async throws {
        try await WholeKiosk.run { kiosk in
            let applicant = kiosk.applicant()
            try await applicant.takeTicket()
            let number = try #require(try await applicant.see("the proof") { $0.offers("finish") }.ticket?.number)
            try await eventually("the ticket waits") { try await kiosk.queue.tickets().map(\.state) == [.waiting] }

            let status: PrinterStatusCommand.Reply = try await decoded(kiosk, "printer", "status")
            #expect(status.device.ready && status.summary?.proof == .fence && status.unproved.isEmpty)
            let height = try #require(await kiosk.simulator.printer.slips.first?.height)
            let length = Double(height) * 25.4 / 203
            let counted = try #require(status.roll.ticketMillimetres)
            #expect(abs(counted - length) < 25, "\(counted) mm were counted, \(length) mm are cut off")
            #expect(status.roll.leftTickets == Int(status.roll.leftMetres * 1000 / counted))

            let trace: PrinterTraceCommand.Reply = try await decoded(kiosk, "printer", "trace", "--test")
            #expect(trace.test?.outcome == "printed")
            #expect(trace.lines.contains { !$0.exchange.isFromPrinter && $0.exchange.text.contains("GS ( H") })
            #expect(trace.lines.contains { $0.exchange.isFromPrinter && $0.exchange.text.contains("printed") })
            #expect(!trace.lines.contains { $0.exchange.text.contains("TEST") }, "pictures are told by their size")

            let again: TicketReprintCommand.Reply = try await decoded(kiosk, "ticket", "reprint", number)
            #expect(again.isMarked && again.paper.outcome == "printed" && again.state == "waiting")
            let slips = await kiosk.simulator.printer.slips
            #expect(slips.count == 3)
            #expect(try await PaperReader.plate(slips[2]).contains("IN LẠI"))

            let roll: PaperResetCommand.Reply = try await decoded(kiosk, "paper", "reset", "--metres", "2")
            #expect(roll.rollMetres == 2 && roll.printedMetres == 0 && roll.changedAt != nil)
            let paper = try await kiosk.doctor("paper")
            #expect(!paper.ok && paper.detail.contains("about 2 of 2 m left"))

            try await kiosk.simulate("printer", "paper-out")
            try await kiosk.wait(for: "paper-out", of: .ticketPrinter)
            try await kiosk.simulate("printer", "paper-in")
            try await kiosk.wait(for: "ready", of: .ticketPrinter)
            try await eventually("the change is proposed") {
                try await kioskctl(kiosk, "printer", "status").text.contains("Then: kioskctl paper reset")
            }
            let void = try await kioskctl(kiosk, "queue", "void", number)
            let refused = try await kioskctl(kiosk, "ticket", "reprint", number)
            #expect(void.status == 0 && refused.status == 1 && refused.errors.contains("void"))
        }
    }

    @Test("a trace of a card that was read, and of one that was taken away, is masked and replays to the same end")
    func trace() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "trace-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await WholeKiosk.run { kiosk in
            let citizen = SyntheticCitizen.nguyenVanA
            try await kiosk.simulate("card", "insert", citizen.id)
            for (name, removal, status) in [("read", nil, 0), ("removed", "9", 1)] as [(String, String?, Int)] {
                if let removal { try await kiosk.simulate("card", "remove", "--after-apdu", removal) }
                let file = folder.appending(path: "\(name).jsonl")
                let run = try await kioskctl(
                    kiosk, "card", "trace", "--qr", citizen.qrText, file.path)
                #expect(run.status == status, "\(run.text)\(run.errors)")
                let text = try String(contentsOf: file, encoding: .utf8)
                #expect(!text.contains(citizen.number) && text.contains(#""masked":true"#))
                let replay = try await ProgramRun.run("kioskctl", ["card", "replay", file.path])
                #expect(replay.status == 0, "\(replay.text)\(replay.errors)")
                #expect(replay.text.contains("the same outcome"))
                #expect(replay.text.contains(name == "read" ? "finished by PACE-CAN" : "failed: removed"))
            }
        }
    }

    @Test("a wrong CAN on the command line: the message, the remedy, exit code 1; as JSON too")
    func wrongCAN() async throws {
        try await WholeKiosk.run { kiosk in
            try await kiosk.simulate("card", "insert", "nguyen-van-a")
            let run = try await kioskctl(kiosk, "card", "read", "--can", "000000")
            #expect(run.status == 1)
            #expect(run.text.isEmpty)
            #expect(run.errors.contains("CAN"))
            let json = try await kioskctl(kiosk, "card", "read", "--can", "000000", "--json")
            #expect(json.status == 1)
            #expect(try JSONDecoder().decode(Fault.self, from: json.output).fault.code == "wrong-key")
        }
    }

    @Test("a ticket that nobody confirmed at the screen is settled by a technician", arguments: ["confirm", "void"])
    func settle(_ decision: String) async throws {
        try await WholeKiosk.run { kiosk in
            let applicant = kiosk.applicant()
            try await kiosk.simulate("printer", "paper-out")
            try await kiosk.wait(for: "paper-out", of: .ticketPrinter)
            try await applicant.takeTicket()
            let number = try #require(try await applicant.see("the number") { $0.offers("confirm") }.ticket?.number)
            let settled = try await kioskctl(kiosk, "queue", decision, number.lowercased())
            #expect(settled.status == 0, "\(settled.errors)")
            let state = try await kiosk.queue.tickets().map(\.state)
            #expect(state == [decision == "confirm" ? .waiting : .void])

            let unknown = try await kioskctl(kiosk, "queue", decision, "Z999")
            #expect(unknown.status == 1 && unknown.errors.contains("Z999"))
            // What was settled the other way stays as it is, and says so.
            if decision == "void" {
                let again = try await kioskctl(kiosk, "queue", "confirm", number)
                #expect(again.status == 1 && again.errors.contains("void"))
            }
        }
    }

    @Test("with nothing parked, outbox retry says so; an unknown dossier is a fault with a remedy")
    func retry() async throws {
        try await WholeKiosk.run { kiosk in
            let nothing = try await kioskctl(kiosk, "outbox", "retry")
            #expect(nothing.status == 0 && nothing.text.contains("Nothing"))
            let unknown = try await kioskctl(kiosk, "outbox", "retry", "TAM-261124-XXXXXX")
            #expect(unknown.status == 1 && unknown.errors.contains("outbox list"))
        }
    }

    private struct Fault: Decodable {
        var fault: ControlFault
    }

    private func kioskctl(_ kiosk: WholeKiosk, _ words: String...) async throws -> ProgramRun {
        try await ProgramRun.run("kioskctl", words + ["--socket", kiosk.socket])
    }

    private func decoded<Reply: Decodable>(_ kiosk: WholeKiosk, _ words: String...) async throws -> Reply {
        let run = try await ProgramRun.run("kioskctl", words + ["--json", "--socket", kiosk.socket])
        #expect(run.status == 0, "\(words): \(run.errors)")
        return try JSONDecoder().decode(Reply.self, from: run.output)
    }
}
