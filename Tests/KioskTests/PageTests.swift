import Control
import Dossiers
import Foundation
import Journey
import Peripherals
import Procedures
import TestSupport
import Testing

@testable import Kiosk

@Suite("Pages become documents", .timeLimit(.minutes(5)))
struct PageTests {
    @Test("a blurred page is asked about, kept, and the dossier's documents say what they are")
    func kept() async throws {
        let pages = ScriptedPages(text: "Giấy chứng sinh") { $0 == 0 ? [.blurred] : [] }
        try await WholeKiosk.run(pages: pages) { kiosk in
            let applicant = kiosk.applicant()
            try await applicant.declare()
            try await applicant.touch("scan", "birth-certificate")
            let asked = try await applicant.see("the question") { $0.id == "scan-finding" }
            #expect(asked.notice?.text == (try kiosk.text("scan.finding.blurred", "vi")))
            try await applicant.touch("keep")
            try await applicant.touch("next")
            try await applicant.see(screen: "review")
            try await applicant.submit()
            try await applicant.see("the proof") { $0.id == "ticket" && $0.offers("finish") }
            let document = try #require(pages.seen.documents.first)
            #expect(document.component == "birth-certificate" && document.title == "Giấy chứng sinh")
            #expect(document.procedure == "1.001193")
            #expect(document.dossier == (try await kiosk.dossiers.list().first?.provisionalCode))
        }
    }

    @Test("a page that cannot be prepared is used as it was scanned")
    func failed() async throws {
        try await WholeKiosk.run(pages: ScriptedPages { _ in nil }) { kiosk in
            let applicant = kiosk.applicant()
            try await applicant.declareAndScan()
            try await applicant.submit()
            try await applicant.see("the proof") { $0.id == "ticket" && $0.offers("finish") }
        }
    }

    @Test("a page scanned again takes the place of the one before")
    func again() async throws {
        let pages = ScriptedPages { $0 == 0 ? [.cutOff] : [] }
        try await WholeKiosk.run(pages: pages) { kiosk in
            let applicant = kiosk.applicant()
            try await applicant.declare()
            try await applicant.touch("scan", "birth-certificate")
            try await applicant.see(screen: "scan-finding")
            let before = try await applicant.touch("back").pages("birth-certificate")
            try await applicant.touch("next")
            try await applicant.touch("retake")
            try await kiosk.simulate("scanner", "load", "birth-certificate")
            try await applicant.touch("scan")
            let shown = try await applicant.see("the new page") { $0.id == "scan" && $0.offers("next") }
            #expect(shown.pages("birth-certificate") == before)
            #expect(try await applicant.touch("next").id == "review")
        }
    }

    @Test("a visit that ends while a page is prepared or read leaves no file and no work", arguments: [true, false])
    func wiped(_ isPreparing: Bool) async throws {
        let gate = WorkGate()
        let pages = ScriptedPages(preparing: isPreparing ? gate : nil, reading: isPreparing ? nil : gate)
        try await WholeKiosk.run(pages: pages) { kiosk in
            let applicant = kiosk.applicant()
            try await applicant.declare()
            try await applicant.touch("scan", "birth-certificate")
            try await applicant.see("the page") { $0.pages("birth-certificate") > 0 && $0.offers("next") }
            try await eventually("it is at work") { gate.visitors > 0 }
            try await applicant.touch("cancel")
            try await applicant.touch("leave")
            try await applicant.see(screen: "welcome")
            try await eventually("the work ends") { pages.seen.cancelled == gate.visitors }
            let visit = kiosk.memory.appending(path: "visit")
            try await eventually("nothing is left") {
                try FileManager.default.subpathsOfDirectory(atPath: visit.path)
                    .filter { !$0.hasSuffix("birth-certificate") }.isEmpty
            }
        }
    }
}
