import CTurboJPEG
import Peripherals

/// Scanned JPEG files into pictures, by libjpeg-turbo. Sizes are bounded from the header before anything is decoded.
enum JPEGReader {
    static let sideLimit: Int32 = 20_000
    /// A4 at 600 dpi, little compressed, is about 30 MB.
    static let lengthLimit = 64 << 20
    /// Dots per inch of scanners.
    static let resolutions = 50...1_200

    /// - Parameter resolution: dots per inch of the file. From 400 on every second dot is enough.
    static func read(_ jpeg: [UInt8], resolution: Int, pixelLimit: Int) throws(PageError) -> PagePicture {
        guard resolutions.contains(resolution) else { throw .badPicture("\(resolution) dpi") }
        guard jpeg.count <= lengthLimit else { throw .badPicture("\(jpeg.count >> 20) MB of JPEG") }
        guard let decoder = tjInitDecompress() else { throw .failed("the JPEG decoder cannot start") }
        defer { tjDestroy(decoder) }
        let header = try header(of: jpeg, decoder)
        guard Int(header.width) * Int(header.height) <= pixelLimit else {
            throw .badPicture("\(header.width) × \(header.height) pixels")
        }
        // libjpeg-turbo halves while it decodes, in less time than the whole takes.
        let divisor: Int32 = resolution >= 800 ? 4 : resolution >= 400 ? 2 : 1
        let width = (header.width + divisor - 1) / divisor
        let height = (header.height + divisor - 1) / divisor
        var planes = (0..<(header.isGrey ? 1 : 3)).map { component in
            Plane(
                width: Int(tjPlaneWidth(Int32(component), width, header.sampling)),
                height: Int(tjPlaneHeight(Int32(component), height, header.sampling)))
        }
        let status = withPointers(to: &planes) { pointers in
            tjDecompressToYUVPlanes(
                decoder, jpeg, UInt(jpeg.count), pointers, width, nil, height, TJFLAG_LIMITSCANS | TJFLAG_STOPONWARNING)
        }
        // Half a page is no page: what is only a warning to a viewer is damage here.
        guard status == 0 else { throw .badPicture("JPEG data: \(String(cString: tjGetErrorStr2(decoder)))") }
        planes[0].repeatEnds()
        return PagePicture(
            luminance: planes[0], chroma: header.isGrey ? nil : (planes[1], planes[2]),
            resolution: Double(resolution) / Double(divisor))
    }

    private struct Header {
        var width: Int32 = 0
        var height: Int32 = 0
        var sampling: Int32 = 0
        var isGrey = false
    }

    private static func header(of jpeg: [UInt8], _ decoder: tjhandle) throws(PageError) -> Header {
        var header = Header()
        var space: Int32 = 0
        guard
            tjDecompressHeader3(
                decoder, jpeg, UInt(jpeg.count), &header.width, &header.height, &header.sampling, &space) == 0
        else { throw .badPicture("JPEG header: \(String(cString: tjGetErrorStr2(decoder)))") }
        header.isGrey = space == TJCS_GRAY.rawValue
        guard header.isGrey || space == TJCS_YCbCr.rawValue else { throw .badPicture("JPEG colour space \(space)") }
        guard header.width >= 32, header.height >= 32, header.width <= sideLimit, header.height <= sideLimit
        else { throw .badPicture("\(header.width) × \(header.height) pixels") }
        return header
    }

    private static func withPointers(
        to planes: inout [Plane], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>) -> Int32
    ) -> Int32 {
        guard planes.count == 3 else {
            return planes[0].samples.withUnsafeMutableBufferPointer { luminance in
                var pointers = [luminance.baseAddress]
                return body(&pointers)
            }
        }
        var (first, second, third) = (planes[0].samples, planes[1].samples, planes[2].samples)
        planes = planes.map { Plane(width: $0.width, height: $0.height, samples: []) }
        defer { (planes[0].samples, planes[1].samples, planes[2].samples) = (first, second, third) }
        return first.withUnsafeMutableBufferPointer { luminance in
            second.withUnsafeMutableBufferPointer { blue in
                third.withUnsafeMutableBufferPointer { red in
                    var pointers = [luminance.baseAddress, blue.baseAddress, red.baseAddress]
                    return body(&pointers)
                }
            }
        }
    }
}

extension Plane {
    /// The last pixels of rows and columns become like those before: a scanner that gives a pixel less than it was asked for (A4
    /// at 200 dpi has 1653.5) is filled up with white by sane-airscan, and behind a white rim nobody finds the bed.
    fileprivate mutating func repeatEnds() {
        for row in 0..<height {
            for column in width - 2..<width { samples[row * width + column] = samples[row * width + width - 3] }
        }
        for row in height - 2..<height {
            for column in 0..<width { samples[row * width + column] = samples[(height - 3) * width + column] }
        }
    }
}
