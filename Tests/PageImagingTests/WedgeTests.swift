import PageImaging
import ScanCorpus
import Testing

@Suite("Papers that lie turned beyond the scanner's area")
struct WedgeTests {
    /// Paper larger than the picture, by millimetres and degrees: less and less of the bed is to be seen.
    static let papers: [(width: Double, height: Double, angle: Double)] = [
        (210, 297, 3), (213, 299, -2.5), (216, 304, 1.5), (216, 304, -4), (218, 307, 3), (220, 310, -2.5),
        (220, 310, 3), (222, 312, 5), (226, 318, 3),
    ]

    @Test("none of the bed stays on the page, and the page is straight", arguments: papers.indices)
    func wedges(_ index: Int) throws {
        let paper = Self.papers[index]
        let page = CorpusPage("wedge", .smallPrint, seed: 90, angle: paper.angle) {
            $0.resolution = 150
            $0.paper = (width: paper.width, height: paper.height)
            $0.offset = (x: 1, y: 4)
            $0.hasStreak = false
        }
        let prepared = try Prepared(page)
        #expect(prepared.angleError <= 0.1)
        #expect(prepared.picture.measurements.quarterTurns == 0)
        let pixels = try Pixels(prepared.picture.jpeg)
        // Print begins 20 mm below the paper's upper edge and 22 mm from its sides: 6 mm of the rim are paper.
        let rim = 6 * prepared.picture.resolution / 25
        var dark = 0
        for row in 0..<pixels.height {
            let isEnd = row < rim || row >= pixels.height - rim
            for column in 0..<pixels.width where isEnd || column < rim || column >= pixels.width - rim {
                if pixels.bytes[(row * pixels.width + column) * 3 + 1] < 160 { dark += 1 }
            }
        }
        #expect(dark <= 40)
    }

    @Test(
        "a driver's white filling at the picture's end hides no bed",
        arguments: [(0.4, 0.0), (0.6, 0.0), (0.8, 0.0), (0.6, 1.0), (0.6, -1.0), (-0.6, 0.0), (1.2, 0.0)])
    func padded(_ angle: Double, _ x: Double) throws {
        let page = CorpusPage("padded", .smallPrint, seed: 92, angle: angle) {
            $0.resolution = 200
            $0.offset = (x: x, y: 1)
            $0.isPadded = true
        }
        let pixels = try Pixels(try Prepared(page).picture.jpeg)
        let dark = (0..<pixels.height).count { row in
            (pixels.width - 20..<pixels.width).contains { pixels.bytes[(row * pixels.width + $0) * 3 + 1] < 128 }
        }
        #expect(dark <= 10)
    }

    @Test("what the scanner did not see is told, wedge or not")
    func cutOff() throws {
        let page = CorpusPage("wedge", .smallPrint, seed: 91, angle: 3) {
            $0.resolution = 150
            $0.paper = (width: 220, height: 310)
            $0.offset = (x: 27, y: 0)
        }
        #expect(try Prepared(page).picture.findings == [.cutOff])
    }

    @Test("black print that runs off the paper stays")
    func printAtTheRim() throws {
        let page = CorpusPage("cover", .cover, seed: 92) {
            $0.resolution = 150
            $0.paper = (width: 212, height: 299)
        }
        let prepared = try Prepared(page)
        let isDark = { (red: Int, green: Int, blue: Int) in max(red, green, blue) < 110 }
        // Thin strokes become a little lighter.
        #expect(try Pixels(prepared.picture.jpeg).share(isDark) > 0.9 * (try Pixels(prepared.scan).share(isDark)))
    }
}
