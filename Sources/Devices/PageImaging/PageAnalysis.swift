import Foundation
import Peripherals

/// What is found out about a picture on reduced copies of it, before the page is taken out.
struct PageAnalysis {
    let picture: PagePicture
    /// The paper, lying as in the picture.
    private(set) var outline: PaperOutline
    private(set) var straight: StraightPage
    /// Dots per inch of ``straight``.
    let resolution: Double
    private(set) var direction: TextDirection
    private let half: Plane

    var page: Plane { straight.luminance }
    var background: BackgroundMap { straight.background }
    var ink: InkPicture { straight.ink }

    /// Dots per inch that analysis needs: a line of 8 pt text is 17 pixels high.
    private static let wanted = 150.0
    /// Text tells the angle to a twentieth of a degree; nearer than that to the paper's edges it adds nothing.
    private static let edgeTolerance = 0.15

    init(_ picture: PagePicture, _ stages: inout PageStages) throws(PageError) {
        self.picture = picture
        let times = picture.resolution >= 1.5 * Self.wanted ? 1 : 0
        let factor = Double(1 << times)
        var half = picture.luminance.halved(times: times)
        let small = half.halved()
        stages.mark("reduce")
        resolution = picture.resolution / factor
        let finder = PaperFinder(plane: small, resolution: resolution / 2)
        // What was dropped at the right and lower edge belongs to the picture all the same.
        outline = finder.outline(factor: factor * 2)
            .fitted(width: Double(picture.width), height: Double(picture.height))
        if outline.seen.count < 4, let wedges = finder.wedges() { wedges.fill(&half, with: finder.paperLevel) }
        self.half = half
        stages.mark("outline")
        straight = try StraightPage(picture, half, outline, resolution: resolution, &stages)
        let isFree = outline.seen.isEmpty
        direction = TextDirection(of: straight.ink, range: isFree ? 10 : 2)
        stages.mark("text")
        try follow(isFree ? 0 : Self.edgeTolerance, &stages)
    }

    /// Turns the outline so that the lines of text are straight.
    private mutating func follow(_ tolerance: Double, _ stages: inout PageStages) throws(PageError) {
        let found = direction
        if !found.hasAngle { return try tryAngle(found, &stages) }
        guard abs(found.angle) > tolerance else { return }
        outline = outline.turned(to: outline.angle + found.angle)
        straight = try StraightPage(picture, half, outline, resolution: resolution, &stages)
        guard abs(found.angle) > 1 else { return }
        // Which way is up shows only where lines are about straight.
        direction = TextDirection(of: straight.ink, range: 2)
        (direction.angle, direction.angleConfidence) = (found.angle, found.angleConfidence)
        stages.mark("text")
    }

    /// Without edges, an angle that is only half certain is tried: it was right when the lines are straight and certain then.
    private mutating func tryAngle(_ found: TextDirection, _ stages: inout PageStages) throws(PageError) {
        guard outline.seen.isEmpty, found.mayHaveAngle else { return }
        let turned = outline.turned(to: outline.angle + found.angle)
        let page = try StraightPage(picture, half, turned, resolution: resolution, &stages)
        var check = TextDirection(of: page.ink, range: 2)
        stages.mark("text")
        guard check.hasAngle, abs(check.angle) < 0.5 else { return }
        check.angle += found.angle
        (outline, straight, direction) = (outline.turned(to: outline.angle + check.angle), page, check)
        straight = try StraightPage(picture, half, outline, resolution: resolution, &stages)
    }
}
