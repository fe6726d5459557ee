import Foundation
import Peripherals

/// Judges a page: what an applicant should know before it is kept. A good page has no finding.
struct PageQuality {
    let analysis: PageAnalysis
    let census: InkCensus
    let pieces: [InkPiece]
    let sharpness: Double?
    /// By ``Sharpness/coarse``; nil as well where there are letters enough to tell.
    let coarseSharpness: Double?
    let codes: [PageCode]

    /// Worst first.
    var findings: [PageFinding] {
        var findings: [PageFinding] = []
        if census.isBlank && codes.isEmpty { findings.append(.empty) }
        if codes.contains(where: \.isIdentityCard) { findings.append(.identityCard) }
        if isCutOff { findings.append(.cutOff) }
        if isDoubleFeed { findings.append(.doubleFeed) }
        if isTooDark { findings.append(.tooDark) }
        if isBlurred { findings.append(.blurred) }
        if analysis.glare >= Self.leastGlare { findings.append(.glare) }
        if mayBeUpsideDown { findings.append(.upsideDown) }
        if isTooSmall { findings.append(.tooSmall) }
        return findings
    }

    /// Millimetres of the paper, the short side first.
    private var size: (short: Double, long: Double) {
        let scale = 25.4 / analysis.picture.resolution
        let (width, height) = (analysis.outline.width * scale, analysis.outline.height * scale)
        return (min(width, height), max(width, height))
    }

    // MARK: Light

    private static let darkestPaper = 105.0
    /// Square millimetres.
    private static let leastGlare = 180.0

    /// Paper of a strong colour may be dark.
    private var isTooDark: Bool {
        let background = analysis.background
        let colour = abs(background.blue - 128) + abs(background.red - 128)
        return background.mean < Self.darkestPaper && colour < 24
    }

    // MARK: Sharpness

    static let leastSharpness = 0.36
    static let leastLetters = 60
    /// Sharp print has 0.8 and more, print that is spread over two millimetres 0.2.
    private static let leastCoarseSharpness = 0.3

    /// Far out of focus letters are no letters any more: then there are shades only, whose edges are not steep anywhere.
    private var isBlurred: Bool {
        if census.letters >= Self.leastLetters, let sharpness { return sharpness < Self.leastSharpness }
        guard !census.isBlank, let coarseSharpness else { return false }
        return coarseSharpness < Self.leastCoarseSharpness
    }

    // MARK: Size

    /// A7 (ISO 216), less what an edge may be cut.
    private static let smallest = (short: 72.0, long: 102.0)

    private var isTooSmall: Bool {
        analysis.outline.seen.count >= 3 && (size.short < Self.smallest.short || size.long < Self.smallest.long)
    }

    /// Legal paper is longer than A4, too.
    private static let longSizes = [355.6]

    private var isDoubleFeed: Bool {
        guard size.short < 225 else { return false }
        if size.long > 318, !Self.longSizes.contains(where: { abs($0 - size.long) < 4 }) { return true }
        return (size.long > 301 || size.short > 214) && analysis.shadowAcross >= Self.leastShadow
    }

    /// How much darker than the paper a second sheet's edge is, as a part.
    private static let leastShadow = 0.08

    // MARK: Edges

    /// Letters that the picture's edge cuts.
    private static let leastCutLetters = 3
    private static let mostAreaLost = 0.06
    private static let knownLengths = [148.0, 210, 279.4, 297, 330.2, 355.6]

    private var isCutOff: Bool {
        analysis.areaOutside > Self.mostAreaLost || cutLetters >= Self.leastCutLetters || isShortA4
    }

    private var cutLetters: Int {
        let millimetre = analysis.ink.dotsPerMillimetre
        return pieces.count { piece in
            let long = Double(max(piece.width, piece.height)) / millimetre
            return long >= 1.2 && long <= 15 && analysis.touchesFrame(piece)
        }
    }

    /// As wide as A4, not as long as any paper, and the missing end was not seen.
    private var isShortA4: Bool {
        let seen = analysis.outline.seen
        let scale = 25.4 / analysis.picture.resolution
        let (width, height) = (analysis.outline.width * scale, analysis.outline.height * scale)
        let isUpright = seen.isSuperset(of: [.left, .right]) && abs(width - 210) < 4
        let isAcross = seen.isSuperset(of: [.top, .bottom]) && abs(height - 210) < 4
        let (length, ends): (Double, Set<PaperOutline.Side>) =
            isUpright ? (height, [.top, .bottom]) : (width, [.left, .right])
        guard isUpright || isAcross, seen.intersection(ends).count == 1, length > 160 else { return false }
        return !Self.knownLengths.contains { abs($0 - length) < 5 }
    }

    // MARK: Direction

    /// Standard errors by which the text looks upside down, yet not enough to turn it.
    private static let doubt = -2.0

    private var mayBeUpsideDown: Bool {
        let direction = analysis.direction
        guard direction.isOneWay, !direction.isCertain else { return false }
        if direction.marks.certainty < Self.doubt { return true }
        guard direction.hasLines else { return false }
        guard direction.rowsAgainstColumns >= 1 else { return true }
        return direction.certainty < Self.doubt && direction.asymmetry <= -TextDirection.leastAsymmetry
    }
}
