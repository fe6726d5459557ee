import Simulator
import Testing

@Suite("Papers of the simulator")
struct PaperRendererTests {
    @Test("the same seed draws the same page, another seed another")
    func seeded() throws {
        let area = ScanArea(resolution: 50)
        let sheet = PaperSheet.applicantPapers[0]
        let first = try PaperRenderer(seed: 7).jpeg(sheet, position: 0, area: area)
        #expect(try PaperRenderer(seed: 7).jpeg(sheet, position: 0, area: area) == first)
        #expect(try PaperRenderer(seed: 8).jpeg(sheet, position: 0, area: area) != first)
        #expect(try PaperRenderer(seed: 7).jpeg(sheet, position: 1, area: area) != first)
    }

    @Test("every paper that can be loaded is drawn, and each looks different")
    func papers() throws {
        let names =
            PaperFlaw.allCases.map(\.rawValue) + [
                "birth-certificate", "id-card", "text", "page-2", "page-10", "a5", "receipt", "double-fed", "blank",
            ]
        let area = ScanArea(width: 215.9, height: 431.8, resolution: 50)
        let pictures = try names.map { name in
            let sheet = try #require(PaperSheet(name: name), "\(name)")
            return try PaperRenderer(skew: 0).jpeg(sheet, position: 0, area: area)
        }
        #expect(Set(pictures).count == names.count)
        #expect(PaperSheet(name: "page-0") == nil && PaperSheet(name: "page-100") == nil)
    }
}
