import CLeptonica

/// How the text of a page lies: its angle, and which way is up.
struct TextDirection: Sendable, Equatable {
    /// Degrees, clockwise, of the lines against the page's sides; nil when there are no lines to tell it from.
    var angle: Double?
    /// Leptonica's confidence in the angle: under 3 it says nothing.
    var angleConfidence = 0.0
    /// Clockwise quarter turns, how the text lies; nil when that is not certain.
    var quarterTurns: Int?
    /// Leptonica's measures: positive for upright, and for text that reads upwards.
    var upConfidence = 0.0
    var leftConfidence = 0.0

    static let leastAngleConfidence = 3.0
}

/// Asks Leptonica for the direction of text.
enum TextDirectionFinder {
    /// - Parameter range: degrees to either side in which lines are looked for.
    static func angle(of ink: InkPicture, range: Double) -> (angle: Double, confidence: Double) {
        var (angle, confidence) = (Float(0), Float(0))
        let status = pixFindSkewSweepAndSearch(
            ink.pix, &angle, &confidence, 4, 2, Float(range), range > 3 ? 1 : 0.5, 0.01)
        guard status == 0 else { return (0, 0) }
        // Leptonica gives the turn that makes it straight.
        return (-Double(angle), Double(confidence))
    }

    static func up(of ink: InkPicture) -> (up: Double, left: Double) {
        var (up, left) = (Float(0), Float(0))
        guard pixOrientDetect(ink.pix, &up, &left, 0, 0) == 0 else { return (0, 0) }
        return (Double(up), Double(left))
    }
}
