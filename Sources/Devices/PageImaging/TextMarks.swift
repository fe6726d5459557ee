/// The dots and accents that stand by themselves above and below letters. Vietnamese has them on every second syllable and
/// nine of ten above; so have the i and j of other languages. Figures, rules and lines of dots have none: a table tells
/// by them which way is up when its lines do not.
struct TextMarks: Sendable, Equatable {
    var above = 0
    var below = 0

    /// How far from chance, in standard errors; negative when they stand below.
    var certainty: Double {
        above + below == 0 ? 0 : Double(above - below) / Double(above + below).squareRoot()
    }

    /// Millimetres.
    private static let letterHeights = 1.0...7.0
    private static let leastMark = 0.2
    /// Parts of the letter's height.
    private static let markHeight = 0.55
    private static let markWidth = 0.9
    private static let gap = 0.4

    init() {}

    /// - Parameter pieces: boxes of connected ink; lines of text run along the rows.
    init(_ pieces: [InkPiece], dotsPerMillimetre: Double) {
        let letters = pieces.filter {
            Self.letterHeights.contains(Double($0.height) / dotsPerMillimetre)
                && Double($0.width) < 12 * dotsPerMillimetre
        }
        let marks = pieces.filter {
            Double(max($0.width, $0.height)) >= Self.leastMark * dotsPerMillimetre
                && Double($0.height) < Self.letterHeights.upperBound * Self.markHeight * dotsPerMillimetre
                && Double($0.width) < Self.letterHeights.upperBound * dotsPerMillimetre
        }
        let rows = PieceRows(letters, height: max(1, Int(Self.letterHeights.upperBound * dotsPerMillimetre)))
        let leaders = PieceRows(marks, height: max(1, Int(Self.letterHeights.upperBound * dotsPerMillimetre)))
        for mark in marks {
            guard let side = Self.side(of: mark, rows), !Self.isLeader(mark, leaders, dotsPerMillimetre) else {
                continue
            }
            if side < 0 { above += 1 } else { below += 1 }
        }
    }

    /// - Returns: -1 for a mark above the letter that is nearest to it, 1 for one below, nil for none at all.
    private static func side(of mark: InkPiece, _ letters: PieceRows) -> Int? {
        var nearest = (side: 0, gap: Double.infinity)
        for letter in letters.around(mark) {
            let height = Double(letter.height)
            let middle = 2 * mark.x + mark.width
            guard middle >= 2 * letter.x, middle <= 2 * (letter.x + letter.width),
                Double(mark.height) <= height * markHeight, Double(mark.width) <= height * markWidth
            else { continue }
            let over = Double(letter.y - mark.y - mark.height) / height
            let under = Double(mark.y - letter.y - letter.height) / height
            // A tail may reach beside the letter's edge.
            if over > -0.1, over < gap, over < nearest.gap { nearest = (-1, over) }
            if under > -0.1, under < gap, under < nearest.gap { nearest = (1, under) }
        }
        return nearest.side == 0 ? nil : nearest.side
    }

    /// Whether a mark is one of many in a row, as on the dotted lines of forms.
    private static func isLeader(_ mark: InkPiece, _ marks: PieceRows, _ dotsPerMillimetre: Double) -> Bool {
        let (reach, near) = (Int(4 * dotsPerMillimetre), Int(0.3 * dotsPerMillimetre))
        let row = marks.around(mark).count { other in
            abs(other.x - mark.x) <= reach && abs(other.y + other.height - mark.y - mark.height) <= near
        }
        return row > 6
    }
}

/// Boxes by the band of rows in which their upper edge lies.
private struct PieceRows {
    private var bands: [Int: [InkPiece]] = [:]
    private let height: Int

    init(_ pieces: [InkPiece], height: Int) {
        self.height = height
        for piece in pieces { bands[piece.y / height, default: []].append(piece) }
    }

    func around(_ piece: InkPiece) -> some Sequence<InkPiece> {
        let band = piece.y / height
        return (band - 1...band + 1).lazy.flatMap { bands[$0] ?? [] }
    }
}
