import PageImaging
import Peripherals
import ScanCorpus
import Testing

@Suite("What is wrong with a page")
struct FindingTests {
    static let mistakes: [(page: CorpusPage, finding: PageFinding)] = [
        (.tooDark, .tooDark), (.blurred, .blurred), (.glare, .glare), (.tooSmall, .tooSmall),
        (.tooLong, .doubleFeed), (.overlapping, .doubleFeed), (.cutBySide, .cutOff), (.cutAtTop, .cutOff),
        (.identityCard, .identityCard), (.upsideDown, .upsideDown),
        (CorpusPage("blank", .blank, seed: 210, angle: 1), .empty),
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

    /// Where nobody can read a word the applicant has to know.
    @Test("print that is far out of focus is blurred, up to where nothing is left of it", arguments: [1.0, 1.5, 2, 3])
    func farOutOfFocus(_ millimetres: Double) throws {
        let sheets: [CorpusSheet] = [.letter(size: 12, sentences: 8), .form, .table, .bankOrder, .photograph]
        for (index, sheet) in sheets.enumerated() {
            let page = CorpusPage("\(sheet)", sheet, seed: 220 + UInt64(index), angle: 0.7) { $0.blur = millimetres }
            let picture = try Prepared(page).picture
            #expect(picture.findings.contains(.blurred), "\(page.name): \(picture.findings) \(picture.measurements)")
        }
    }

    @Test(
        "little on a page is no blur",
        arguments: [CorpusSheet.signatureOnly, .stampOnly, .slip, .bars(modules: "1010011", module: 1)])
    func sparse(_ sheet: CorpusSheet) throws {
        for resolution in [150, 300] {
            let page = CorpusPage("\(sheet)", sheet, seed: 230, angle: -0.4) { $0.resolution = resolution }
            let picture = try Prepared(page).picture
            #expect(!picture.findings.contains(.blurred), "\(page.name): \(picture.measurements)")
        }
    }

    @Test("Vietnamese in a QR code is read letter by letter")
    func vietnameseCode() throws {
        let text = "Hồ sơ số 0427: Nguyễn Thị Ánh Tuyết, xã Ia Mơ Nông, tỉnh Gia Lai"
        let page = CorpusPage("code", .notice(code: text), seed: 60, angle: -2)
        let codes = try Prepared(page).picture.codes
        #expect(codes == [PageCode(symbology: "QR-Code", text: text)])
    }

    /// The modules were made by python-barcode 0.16.1, 1 for a bar (ISO/IEC 15420, ISO/IEC 15417).
    static let bars: [(code: PageCode, modules: String)] = [
        (
            PageCode(symbology: "EAN-13", text: "8934567890120"),
            "10100010110100001010001101110010000101011101101010100100011101001110010110011011011001110010101"
        ),
        (
            PageCode(symbology: "CODE-128", text: "H21.34-261128-0007"),
            "1101001000011000101000110011100101001110011010011001110110010111001100100111010011011100101110111101110010"
                + "0110110001001001110011010010111101110100110111001011101111011011001100100110001001010011000011000111010"
                + "11"
        ),
    ]

    @Test(
        "bar codes are read, lying in each of the four directions and a little skewed", arguments: bars.indices, 0..<4)
    func barCodes(_ index: Int, _ turns: Int) throws {
        let (code, modules) = Self.bars[index]
        // The least width of a module that ISO/IEC 15420 allows is 0.264 mm; office printers take a third of one.
        let page = CorpusPage("bars", .bars(modules: modules, module: 0.33), seed: 62, angle: 1.7) {
            $0.quarterTurns = turns
            $0.frame = (width: 310, height: 310)
        }
        let picture = try Prepared(page).picture
        #expect(picture.codes == [code])
        #expect(picture.findings == [])
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
