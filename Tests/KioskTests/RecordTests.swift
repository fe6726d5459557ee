import CentralServer
import Foundation
import Subprocess
import TestSupport
import Testing

/// Papers of a whole visit, made by the real `kiosk-page`, as the centre gets them.
@Suite("Documents of record", .timeLimit(.minutes(5)))
struct RecordTests {
    @Test("the centre gets PDF/A with a text that nobody waited for")
    func textLayer() async throws {
        try await WholeKiosk.run(pages: nil) { kiosk in
            let applicant = kiosk.applicant()
            try await applicant.declareAndScan()
            try await applicant.submit()
            try await applicant.see("the proof") { $0.id == "ticket" && $0.offers("finish") }
            let dossiers = kiosk.dossiers
            try await eventually("the receipt is there", within: .seconds(120)) {
                try await dossiers.list().first?.receipt != nil
            }
            let id = try #require(try await dossiers.list().first).id
            let document = kiosk.centre.data.appending(path: "dossiers/\(id.uuidString)/birth-certificate.pdf")
            let text = try await Self.output(of: "pdftotext", [document.path, "-"])
            #expect(text.uppercased().contains("GIẤY CHỨNG SINH"), "\(text.prefix(400))")
            let metadata = try await Self.output(of: "pdfinfo", ["-meta", document.path])
            #expect(metadata.contains("<pdfaid:part>2</pdfaid:part>"))
            #expect(metadata.contains("birth-certificate") && metadata.contains("1.001193"))
            // Nothing plain is left.
            let pending = kiosk.memory.appending(path: "pending")
            try await eventually("the papers are gone") {
                try FileManager.default.contentsOfDirectory(atPath: pending.path).isEmpty
            }
        }
    }

    private static func output(of program: String, _ arguments: [String]) async throws -> String {
        let result = try await Subprocess.run(
            .name(program), arguments: Arguments(arguments), output: .string(limit: 1 << 20))
        #expect(result.terminationStatus.isSuccess, "\(program) failed")
        return result.standardOutput.precomposedStringWithCanonicalMapping
    }
}
