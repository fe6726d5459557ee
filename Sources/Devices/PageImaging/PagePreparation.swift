import Foundation
import Peripherals

/// Makes a scanned page fit for the record: cut to the paper, straight, upright, its background levelled, in true size.
///
/// It is a plain function of the file's bytes: no processes, no files, no clock. A page of A4 at 300 dpi takes about a
/// tenth of a second of one core, and some 40 MB while it runs.
public struct PagePreparation: Sendable {
    public struct Options: Sendable, Equatable {
        /// Dots per inch of the result, as long as the scan has as many.
        public var resolution = 200
        /// JPEG qualities to try, until the file is not longer than ``lengthLimit`` bytes.
        public var qualities = [75, 68, 60, 54, 48, 42, 37, 32, 28, 24, 20]
        public var lengthLimit = 200_000
        /// A larger scan is refused before it is decoded: A3 at 600 dpi has 70 million.
        public var pixelLimit = 80_000_000

        public init() {}
    }

    public var options: Options

    public init(_ options: Options = Options()) {
        self.options = options
    }

    /// - Parameters:
    ///   - jpeg: the scanned file, colour or grey.
    ///   - resolution: its dots per inch.
    /// - Throws: `PageError.badPicture` when the file is damaged, or larger than any page may be.
    public func prepare(_ jpeg: [UInt8], resolution: Int) throws(PageError) -> PreparedPicture {
        var stages = PageStages()
        let picture = try JPEGReader.read(jpeg, resolution: resolution, pixelLimit: options.pixelLimit)
        stages.mark("decode")
        let analysis = try PageAnalysis(picture, &stages)
        let page = PageRendering(picture, analysis, resolution: min(Double(options.resolution), picture.resolution))
            .page()
        stages.mark("render")
        let codes = CodeReader.codes(on: analysis)
        stages.mark("codes")
        let pieces = analysis.ink.pieces
        let census = InkCensus(pieces, analysis.ink)
        let sharpness = Sharpness.measure(page.luminance)
        let isPrint = sharpness != nil && census.letters >= PageQuality.leastLetters
        let quality = PageQuality(
            analysis: analysis, census: census, pieces: pieces, sharpness: sharpness,
            coarseSharpness: isPrint ? nil : Sharpness.measure(page.luminance, Sharpness.coarse), codes: codes)
        let findings = quality.findings
        stages.mark("judge")
        let file = try JPEGWriter.write(page, qualities: options.qualities, lengthLimit: options.lengthLimit)
        stages.mark("encode")
        return PreparedPicture(
            jpeg: file.jpeg, width: page.width, height: page.height, resolution: Int(page.resolution.rounded()),
            findings: findings, codes: codes, isBlank: findings.contains(.empty),
            measurements: PageMeasurements(quality, resolution: resolution, jpegQuality: file.quality, stages))
    }
}
