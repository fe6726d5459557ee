import PageImaging
import Peripherals
import ScanCorpus
import Testing

@Suite("What is wrong with a page")
struct FindingTests {
    static let mistakes: [(page: CorpusPage, finding: PageFinding)] = [
        (.tooDark, .tooDark), (.blurred, .blurred), (.glare, .glare), (.tooSmall, .tooSmall),
        (.tooLong, .doubleFeed), (.overlapping, .doubleFeed), (.cutBySide, .cutOff), (.cutAtTop, .cutOff),
        (.identityCard, .identityCard), (CorpusPage("blank", .blank, seed: 210, angle: 1), .empty),
    ]

    @Test("each mistake is found, and nothing else", arguments: mistakes.indices)
    func mistake(_ index: Int) throws {
        let (page, finding) = Self.mistakes[index]
        let prepared = try Prepared(page)
        #expect(prepared.picture.findings == [finding], "\(page.name): \(prepared.picture.measurements)")
    }

    @Test("good pages have no finding", arguments: CorpusPage.good.indices)
    func good(_ index: Int) throws {
        let page = CorpusPage.good[index]
        let prepared = try Prepared(page)
        #expect(prepared.picture.findings == [], "\(page.name): \(prepared.picture.measurements)")
        #expect(!prepared.picture.isBlank)
        #expect(prepared.angleError <= 0.1, "\(page.name)")
    }

    @Test("Vietnamese in a QR code is read letter by letter")
    func vietnameseCode() throws {
        let text = "Hồ sơ số 0427: Nguyễn Thị Ánh Tuyết, xã Ia Mơ Nông, tỉnh Gia Lai"
        let page = CorpusPage("code", .notice(code: text), seed: 60, angle: -2)
        let codes = try Prepared(page).picture.codes
        #expect(codes == [PageCode(symbology: "QR-Code", text: text)])
    }

    @Test("only the seven fields of a card make an identity card")
    func otherBars() throws {
        for text in ["052196004271|x|y", "a|b|c|d|e|f|g", "0521960042|1|Nguyễn|01011990|Nam|Gia Lai|01012021"] {
            let page = CorpusPage("code", .notice(code: text), seed: 61, angle: 1)
            let picture = try Prepared(page).picture
            #expect(picture.codes.map(\.text) == [text])
            #expect(picture.findings == [])
        }
    }
}
