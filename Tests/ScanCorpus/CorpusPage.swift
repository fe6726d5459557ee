import Simulator

/// A paper, and how it was scanned: the same page gives the same bytes each time on one machine.
public struct CorpusPage: Sendable {
    /// What is special about it.
    public var name: String
    public var sheet: CorpusSheet
    public var conditions: CorpusConditions

    public init(
        _ name: String, _ sheet: CorpusSheet, seed: UInt64, angle: Double = 0,
        change: (inout CorpusConditions) -> Void = { _ in }
    ) {
        self.name = name
        self.sheet = sheet
        conditions = CorpusConditions()
        conditions.seed = seed
        conditions.angle = angle
        change(&conditions)
    }

    public func scan() throws -> CorpusScan {
        let scanner = CorpusScanner(conditions: conditions)
        var text: [String] = []
        let picture = try scanner.scan { canvas, random in
            text = sheet.draw(on: canvas, width: conditions.paper.width, random: &random)
        }
        var codes: [String] = []
        if case .notice(let code) = sheet { codes = [code] }
        let truth = CorpusTruth(
            name: name, width: picture.width, height: picture.height, resolution: conditions.resolution,
            angle: conditions.angle, quarterTurns: conditions.quarterTurns, corners: scanner.corners,
            paperWidth: conditions.paper.width, paperHeight: conditions.paper.height, isBlank: sheet == .blank,
            codes: codes, text: text.joined(separator: "\n"))
        return CorpusScan(jpeg: picture.jpeg, truth: truth)
    }

    /// What the benchmark measures: ten A4 pages at 300 dpi.
    public static let benchmark: [CorpusPage] = [
        CorpusPage("letter, skewed", .letter(size: 12, sentences: 9), seed: 101, angle: 1.7),
        CorpusPage("stamp and signature, more skewed", .letter(size: 13, sentences: 6), seed: 102, angle: -2.4),
        CorpusPage("8 pt text", .smallPrint, seed: 103, angle: 0.6),
        CorpusPage("blank, with dust and fold", .blank, seed: 104, angle: 1.1) { $0.specks = 120 },
        CorpusPage("upside down", .letter(size: 12, sentences: 8), seed: 105, angle: -1.3) { $0.quarterTurns = 2 },
        CorpusPage(
            "QR code", .notice(code: "https://dichvucong.example.vn/tra-cuu?ma=H21.34-261128-0007"), seed: 106,
            angle: 2.9),
        CorpusPage("photograph, light falls off", .photograph, seed: 107, angle: 0.8) {
            $0.fallOff = 0.16
            $0.shade = 0.22
        },
        CorpusPage("form filled in by pen, white lid", .form, seed: 108, angle: -0.7) {
            $0.bed = .white
            $0.paper = (width: 206, height: 290)
        },
        CorpusPage("many accents, noisy, yellowed", .bilingual, seed: 109, angle: -3.3) {
            $0.noise = 0.08
            $0.specks = 600
            $0.paperColour = (red: 0.93, green: 0.90, blue: 0.80)
        },
        CorpusPage("table", .table, seed: 110, angle: 0.3) { $0.fallOff = 0.1 },
    ]
}
