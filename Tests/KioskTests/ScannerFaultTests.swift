import Control
import Foundation
import Journey
import Peripherals
import Testing

@Suite("The scanner goes wrong", .timeLimit(.minutes(5)))
struct ScannerFaultTests {
    @Test("a jam is named, nothing is lost, and when it is cleared the scan works", arguments: ["vi", "en"])
    func jam(_ language: String) async throws {
        try await WholeKiosk.run { kiosk in
            let applicant = kiosk.applicant()
            try await applicant.declare(language)
            try await kiosk.simulate("scanner", "jam")
            let jammed = try await applicant.scan()
            #expect(jammed.notice?.kind == .error)
            #expect(jammed.notice?.text == (try kiosk.text("scan.error.jam", language)))
            #expect(jammed.pages("birth-certificate") == 0)

            // The declaration is still there.
            let form = try await applicant.touch("back")
            #expect(form.id == "form")
            #expect(form.questions.contains { !$0.value.isEmpty })
            try await applicant.fillForm()

            try await kiosk.simulate("scanner", "clear")
            #expect(try await applicant.scan().pages("birth-certificate") > 0)
            #expect(try await applicant.touch("next").id == "review")
        }
    }

    @Test("pages scanned before the jam stay")
    func jamAfterPage() async throws {
        try await WholeKiosk.run { kiosk in
            let applicant = kiosk.applicant()
            try await applicant.declare()
            try await kiosk.simulate("scanner", "jam", "--after", "1")
            let jammed = try await applicant.scan()
            #expect(jammed.notice?.text == (try kiosk.text("scan.error.jam", "vi")))
            #expect(jammed.pages("birth-certificate") == 1)
            #expect(try await applicant.touch("next").id == "review")
        }
    }

    @Test("an applicant can go on without a scanner")
    func atTheCounter() async throws {
        try await WholeKiosk.run { kiosk in
            let applicant = kiosk.applicant()
            try await applicant.declare()
            try await kiosk.simulate("scanner", "jam")
            #expect(try await applicant.scan().offers("atCounter"))
            #expect(try await applicant.touch("atCounter").id == "review")
            try await applicant.submit()
            try await applicant.see("the proof") { $0.id == "ticket" && $0.offers("finish") }
        }
    }

    @Test("a technician is told of the jam by the doctor and by a test scan, and of its end")
    func technician() async throws {
        try await WholeKiosk.run { kiosk in
            try await kiosk.simulate("scanner", "jam")
            try await eventually("the doctor sees it") { try await !kiosk.doctor("document-scanner").ok }
            let check = try await kiosk.doctor("document-scanner")
            #expect(check.detail.hasPrefix("jam"))
            #expect(check.remedy == ScannerCondition.jam.remedy)
            let fault = await #expect(throws: ControlFault.self) { try await kiosk.ask(ScanTestCommand()) }
            #expect(fault?.code == "jam")
            #expect(fault?.remedy == ScannerCondition.jam.remedy)
            try await kiosk.simulate("scanner", "clear")
            #expect(try await kiosk.ask(ScanTestCommand()).pages.isEmpty == false)
            try await kiosk.becomesHealthy()
        }
    }

    @Test("a scanner that falls silent can be given up by the applicant, and scans again when it answers")
    func silent() async throws {
        try await WholeKiosk.run { kiosk in
            let applicant = kiosk.applicant()
            try await applicant.declare()
            try await kiosk.simulate("scanner", "silent")
            #expect(try await applicant.touch("scan", "birth-certificate").offers("cancelScan"))
            #expect(try await applicant.touch("cancelScan").offers("atCounter"))
            try await kiosk.simulate("scanner", "clear")
            #expect(try await applicant.scan().pages("birth-certificate") > 0)
        }
    }

    @Test("an empty feeder is said, to the technician and to the applicant")
    func empty() async throws {
        try await WholeKiosk.run { kiosk in
            try await kiosk.simulate("scanner", "empty")
            let fault = await #expect(throws: ControlFault.self) { try await kiosk.ask(ScanTestCommand()) }
            #expect(fault?.code == "feeder-empty")
            #expect(fault?.remedy.contains("try again") == true)
            let applicant = kiosk.applicant()
            try await applicant.declare("en")
            let shown = try await applicant.scan()
            #expect(shown.notice?.text == (try kiosk.text("scan.error.feeder-empty", "en")))
            try await kiosk.simulate("scanner", "load")
            #expect(try await applicant.scan().pages("birth-certificate") > 0)
        }
    }

    @Test("a technician scans nothing while somebody uses the kiosk, but may ask how the scanner is")
    func inUse() async throws {
        try await WholeKiosk.run { kiosk in
            let applicant = kiosk.applicant()
            try await applicant.declare()
            for ask in [
                { _ = try await kiosk.ask(ScanTestCommand()) }, { _ = try await kiosk.ask(ScanDocumentCommand()) },
            ] {
                let fault = await #expect(throws: ControlFault.self) { try await ask() }
                #expect(fault?.code == "kiosk-in-use")
            }
            let status = try await kiosk.ask(ScannerStatusCommand())
            #expect(status.device.ready && status.summary?.serial == "KVS-0001")
            #expect(status.summary?.abilities.sources.compactMap(\.kind).contains(.duplex) == true)
        }
    }

    @Test("a technician's document is handed out whole and once, and nothing of it is left in the kiosk")
    func document() async throws {
        try await WholeKiosk.run(pages: nil) { kiosk in
            try await kiosk.simulate("scanner", "load", "page-1", "page-2")
            let reply = try await kiosk.ask(ScanDocumentCommand(choices: ScanChoices(resolution: 75)))
            #expect(reply.batch.pages.count == 2 && reply.batch.fault == nil)
            let document = try #require(reply.document)
            let piece = try await kiosk.ask(ScanFetchCommand(document: document, offset: 0))
            #expect(piece.isLast && piece.bytes.count == reply.bytes && piece.bytes.starts(with: Data("%PDF-".utf8)))
            let fault = await #expect(throws: ControlFault.self) {
                try await kiosk.ask(ScanFetchCommand(document: document, offset: 0))
            }
            #expect(fault?.code == "no-document")
            #expect(try await kiosk.ask(ScannerStatusCommand()).summary?.lastScan?.pages == 2)
        }
    }
}
