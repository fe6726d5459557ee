/// Pages with one thing wrong each, and good pages of all kinds.
extension CorpusPage {
    private static let letter = CorpusSheet.letter(size: 12, sentences: 8)

    public static let tooDark = CorpusPage("too dark", letter, seed: 201, angle: 0.8) { $0.exposure = 0.33 }
    public static let blurred = CorpusPage("out of focus", letter, seed: 202, angle: -0.9) { $0.blur = 0.7 }
    public static let glare = CorpusPage("lamp in laminated paper", letter, seed: 203, angle: 0.7) {
        $0.glare = (x: 105, y: 110, radius: 26)
        $0.exposure = 0.93
    }
    public static let tooSmall = CorpusPage("a receipt", .slip, seed: 204, angle: 2) {
        $0.paper = (width: 60, height: 85)
    }
    public static let tooLong = CorpusPage("two sheets, one after the other", letter, seed: 205, angle: 0.5) {
        $0.frame = (width: 216, height: 380)
        $0.paper = (width: 209.5, height: 296.5)
        $0.offset = (x: 0, y: -36)
        $0.secondSheet = (x: 1.5, y: 62)
    }
    public static let overlapping = CorpusPage("two sheets, a little apart", letter, seed: 206, angle: 0.4) {
        $0.frame = (width: 216, height: 330)
        $0.paper = (width: 209.5, height: 296.5)
        $0.offset = (x: -1, y: -12)
        $0.secondSheet = (x: 3, y: 13)
    }
    public static let cutBySide = CorpusPage("print runs off the picture", letter, seed: 207, angle: 0.5) {
        $0.offset = (x: 34, y: 0)
    }
    public static let cutAtTop = CorpusPage("a fifth of the page is missing", letter, seed: 208, angle: 0.3) {
        $0.frame = (width: 216, height: 297)
        $0.paper = (width: 209.8, height: 296.8)
        $0.offset = (x: 0, y: -48)
    }
    /// Too few accents to turn it without asking.
    public static let upsideDown = CorpusPage("few accents, upside down", .bankOrder, seed: 211, angle: 0.6) {
        $0.quarterTurns = 2
    }
    public static let identityCard = CorpusPage("identity card", .identityCard, seed: 209, angle: 1.2)

    /// Good pages of other kinds than those of the benchmark.
    public static let good: [CorpusPage] = [
        CorpusPage("A5, straight", .letter(size: 10, sentences: 3), seed: 301, angle: 0.4) {
            $0.paper = (width: 148, height: 210)
        },
        CorpusPage("grey", letter, seed: 302, angle: -1.9) { $0.isColour = false },
        CorpusPage("200 dpi", letter, seed: 303, angle: 1.2) { $0.resolution = 200 },
        CorpusPage("150 dpi", letter, seed: 304, angle: -0.6) { $0.resolution = 150 },
        CorpusPage("600 dpi", letter, seed: 305, angle: 0.9) { $0.resolution = 600 },
        CorpusPage("in the corner of the glass, white lid", letter, seed: 306, angle: 0) {
            $0.bed = .white
            $0.frame = (width: 216, height: 300)
            $0.paper = (width: 210, height: 297)
            $0.offset = (x: -3, y: -1.5)
        },
        CorpusPage("no bed to be seen", letter, seed: 307, angle: 0.8) { $0.paper = (width: 225, height: 310) },
        CorpusPage("signature only", .signatureOnly, seed: 308, angle: 0.7),
        CorpusPage("stamp only", .stampOnly, seed: 309, angle: -0.7),
        CorpusPage("birth certificate", .birthCertificate, seed: 310, angle: 1.4),
        CorpusPage("very skewed", letter, seed: 311, angle: 8) { $0.frame = (width: 260, height: 340) },
        CorpusPage("pink paper", letter, seed: 312, angle: 0.5) {
            $0.paperColour = (red: 0.93, green: 0.70, blue: 0.74)
        },
        CorpusPage("capitals without accents", .bankOrder, seed: 315, angle: -0.8),
        CorpusPage("dim but readable", letter, seed: 313, angle: 0.5) { $0.exposure = 0.62 },
        CorpusPage("legal size", letter, seed: 314, angle: 0.4) {
            $0.frame = (width: 222, height: 364)
            $0.paper = (width: 215.9, height: 355.6)
        },
    ]

    /// Small pictures of many papers, for the distribution of errors.
    public static func many(_ count: Int) -> [CorpusPage] {
        (0..<count).map { index in
            var random = SeededNumbers(UInt64(1000 + index))
            let sheets: [CorpusSheet] = [
                letter, .form, .table, .bilingual, .photograph, .blank, .letter(size: 14, sentences: 5),
            ]
            let angle = random.value(-10, 10)
            return CorpusPage("\(index)", sheets[index % sheets.count], seed: UInt64(2000 + index), angle: angle) {
                $0.resolution = 150
                $0.noise = random.value(0.01, 0.07)
                $0.fallOff = random.value(0, 0.14)
                $0.specks = Int(random.value(0, 150))
                $0.bed = index % 4 == 3 ? .white : .dark
                $0.frame = (width: 262, height: 345)
                $0.paper = (width: random.value(204, 211), height: random.value(285, 297.5))
                $0.offset = (x: random.value(-2, 2), y: random.value(-2, 2))
                $0.quarterTurns = index % 5 == 4 ? 2 : 0
            }
        }
    }
}

/// Repeatable numbers for conditions.
private struct SeededNumbers {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func value(_ low: Double, _ high: Double) -> Double {
        for _ in 0..<3 { state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407 }
        return low + (high - low) * Double(state >> 11) / Double(1 << 53)
    }
}
