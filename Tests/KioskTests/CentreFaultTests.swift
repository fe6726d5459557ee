import Control
import Foundation
import HallQueue
import Journey
import Testing

@Suite("The centre goes wrong", .timeLimit(.minutes(5)))
struct CentreFaultTests {
    @Test("unreachable: the ticket is printed all the same, the dossier waits, and goes when the centre is there")
    func unreachable() async throws {
        try await WholeKiosk.run(startsCentre: false) { kiosk in
            let applicant = kiosk.applicant()
            try await applicant.declareAndScan()
            try await applicant.submit()
            let shown = try await applicant.see("the proof") { $0.id == "ticket" && $0.offers("finish") }
            #expect(shown.notice == nil)
            try await applicant.touch("finish")
            try await eventually("the ticket waits") { try await kiosk.queue.tickets().map(\.state) == [.waiting] }

            let dossiers = kiosk.dossiers
            let dossier = try #require(try await dossiers.list().first)
            #expect(dossier.receipt == nil)
            #expect(try kiosk.sealedFiles().count == 1)
            let check = try await kiosk.doctor("centre")
            #expect(!check.ok && !check.remedy.isEmpty)
            let outbox = try await kiosk.ask(OutboxListCommand())
            #expect(outbox.items.map(\.dossier) == [dossier.provisionalCode])
            #expect(outbox.items.map(\.state) == ["pending"])

            // The applicant asks at the kiosk.
            #expect(
                try await lookUp(dossier.provisionalCode, applicant) == kiosk.text("lookup.state.waiting-to-send", "vi")
            )

            try await kiosk.centre.start()
            try await eventually("the receipt is there") { try await dossiers.record(dossier.id)?.receipt != nil }
            try await eventually("the sealed file is gone") { try kiosk.sealedFiles().isEmpty }
            #expect(try await kiosk.ask(OutboxListCommand()).items.isEmpty)
            try await kiosk.becomesHealthy()
            #expect(try await lookUp(dossier.provisionalCode, applicant) == kiosk.text("lookup.state.received", "vi"))
        }
    }

    @Test("a centre that goes away and comes back gets the dossier once")
    func awayAndBack() async throws {
        try await WholeKiosk.run { kiosk in
            try await kiosk.becomesHealthy()
            await kiosk.centre.stop()
            #expect(try await !kiosk.doctor("centre").ok)
            let applicant = kiosk.applicant()
            try await applicant.declare()
            try await applicant.touch("atCounter")
            try await applicant.submit()
            try await applicant.see("the proof") { $0.id == "ticket" && $0.offers("finish") }
            try await kiosk.centre.start()
            let dossiers = kiosk.dossiers
            try await eventually("the receipt is there") { try await dossiers.list().first?.receipt != nil }
            #expect(try await dossiers.list().count == 1)
            try await kiosk.becomesHealthy()
        }
    }

    /// Looks a dossier up from the welcome screen. - Returns: what the screen says of it.
    private func lookUp(_ code: String, _ applicant: Applicant) async throws -> String? {
        if try await applicant.screen().id == "thanks" { try await applicant.touch("finish") }
        try await applicant.see(screen: "welcome")
        try await applicant.touch("language", "vi")
        try await applicant.touch("need", "lookup")
        try await applicant.touch("search", values: ["code": code.lowercased()])
        let shown = try await applicant.see("the answer") { $0.offers("again") }
        try await applicant.touch("finish")
        for case .facts(let facts) in shown.blocks { return facts.items.last?.value }
        return nil
    }
}
