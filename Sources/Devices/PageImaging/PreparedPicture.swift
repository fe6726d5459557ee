import Peripherals

/// A page fit for the record, and what was seen on it.
public struct PreparedPicture: Sendable {
    /// A JPEG file with its resolution in the JFIF header.
    public var jpeg: [UInt8]
    /// Pixels.
    public var width: Int
    public var height: Int
    /// Dots per inch: width and height are those of the paper.
    public var resolution: Int
    /// Worst first; empty when the page is fine.
    public var findings: [PageFinding]
    public var codes: [PageCode]
    /// Nothing but noise, dust and folds.
    public var isBlank: Bool
    public var measurements: PageMeasurements
}

/// What was measured on a page, for tests and technicians. Nothing personal.
public struct PageMeasurements: Sendable {
    public struct Point: Sendable, Equatable {
        public var x: Double
        public var y: Double
    }

    /// Degrees that the paper lay turned clockwise, beside whole quarter turns.
    public var angle: Double
    /// Clockwise quarter turns that were undone.
    public var quarterTurns: Int
    /// The paper's corners in pixels of the scan: clockwise from the top left of the upright paper.
    public var corners: [Point]
    public var upConfidence: Double
    public var leftConfidence: Double
    public var angleConfidence: Double
    public var edges: Int
    public var noise: Double
    /// JPEG quality of the result.
    public var quality: Int
    /// Milliseconds of each stage.
    public var stages: [(String, Double)]
}

extension PageMeasurements {
    init(_ analysis: PageAnalysis, _ quality: Int, _ stages: PageStages) {
        let outline = analysis.outline
        let turns = analysis.direction.quarterTurns ?? 0
        let corners = [
            (outline.left, outline.top), (outline.right, outline.top), (outline.right, outline.bottom),
            (outline.left, outline.bottom),
        ].map { across, down in
            let place = outline.place(across, down)
            return Point(x: place.x, y: place.y)
        }
        self.init(
            angle: outline.angle, quarterTurns: turns, corners: Array(corners[turns...] + corners[..<turns]),
            upConfidence: analysis.direction.upConfidence, leftConfidence: analysis.direction.leftConfidence,
            angleConfidence: analysis.direction.angleConfidence, edges: outline.seen.count,
            noise: analysis.background.noise, quality: quality, stages: stages.milliseconds)
    }
}
