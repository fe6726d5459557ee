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
}
