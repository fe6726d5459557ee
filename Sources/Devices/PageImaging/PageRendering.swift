import Foundation

/// Takes the page out of the picture, upright and levelled.
struct PageRendering {
    private let picture: PagePicture
    private let map: Affine
    private let width: Int
    private let height: Int
    private let resolution: Double
    private let background: BackgroundMap
    private let used: TileMask
    private let coloured: TileMask?

    /// - Parameter resolution: dots per inch of the page.
    init(_ picture: PagePicture, _ analysis: PageAnalysis, resolution: Double) {
        self.picture = picture
        self.resolution = resolution
        let turns = analysis.direction.quarterTurns
        let scale = picture.resolution / resolution
        map = analysis.outline.placement(scale: scale, quarterTurns: turns)
        let (across, down) = (
            Int((analysis.outline.width / scale).rounded()), Int((analysis.outline.height / scale).rounded())
        )
        (width, height) = turns.isMultiple(of: 2) ? (across, down) : (down, across)
        background = analysis.background.upright(turns)
        used = analysis.straight.used.upright(turns)
        coloured = analysis.straight.coloured?.upright(turns)
    }

    func page() -> PagePicture {
        let tone = ToneCurve(background)
        let luminance = PlaneSampler(map: map, fill: 255)
            .sample(
                picture.luminance, width: width, height: height, mask: used,
                finish: tone.leveller(background, width, height))
        guard let chroma = picture.chroma, let coloured, coloured.isUsed.contains(true) else {
            return PagePicture(luminance: luminance, chroma: nil, resolution: resolution)
        }
        let (columns, rows) = ((width + 1) / 2, (height + 1) / 2)
        let shrink = (
            x: Double(picture.width) / Double(chroma.blue.width), y: Double(picture.height) / Double(chroma.blue.height)
        )
        let sampler = PlaneSampler(
            map: map.between(input: (shrink.x.rounded(), shrink.y.rounded()), output: (2, 2)), fill: 128)
        let blue = sampler.sample(
            chroma.blue, width: columns, height: rows, mask: coloured, finish: tone.whitener(background.blue))
        let red = sampler.sample(
            chroma.red, width: columns, height: rows, mask: coloured, finish: tone.whitener(background.red))
        return PagePicture(luminance: luminance, chroma: (blue, red), resolution: resolution)
    }
}
