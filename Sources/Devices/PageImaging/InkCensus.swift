/// What kinds of ink are on a page.
struct InkCensus: Sendable, Equatable {
    /// Pieces of the size of letters.
    var letters = 0
    /// Lengths of all pieces that somebody may have put there, summed, in millimetres.
    var extent = 0.0

    /// Less than a word of print or the smallest signature.
    private static let blankExtent = 3.0

    var isBlank: Bool { extent < Self.blankExtent }

    init(_ pieces: [InkPiece], _ ink: InkPicture) {
        let millimetre = ink.dotsPerMillimetre
        for piece in pieces {
            let (width, height) = (Double(piece.width) / millimetre, Double(piece.height) / millimetre)
            let edge = min(
                min(piece.x, ink.width - piece.x - piece.width), min(piece.y, ink.height - piece.y - piece.height))
            let distance = Double(edge) / millimetre
            guard Self.isMade(width, height, fromEdge: distance) else { continue }
            extent += max(width, height)
            if height >= 0.8, height <= 6, width >= 0.25, width <= 12 { letters += 1 }
        }
    }

    /// Whether a piece is more than a speck, a streak of dust on the glass, a crease, a punched hole, or a shadow of the
    /// paper's edge.
    private static func isMade(_ width: Double, _ height: Double, fromEdge distance: Double) -> Bool {
        let (long, short) = (max(width, height), min(width, height))
        if long < 1.0 { return false }
        if short < 1.3, long > 40 { return false }
        if distance < 1.5, short < 4 || distance <= 1.1 { return false }
        // ISO 838: holes of 6 mm, their middles 12 mm from the edge.
        if distance < 16, long > 3.5, long < 8.5, long - short < 0.8 { return false }
        return true
    }
}
