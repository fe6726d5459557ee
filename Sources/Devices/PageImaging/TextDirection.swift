import CLeptonica

/// How the text of a page lies: its angle, and which way is up.
struct TextDirection: Sendable, Equatable {
    /// Degrees, clockwise, of the lines against the page's sides, and Leptonica's confidence: under 3 it says nothing.
    var angle = 0.0
    var angleConfidence = 0.0
    /// Clockwise quarter turns, how the text lies; 0 when that is not certain.
    var quarterTurns = 0
    /// Whether `quarterTurns` was told from the text.
    var isCertain = false
    /// Whether there are lines of text at all.
    var hasLines = false
    /// How certain "upright" is against "upside down", in standard errors.
    var certainty = 0.0
    /// Pieces of text lines that were looked at.
    var lines = 0
    /// Mean of what stands above the lines less what stands below, as a part of all ink.
    var asymmetry = 0.0
    /// Accents and dots above and below letters, along the lines as they lie.
    var marks = TextMarks()
    /// How much more the rows stand out than the columns do.
    var rowsAgainstColumns = 1.0

    /// Whether lines stand out in one direction and not in the other, as those of text do.
    var isOneWay: Bool { max(rowsAgainstColumns, 1 / rowsAgainstColumns) >= Self.leastContrast }

    /// Whether an angle of some degrees may be right: lines far from straight are only half certain, until they are straight.
    var mayHaveAngle: Bool { angleConfidence >= 1.2 && abs(angle) > 1 }

    var hasAngle: Bool { angleConfidence >= Self.leastAngleConfidence }

    static let leastAngleConfidence = 3.0
    /// Lines must stand out so much more in one direction than in the other.
    private static let leastContrast = 1.5
    private static let leastLines = 8
    /// Standard errors.
    private static let leastCertainty = 4.0
    /// Of lines: Vietnamese and English text has 0.03 to 0.06; lists of sums of money lean the other way by 0.02.
    static let leastAsymmetry = 0.024

    init() {}

    init(of ink: InkPicture, range: Double) {
        guard var text = Optional(ink.withoutPictures()), let textPix = text else { return }
        defer { pixDestroy(&text) }
        guard var turned = Optional(pixRotateOrth(textPix, 1)) else { return }
        defer { pixDestroy(&turned) }
        let rows = TextLines(textPix, dotsPerMillimetre: ink.dotsPerMillimetre)
        guard let turnedPix = turned else { return }
        let columns = TextLines(turnedPix, dotsPerMillimetre: ink.dotsPerMillimetre)
        let area = (rows: Double(ink.width), columns: Double(ink.height))
        rowsAgainstColumns = (rows.contrast / area.rows + 1e-9) / (columns.contrast / area.columns + 1e-9)
        let isUpright = rowsAgainstColumns >= 1
        let lines = isUpright ? rows : columns
        self.lines = lines.count
        certainty = lines.certainty
        asymmetry = lines.asymmetry
        hasLines = lines.count >= Self.leastLines * 3
        marks = TextMarks(
            isUpright ? ink.pieces : ink.pieces.map { $0.turned(in: ink) }, dotsPerMillimetre: ink.dotsPerMillimetre)
        if isOneWay, let isUp = isUp {
            isCertain = true
            // What was turned clockwise before it was looked at lay counterclockwise.
            quarterTurns = isUpright ? (isUp ? 0 : 2) : (isUp ? 3 : 1)
        }
        findAngle(isUpright ? textPix : turnedPix, range: range)
    }

    /// Whether the lines stand on their feet, as they lie; nil when neither they nor the accents are certain, or when they
    /// contradict each other.
    private var isUp: Bool? {
        let linesAreCertain =
            lines >= Self.leastLines && abs(certainty) >= Self.leastCertainty
            && abs(asymmetry) >= Self.leastAsymmetry
        let marksAreCertain = abs(marks.certainty) >= Self.leastCertainty
        switch (linesAreCertain, marksAreCertain) {
        case (true, true): return certainty * marks.certainty > 0 ? certainty > 0 : nil
        case (true, false): return certainty > 0
        case (false, true): return marks.certainty > 0
        case (false, false): return nil
        }
    }

    private mutating func findAngle(_ pix: UnsafeMutablePointer<PIX>, range: Double) {
        var (angle, confidence) = (Float(0), Float(0))
        let status = pixFindSkewSweepAndSearch(
            pix, &angle, &confidence, 4, 2, Float(range), 0.5, 0.01)
        guard status == 0 else { return }
        // Leptonica gives the turn that makes it straight.
        self.angle = -Double(angle)
        angleConfidence = Double(confidence)
    }
}
