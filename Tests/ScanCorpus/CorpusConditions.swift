/// How a paper lies in the scanner, and what the scanner makes of it.
public struct CorpusConditions: Sendable {
    public enum Bed: Sendable {
        /// A black lid, as in sheet-fed scanners.
        case dark
        /// A white lid: the paper is told by its shadow and by a shade of white.
        case white
    }

    public var seed: UInt64 = 1
    /// Degrees, clockwise.
    public var angle = 0.0
    /// Clockwise quarter turns.
    public var quarterTurns = 0
    public var resolution = 300
    public var isColour = true
    public var bed = Bed.dark
    /// Millimetres of the picture.
    public var frame = (width: 210.0, height: 297.0)
    /// Millimetres of the upright paper.
    public var paper = (width: 208.6, height: 295.4)
    /// Millimetres by which the paper's middle lies beside the picture's.
    public var offset = (x: 0.0, y: 0.0)
    /// Amplitude of the sensor's noise, as a part of white.
    public var noise = 0.045
    /// How much light the lamp's ends lack, as a part of white.
    public var fallOff = 0.05
    /// A dark corner, as a book or a hand throws it: a part of white.
    public var shade = 0.0
    public var hasFold = true
    public var hasStreak = true
    /// The scanner gave a pixel less than it was asked for, and its driver filled up with white.
    public var isPadded = false
    /// Specks of dirt.
    public var specks = 0
    /// Out of focus: the width of a point in millimetres.
    public var blur = 0.0
    /// What is left of the light, 1 for all.
    public var exposure = 1.0
    /// A round reflection: millimetres on the picture.
    public var glare: (x: Double, y: Double, radius: Double)?
    /// A second sheet below the first, shifted down and to the side by millimetres.
    public var secondSheet: (x: Double, y: Double)?
    public var paperColour = (red: 0.975, green: 0.97, blue: 0.95)
    /// Quality of the scanner's JPEG.
    public var quality = 90

    public init() {}
}
