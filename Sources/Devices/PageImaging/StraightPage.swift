import Foundation
import Peripherals

/// The paper, cut out and straight at the resolution of analysis, but not yet turned upright; and what is on it where.
struct StraightPage {
    let luminance: Plane
    let background: BackgroundMap
    let ink: InkPicture
    /// Where anything but white paper is, and where colour is.
    let used: TileMask
    let coloured: TileMask?

    /// - Parameters:
    ///   - half: the picture's luminance at `resolution` dots per inch.
    init(
        _ picture: PagePicture, _ half: Plane, _ outline: PaperOutline, resolution: Double,
        _ stages: inout PageStages
    ) throws(PageError) {
        let scale = picture.resolution / resolution
        let map = outline.placement(scale: scale, quarterTurns: 0)
        let (width, height) = (Int((outline.width / scale).rounded()), Int((outline.height / scale).rounded()))
        guard width >= 16, height >= 16 else { throw .badPicture("the paper is too small") }
        let shrink = Double(picture.width / half.width)
        let page = PlaneSampler(map: map.between(input: (shrink, shrink), output: (1, 1)), fill: 255)
            .sample(half, width: width, height: height)
        stages.mark("straighten")
        let grid = ColourGrid(picture, map, width: width, height: height, resolution: resolution)
        background = BackgroundMap(page: page, resolution: resolution, colours: grid)
        stages.mark("background")
        guard
            let ink = InkPicture(page, background, resolution: resolution, margin: Self.margin(outline, resolution))
        else { throw .failed("no memory for the page's ink") }
        self.ink = ink
        luminance = page
        used = TileMask(
            page: page, resolution: resolution, background: background, white: ToneCurve(background).white)
        coloured = grid?.mask(blue: background.blue, red: background.red).grown
        stages.mark("ink")
    }

    /// A millimetre at the paper's edges is shadow.
    private static func margin(_ outline: PaperOutline, _ resolution: Double) -> PageMargin {
        let shadow = Int(resolution / 25.4)
        return PageMargin(
            left: outline.seen.contains(.left) ? shadow : 0, top: outline.seen.contains(.top) ? shadow : 0,
            right: outline.seen.contains(.right) ? shadow : 0, bottom: outline.seen.contains(.bottom) ? shadow : 0)
    }
}

/// Colour differences of a page on a grid of about a millimetre.
struct ColourGrid: Sendable {
    let blue: Plane
    let red: Plane

    /// Differences that are colour for certain, after noise was averaged out.
    private static let colour = 4

    /// - Returns: nil of a grey picture.
    init?(_ picture: PagePicture, _ map: Affine, width: Int, height: Int, resolution: Double) {
        guard let chroma = picture.chroma else { return nil }
        let size = resolution / 25.4
        let (columns, rows) = (max(2, Int(Double(width) / size)), max(2, Int(Double(height) / size)))
        let tile = (x: Double(width) / Double(columns), y: Double(height) / Double(rows))
        // Half of the luminance's resolution is usual (4:2:0); a quarter of that is about a millimetre at 300 dpi.
        let times = max(0, Int((log2(resolution / 25.4 / 2)).rounded()))
        func grid(_ plane: Plane) -> Plane {
            let small = plane.halved(times: times)
            let shrink = (
                x: Double(picture.width) / Double(small.width), y: Double(picture.height) / Double(small.height)
            )
            return PlaneSampler(map: map.between(input: shrink, output: tile), fill: 128)
                .sample(small, width: columns, height: rows)
        }
        (blue, red) = (grid(chroma.blue), grid(chroma.red))
    }

    /// The colour in the middle of a tile of another grid.
    func value(_ column: Int, of columns: Int, _ row: Int, of rows: Int) -> (blue: Int, red: Int) {
        let x = min(blue.width - 1, (2 * column + 1) * blue.width / (2 * columns))
        let y = min(blue.height - 1, (2 * row + 1) * blue.height / (2 * rows))
        return (Int(blue.samples[y * blue.width + x]), Int(red.samples[y * blue.width + x]))
    }

    /// Where there is more colour than the paper's own.
    func mask(blue neutralBlue: Int, red neutralRed: Int) -> TileMask {
        let isUsed = blue.samples.indices.map { index in
            abs(Int(blue.samples[index]) - neutralBlue) >= Self.colour
                || abs(Int(red.samples[index]) - neutralRed) >= Self.colour
        }
        return TileMask(columns: blue.width, rows: blue.height, isUsed: isUsed)
    }
}
