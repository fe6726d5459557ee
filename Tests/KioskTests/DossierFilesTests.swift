import Dossiers
import Foundation
import KioskConfiguration
import Peripherals
import Procedures
import TestSupport
import Testing

@testable import Journey
@testable import Kiosk

@Suite("A submission becomes files")
struct DossierFilesTests {
    private static let text = """
        code: "1.000001"
        versions:
          - effectiveFrom: "2020-01-01"
            title: { vi: Thủ tục, en: Procedure }
            requester: { vi: Ai, en: Who }
            fee: { summary: { vi: Phí, en: Fee }, rules: [{ label: { vi: Phí, en: Fee } }] }
            processing: { summary: { vi: Ngay, en: Now }, workingDays: 0 }
            components:
              - { id: birth, label: { vi: Giấy chứng sinh, en: Birth } }
              - { id: marriage, label: { vi: Kết hôn, en: Marriage }, handling: XUAT_TRINH, scan: true, required: false }
              - { id: card, label: { vi: Thẻ, en: Card }, handling: XUAT_TRINH }
              - { id: pledge, label: { vi: Cam đoan, en: Pledge } }
        """

    private func submission(_ pages: [String: [VisitPage]]) throws -> Submission {
        let procedure = try Procedure.parse(Self.text, code: "1.000001")
        return Submission(
            key: UUID(), language: "vi",
            procedure: ChosenProcedure(code: procedure.code, version: try #require(procedure.versions.first)),
            isCardToBeShown: false, priorityClasses: [], pages: pages, papersAtCounter: true)
    }

    private func page(_ id: String, findings: [PageFinding] = [], codes: [PageCode] = []) -> VisitPage {
        let scan = ScannedPage(file: URL(filePath: "/nowhere/\(id).jpg"), width: 10, height: 10, resolution: 300)
        var page = VisitPage(id: id, scan: scan, batch: 1)
        page.take(PreparedPage(page: scan, findings: [], codes: []), codes: codes, findings: findings)
        return page
    }

    private func make(_ submission: Submission, _ pages: ScriptedPages) async throws -> [DossierDraft.File] {
        let folder = TemporaryFolder()
        return try await DossierFiles(
            submission: submission, code: "TAM-1", createdAt: Date(timeIntervalSince1970: 0), folder: folder.url,
            processing: pages
        ).make().files
    }

    @Test("one document a scanned component, with what it is; and a list that says how each paper gets to the officer")
    func files() async throws {
        let code = PageCode(symbology: "QR-Code", text: "GCS-1")
        var kept = page("p1", findings: [.blurred], codes: [code])
        kept.keep()
        var read = page("p2", findings: [.cutOff])
        read.take(RecognisedText(layer: URL(filePath: "/nowhere/p2.pdf"), text: "", confidence: 0), .unknown)
        let pages = ScriptedPages()
        let files = try await make(try submission(["birth": [kept, read], "marriage": [page("m1")]]), pages)

        #expect(files.map(\.name) == ["birth.pdf", "marriage.pdf", "papers.json"])
        #expect(
            pages.seen.documents == [
                DocumentMetadata(
                    title: "Giấy chứng sinh", component: "birth", procedure: "1.000001", dossier: "TAM-1",
                    codes: [code], createdAt: Date(timeIntervalSince1970: 0)),
                DocumentMetadata(
                    title: "Kết hôn", component: "marriage", procedure: "1.000001", dossier: "TAM-1",
                    createdAt: Date(timeIntervalSince1970: 0)),
            ])
        #expect(pages.seen.layers == [[false, true], [false]])

        guard case .bytes(let bytes) = try #require(files.last).content else { return #expect(Bool(false)) }
        let json = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: [[String: Any]]])
        let papers = try #require(json["papers"])
        #expect(papers.map { $0["component"] as? String } == ["birth", "marriage", "card", "pledge"])
        #expect(papers.map { $0["handling"] as? String } == ["NOP", "XUAT_TRINH", "XUAT_TRINH", "NOP"])
        #expect(papers.map { $0["state"] as? String } == ["scanned", "scanned", "to-be-shown", "at-counter"])
        #expect(papers.map { $0["file"] as? String } == ["birth.pdf", "marriage.pdf", nil, nil])
        let first = try #require(papers.first?["pages"] as? [[String: Any]])
        #expect(first.map { $0["keptAlthough"] as? [String] } == [["blurred"], []])
        #expect(first.map { $0["undecided"] as? [String] } == [[], ["cut-off"]])
    }

    @Test("a full disk is said as what it is")
    func diskFull() {
        #expect(SubmissionDesk.Failure(PageError.diskFull) == .diskFull)
        #expect(SubmissionDesk.Failure(PageError.timedOut) == .failed)
    }
}
