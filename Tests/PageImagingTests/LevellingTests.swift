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
        let stamp = try Prepared(CorpusPage("stamp", .stampOnly, seed: 50, angle: 1))
        let isRed = { (red: Int, green: Int, blue: Int) in red > 140 && red > green + 70 && red > blue + 60 }
        let reds = try Pixels(stamp.picture.jpeg).share(isRed)
        #expect(reds > 0.7 * (try Pixels(stamp.scan).share(isRed)) && reds > 0.001)
        let notRed = try Pixels(stamp.picture.jpeg).share { red, green, blue in
            min(red, green, blue) < 150 && red <= green + 25
        }
        #expect(notRed < reds / 20)

        let signature = try Prepared(CorpusPage("signature", .signatureOnly, seed: 51, angle: -1))
        let isBlue = { (red: Int, green: Int, blue: Int) in blue > 90 && blue > red + 50 && red < 150 }
        let blues = try Pixels(signature.picture.jpeg).share(isBlue)
        #expect(blues > 0.7 * (try Pixels(signature.scan).share(isBlue)) && blues > 0.0002)
        let notBlue = try Pixels(signature.picture.jpeg).share { red, _, blue in red > blue + 40 }
        #expect(notBlue < blues / 20)
    }

    @Test("black print on coloured paper stays black")
    func colouredPaper() throws {
        var page = CorpusPage("pink", .smallPrint, seed: 53, angle: 0.5)
        page.conditions.paperColour = (red: 0.93, green: 0.70, blue: 0.74)
        let pixels = try Pixels(try Prepared(page).picture.jpeg)
        let dark = pixels.share { red, green, blue in max(red, green, blue) < 130 }
        #expect(dark > 0.01)
        #expect(pixels.share { red, green, blue in min(red, green, blue) < 130 && abs(red - green) > 30 } < dark / 10)
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
