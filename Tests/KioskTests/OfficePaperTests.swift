import CUPSTestSupport
import Foundation
import Journey
import Peripherals
import Subprocess
import TestSupport
import Testing

/// What a submission prints on A4: the whole kiosk, a real CUPS, an IPP printer.
@Suite("Papers at the office printer")
struct OfficePaperTests {
    private static func text(of pdf: URL) async throws -> String {
        let result = try await Subprocess.run(
            .name("pdftotext"), arguments: ["-layout", pdf.path, "-"], output: .string(limit: 1 << 20))
        return result.standardOutput.precomposedStringWithCanonicalMapping
    }

    private static func hall() async throws -> (CUPSRig, IPPEverywherePrinter) {
        try await offPool {
            let rig = try CUPSRig()
            let printer = try IPPEverywherePrinter()
            try rig.addQueue("office", for: printer)
            return (rig, printer)
        }
    }

    @Test(
        "after a submission the slip and the declaration come out, with the answers and the code, and the screen says so"
    )
    func printed() async throws {
        let (rig, printer) = try await Self.hall()
        try await WholeKiosk.run(office: rig) { kiosk in
            let applicant = kiosk.applicant()
            try await applicant.declareAndScan()
            try await applicant.submit()
            let printed = try kiosk.text("paperwork.printed", "vi")
            let screen = try await applicant.see("the papers to be printed", within: .seconds(60)) { screen in
                screen.ticket != nil && screen.facts.contains(printed)
            }
            let papers = try await offPool { try printer.papers() }
            try #require(papers.count == 2)
            let code = try #require(try await kiosk.dossiers.list().first).provisionalCode
            let number = try #require(screen.ticket).number
            let slip = try await Self.text(of: papers[0])
            for words in [code, number, "Nguyễn Văn A".uppercased(), "1.001193"] {
                #expect(slip.contains(words) || slip.uppercased().contains(words), "the slip lacks \(words)")
            }
            let declaration = try await Self.text(of: papers[1])
            for words in [code, "Nguyễn Thị Bình An", "Trần Thị Cẩm Tú", "Bệnh viện Đa khoa tỉnh Gia Lai"] {
                #expect(declaration.contains(words), "the declaration lacks \(words)")
            }
        }
    }

    @Test(
        "without paper the screen says what is wrong and the number stands; after the refill the papers come out once")
    func paperOut() async throws {
        let (rig, printer) = try await Self.hall()
        try printer.hold("media-empty-error")
        try await WholeKiosk.run(office: rig) { kiosk in
            let applicant = kiosk.applicant()
            try await applicant.declareAndScan()
            try await applicant.submit()
            let reason = try kiosk.text("device.office-printer.paper-out", "vi")
            try await applicant.see("the empty tray to be told", within: .seconds(60)) { screen in
                screen.ticket != nil && screen.facts.contains { $0.contains(reason) }
            }
            try printer.release()
            let printed = try kiosk.text("paperwork.printed", "vi")
            try await applicant.see("the papers to be printed", within: .seconds(60)) { $0.facts.contains(printed) }
            #expect(try await offPool { try printer.papers() }.count == 2)
        }
    }
}

extension Screen {
    /// What stands in its lines of facts.
    fileprivate var facts: [String] {
        blocks.flatMap { block -> [String] in
            guard case .facts(let facts) = block else { return [] }
            return facts.items.map(\.value)
        }
    }
}
