import Foundation
import PageImaging
import Peripherals
import ScanCorpus
import Testing

@Suite("Where the paper lies")
struct GeometryTests {
    @Test("the benchmark's pages are cut, straightened and turned upright", arguments: CorpusPage.benchmark.indices)
    func benchmark(_ index: Int) throws {
        let page = try Prepared(CorpusPage.benchmark[index])
        #expect(page.angleError <= 0.1)
        #expect(page.picture.measurements.quarterTurns == page.truth.quarterTurns)
        #expect(page.cornerError <= 1.0)
        #expect(page.picture.isBlank == page.truth.isBlank)
        #expect(page.picture.findings == (page.truth.isBlank ? [.empty] : []))
        #expect(page.picture.codes.map(\.text) == page.truth.codes)
        #expect(page.picture.jpeg.count <= 200_000)
        // True size: the pixels and dots per inch are the paper's millimetres.
        let dotsPerMillimetre = Double(page.picture.resolution) / 25.4
        #expect(abs(Double(page.picture.width) / dotsPerMillimetre - page.truth.paperWidth) <= 0.8)
        #expect(abs(Double(page.picture.height) / dotsPerMillimetre - page.truth.paperHeight) <= 0.8)
    }

    @Test("angle and corners over sixty papers, skewed by up to ten degrees, on black and white beds")
    func distribution() throws {
        var (angles, corners, wrong) = ([Double](), [Double](), [String]())
        for page in CorpusPage.many(60) {
            let prepared = try Prepared(page)
            angles.append(prepared.angleError)
            let isTurned = prepared.picture.measurements.quarterTurns == prepared.truth.quarterTurns
            if isTurned { corners.append(prepared.cornerError) }
            if prepared.picture.isBlank != prepared.truth.isBlank { wrong.append("\(page.name): blank or not") }
            if prepared.angleError > 0.1 {
                wrong.append("\(page.name): \(page.conditions.angle)°, \(page.conditions.bed)")
            }
            // Not to turn is allowed; to turn the wrong way is not.
            if prepared.picture.measurements.quarterTurns != 0, !isTurned { wrong.append("\(page.name): turned") }
        }
        print("angle error in degrees: \(Spread(angles)); corner error in millimetres: \(Spread(corners))")
        #expect(wrong == [])
        #expect(corners.allSatisfy { $0 <= 1.2 })
        // Only blank pages may lie upside down for good.
        #expect(corners.count >= 58)
    }

    @Test(
        "text and tables in all four directions are turned upright", arguments: 0..<4,
        [CorpusSheet.letter(size: 12, sentences: 9), .table])
    func quarterTurns(_ turns: Int, _ sheet: CorpusSheet) throws {
        let page = CorpusPage("turned", sheet, seed: 40, angle: 1.5) {
            $0.quarterTurns = turns
            $0.frame = (width: 310, height: 310)
            $0.resolution = 200
        }
        let prepared = try Prepared(page)
        #expect(prepared.picture.measurements.quarterTurns == turns)
        #expect(prepared.angleError <= 0.1)
        #expect(prepared.picture.findings == [])
        #expect(prepared.picture.height > prepared.picture.width)
    }

    @Test("pages of odd sizes are not skewed by their encoding", arguments: [(207.3, 291.1), (207.4, 291.2)])
    func oddSizes(_ width: Double, _ height: Double) throws {
        let page = CorpusPage("odd", .table, seed: 42, angle: 0.5) {
            $0.resolution = 150
            $0.paper = (width: width, height: height)
        }
        let pixels = try Pixels(try Prepared(page).picture.jpeg)
        // A rule of the table is a straight line down the page.
        let columns = (20..<pixels.width / 3).map { column in
            (pixels.height * 2 / 5..<pixels.height * 3 / 5).count { row in
                pixels.bytes[(row * pixels.width + column) * 3 + 1] < 170
            }
        }
        #expect(columns.max() ?? 0 > pixels.height / 6)
    }

    @Test("the resolution stands in the JFIF header", arguments: [150, 200, 300, 600])
    func density(_ resolution: Int) throws {
        let page = CorpusPage("density", .letter(size: 12, sentences: 4), seed: 41) { $0.resolution = resolution }
        let picture = try Prepared(page).picture
        // JFIF: units at byte 13 (1 for dots per inch), then two words.
        #expect(picture.jpeg[6..<10].elementsEqual(Array("JFIF".utf8)))
        #expect(picture.jpeg[13] == 1)
        #expect(Int(picture.jpeg[14]) << 8 | Int(picture.jpeg[15]) == min(200, resolution))
        #expect(picture.resolution == min(200, resolution))
        let pixels = try Pixels(picture.jpeg)
        #expect((pixels.width, pixels.height) == (picture.width, picture.height))
    }
}

/// How errors spread.
struct Spread: CustomStringConvertible {
    let values: [Double]

    init(_ values: [Double]) { self.values = values.sorted() }

    var description: String {
        guard let last = values.last else { return "none" }
        func text(_ value: Double) -> String { String(format: "%.3f", value) }
        return "median \(text(values[values.count / 2])), 95 % \(text(values[values.count * 95 / 100])), "
            + "largest \(text(last)) of \(values.count)"
    }
}
