import PageImaging
import ScanCorpus
import Testing

@Suite("Levelled paper")
struct LevellingTests {
    @Test("paper becomes white, whatever the light and the paper's age")
    func white() throws {
        for page in [CorpusPage.benchmark[6], CorpusPage.benchmark[8], CorpusPage.benchmark[9]] {
            let pixels = try Pixels(try Prepared(page).picture.jpeg)
            // The photograph takes an eighth of its page.
            #expect(pixels.share { red, green, blue in min(red, green, blue) >= 245 } > 0.75, "\(page.name)")
        }
    }

    @Test("a red stamp stays red, a blue signature stays blue")
    func colours() throws {
        let stamp = try Pixels(try Prepared(CorpusPage("stamp", .stampOnly, seed: 50, angle: 1)).picture.jpeg)
        let reds = stamp.share { red, green, blue in red > 140 && red > green + 70 && red > blue + 60 }
        let notRed = stamp.share { red, green, blue in min(red, green, blue) < 150 && red <= green + 25 }
        #expect(reds > 0.003)
        #expect(notRed < reds / 20)

        let signature = try Pixels(
            try Prepared(CorpusPage("signature", .signatureOnly, seed: 51, angle: -1)).picture.jpeg)
        let blues = signature.share { red, green, blue in blue > 90 && blue > red + 50 && red < 150 }
        #expect(blues > 0.0004)
        #expect(signature.share { red, green, blue in red > blue + 40 } < blues / 20)
    }

    @Test("a page without colour becomes a grey file")
    func grey() throws {
        var page = CorpusPage("plain", .smallPrint, seed: 52, angle: 0.5)
        page.conditions.resolution = 200
        let jpeg = try Prepared(page).picture.jpeg
        // Start of frame (ITU-T T.81, B.2.2): the number of components stands after eight bytes.
        let frame = try #require(jpeg.indices.first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC0 })
        #expect(jpeg[frame + 9] == 1)
    }
}
