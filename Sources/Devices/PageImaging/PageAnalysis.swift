import Foundation
import Peripherals

/// What is found out about a picture on reduced copies of it, before the page is taken out.
struct PageAnalysis {
    let picture: PagePicture
    /// The paper, lying as in the picture.
    private(set) var outline: PaperOutline
    /// The paper's luminance, straight but not yet turned upright.
    private(set) var page: Plane
    let resolution: Double
    private(set) var background: BackgroundMap
    private(set) var ink: InkPicture
    private(set) var direction = TextDirection()
    private let half: Plane

    /// Dots per inch that analysis needs: a line of 8 pt text is 17 pixels high.
    private static let wanted = 150.0

    init(_ picture: PagePicture, _ stages: inout PageStages) throws(PageError) {
        self.picture = picture
        let times = picture.resolution >= 1.5 * Self.wanted ? 1 : 0
        let factor = 1 << times
        half = picture.luminance.halved(times: times)
        let small = half.halved()
        stages.mark("reduce")
        let finder = PaperFinder(plane: small, resolution: picture.resolution / Double(factor * 2))
        outline = finder.outline(factor: Double(factor * 2))
        stages.mark("outline")
        // What was dropped at the right and lower edge belongs to the picture all the same.
        outline = outline.fitted(width: Double(picture.width), height: Double(picture.height))
        resolution = picture.resolution / Double(factor)
        (page, background, ink) = try Self.straighten(picture, half, outline, resolution, &stages)
    }

    private static func straighten(
        _ picture: PagePicture, _ half: Plane, _ outline: PaperOutline, _ resolution: Double,
        _ stages: inout PageStages
    ) throws(PageError) -> (Plane, BackgroundMap, InkPicture) {
        let scale = picture.resolution / resolution
        let map = outline.placement(scale: scale, quarterTurns: 0)
        let (width, height) = (Int((outline.width / scale).rounded()), Int((outline.height / scale).rounded()))
        guard width >= 16, height >= 16 else { throw .badPicture("the paper is too small") }
        let shrink = Double(picture.width / half.width)
        let page = PlaneSampler(map: map.between(input: (shrink, shrink), output: (1, 1)), fill: 255)
            .sample(half, width: width, height: height)
        stages.mark("straighten")
        let background = BackgroundMap(page: page, resolution: resolution) { columns, rows in
            guard let chroma = picture.chroma else { return nil }
            let tile = (x: Double(width) / Double(columns), y: Double(height) / Double(rows))
            return (
                sampleTiles(chroma.blue, picture, map, tile, columns, rows),
                sampleTiles(chroma.red, picture, map, tile, columns, rows)
            )
        }
        stages.mark("background")
        let shadow = Int(1.0 * resolution / 25.4)
        var margin = PageMargin()
        if outline.seen.contains(.left) { margin.left = shadow }
        if outline.seen.contains(.right) { margin.right = shadow }
        if outline.seen.contains(.top) { margin.top = shadow }
        if outline.seen.contains(.bottom) { margin.bottom = shadow }
        guard let ink = InkPicture(page, background, resolution: resolution, margin: margin) else {
            throw .failed("no memory for the page's ink")
        }
        return (page, background, ink)
    }

    private static func sampleTiles(
        _ plane: Plane, _ picture: PagePicture, _ map: Affine, _ tile: (x: Double, y: Double), _ columns: Int,
        _ rows: Int
    ) -> Plane {
        let times = 3
        let factor = 1 << times
        let small = plane.halved(times: times)
        let shrink = (
            x: Double(picture.width) / Double(plane.width) * Double(factor),
            y: Double(picture.height) / Double(plane.height) * Double(factor)
        )
        return PlaneSampler(map: map.between(input: shrink, output: tile), fill: 128)
            .sample(small, width: columns, height: rows)
    }

    /// Finds the text's angle and which way is up, and follows them.
    mutating func turnUpright(_ stages: inout PageStages) throws(PageError) {
        let isFree = outline.seen.isEmpty
        direction = TextDirection(of: ink, range: isFree ? 12 : 2)
        stages.mark("text")
        // The paper's edges tell the angle better than text does, as long as they agree.
        let tolerance = isFree ? 0.0 : 0.15
        guard direction.hasAngle, abs(direction.angle) > tolerance else { return }
        let correction = direction.angle
        outline = outline.turned(to: outline.angle + correction)
        guard abs(correction) > 0.3 else { return }
        (page, background, ink) = try Self.straighten(picture, half, outline, resolution, &stages)
        guard abs(correction) > 2 else { return }
        let angle = direction
        direction = TextDirection(of: ink, range: 1)
        (direction.angle, direction.angleConfidence) = (angle.angle, angle.angleConfidence)
    }
}
