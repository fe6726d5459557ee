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
    /// Degrees, clockwise, by which the lines of text differed from the paper's edges, and Leptonica's confidence.
    public var textAngle: Double
    public var textAngleConfidence: Double
    /// How certain upright is against upside down, in standard errors; negative for upside down.
    public var upCertainty: Double
    /// How much more rows stand out than columns do.
    public var rowsAgainstColumns: Double
    public var lines: Int
    /// Sides of the paper whose edges were seen.
    public var edges: Int
    /// Mean level of blank paper before levelling, 0 to 255, and the noise on it.
    public var paperLevel: Double
    public var noise: Double
    /// Pieces of ink of the size of letters, and the length of all pieces in millimetres.
    public var letters: Int
    public var inkExtent: Double
    /// See `Sharpness`; nil when there is too little print.
    public var sharpness: Double?
    /// The same of shades, where there are few letters.
    public var coarseSharpness: Double?
    /// Square millimetres of glare in one piece.
    public var glare: Double
    public var asymmetry: Double
    /// Accents and dots above and below letters.
    public var marksAbove: Int
    public var marksBelow: Int
    /// Part of the paper outside of the picture.
    public var areaOutside: Double
    /// JPEG quality of the result.
    public var quality: Int
    /// Milliseconds of each stage.
    public var stages: [(String, Double)]
}

extension PageMeasurements {
    init(_ quality: PageQuality, resolution: Int, jpegQuality: Int, _ stages: PageStages) {
        let analysis = quality.analysis
        let outline = analysis.outline
        let turns = analysis.direction.quarterTurns
        let corners = [
            (outline.left, outline.top), (outline.right, outline.top), (outline.right, outline.bottom),
            (outline.left, outline.bottom),
        ].map { across, down in
            let place = outline.place(across, down)
            let scale = Double(resolution) / analysis.picture.resolution
            return Point(x: place.x * scale, y: place.y * scale)
        }
        self.init(
            angle: outline.angle, quarterTurns: turns, corners: Array(corners[turns...] + corners[..<turns]),
            textAngle: analysis.direction.angle, textAngleConfidence: analysis.direction.angleConfidence,
            upCertainty: analysis.direction.certainty, rowsAgainstColumns: analysis.direction.rowsAgainstColumns,
            lines: analysis.direction.lines, edges: outline.seen.count, paperLevel: analysis.background.mean,
            noise: analysis.background.noise, letters: quality.census.letters, inkExtent: quality.census.extent,
            sharpness: quality.sharpness, coarseSharpness: quality.coarseSharpness, glare: analysis.glare,
            asymmetry: analysis.direction.asymmetry,
            marksAbove: analysis.direction.marks.above, marksBelow: analysis.direction.marks.below,
            areaOutside: analysis.areaOutside, quality: jpegQuality,
            stages: stages.milliseconds)
    }
}
