import Foundation

/// Where the paper lies in the picture: a rectangle turned around the picture's middle.
struct PaperOutline: Sendable, Equatable {
    enum Side: Int, CaseIterable, Sendable {
        case left, top, right, bottom
    }

    /// Pixels of the picture.
    var pictureWidth: Double
    var pictureHeight: Double
    /// Degrees, clockwise.
    var angle: Double
    /// Pixels along the turned axes, from the picture's middle.
    var left: Double
    var top: Double
    var right: Double
    var bottom: Double
    /// Sides where the paper's edge was seen; at the others the picture ends.
    var seen: Set<Side> = []

    var width: Double { right - left }
    var height: Double { bottom - top }

    /// The whole picture, straight.
    init(pictureWidth: Double, pictureHeight: Double) {
        self.pictureWidth = pictureWidth
        self.pictureHeight = pictureHeight
        angle = 0
        left = -pictureWidth / 2
        right = pictureWidth / 2
        top = -pictureHeight / 2
        bottom = pictureHeight / 2
    }

    /// From turned axes to the picture.
    func place(_ across: Double, _ down: Double) -> (x: Double, y: Double) {
        let (sine, cosine) = (sin(angle * .pi / 180), cos(angle * .pi / 180))
        return (
            pictureWidth / 2 + across * cosine - down * sine, pictureHeight / 2 + across * sine + down * cosine
        )
    }

    /// The map from pixels of the page, upright and cut to the paper, to pixels of the picture.
    ///
    /// - Parameters:
    ///   - scale: pixels of the picture for one of the page.
    ///   - quarterTurns: clockwise, how the paper lies in the picture.
    func placement(scale: Double, quarterTurns: Int) -> Affine {
        let (sine, cosine) = (sin(angle * .pi / 180) * scale, cos(angle * .pi / 180) * scale)
        // The page's directions right and down, along the turned axes.
        let (right, down, corner): ((Double, Double), (Double, Double), (Double, Double)) =
            switch quarterTurns & 3 {
            case 1: ((0, 1), (-1, 0), (self.right, top))
            case 2: ((-1, 0), (0, -1), (self.right, bottom))
            case 3: ((0, -1), (1, 0), (left, bottom))
            default: ((1, 0), (0, 1), (left, top))
            }
        let start = place(corner.0, corner.1)
        return Affine(
            xx: right.0 * cosine - right.1 * sine, xy: down.0 * cosine - down.1 * sine,
            yx: right.0 * sine + right.1 * cosine, yy: down.0 * sine + down.1 * cosine, x0: start.x, y0: start.y)
    }

    /// The same paper with another angle: turned around its own middle.
    func turned(to angle: Double) -> PaperOutline {
        let middle = place((left + right) / 2, (top + bottom) / 2)
        var outline = self
        outline.angle = angle
        let (sine, cosine) = (sin(angle * .pi / 180), cos(angle * .pi / 180))
        let (x, y) = (middle.x - pictureWidth / 2, middle.y - pictureHeight / 2)
        let (across, down) = (x * cosine + y * sine, -x * sine + y * cosine)
        (outline.left, outline.right) = (across - width / 2, across + width / 2)
        (outline.top, outline.bottom) = (down - height / 2, down + height / 2)
        return outline
    }
}

extension PaperOutline {
    /// The same outline in a picture a few pixels larger to the right and down.
    func fitted(width: Double, height: Double) -> PaperOutline {
        var outline = self
        let (growX, growY) = ((width - pictureWidth) / 2, (height - pictureHeight) / 2)
        (outline.pictureWidth, outline.pictureHeight) = (width, height)
        outline.left += seen.contains(.left) ? -growX : -growX
        outline.right += seen.contains(.right) ? -growX : growX
        outline.top += seen.contains(.top) ? -growY : -growY
        outline.bottom += seen.contains(.bottom) ? -growY : growY
        return outline
    }
}
