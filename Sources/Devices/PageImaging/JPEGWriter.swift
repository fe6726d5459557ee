import CTurboJPEG
import Foundation
import Peripherals

/// Pictures into JPEG files, by libjpeg-turbo.
enum JPEGWriter {
    /// Encodes at the first of the qualities that keeps the file below the limit; at the last one whatever the length.
    ///
    /// - Parameter picture: of even width and height; grey, or with colour differences of half the resolution.
    static func write(
        _ picture: PagePicture, qualities: [Int], lengthLimit: Int
    ) throws(PageError) -> (jpeg: [UInt8], quality: Int) {
        guard picture.width.isMultiple(of: 2), picture.height.isMultiple(of: 2) else {
            throw .failed("a page of odd size")
        }
        guard !qualities.isEmpty else { throw .failed("no JPEG quality was asked for") }
        guard let encoder = tjInitCompress() else { throw .failed("the JPEG encoder cannot start") }
        defer { tjDestroy(encoder) }
        _ = optimises
        // Strips of the page tell what the whole will take, so that it is encoded once as a rule.
        let strips = sample(picture)
        let share = Double(strips.height) / Double(picture.height)
        let tried = qualities[qualities.count / 2]
        var length = Double(try encode(strips, encoder, quality: tried).count - headerLength) / share
        var index = choice(qualities, from: 0, after: tried, length * sampleMargin, lengthLimit)
        while true {
            let quality = qualities[index]
            var jpeg = try encode(picture, encoder, quality: quality)
            if jpeg.count <= lengthLimit || index == qualities.count - 1 {
                stamp(Int(picture.resolution.rounded()), into: &jpeg)
                return (jpeg, quality)
            }
            length = Double(jpeg.count - headerLength)
            index = choice(qualities, from: index + 1, after: quality, length, lengthLimit)
        }
    }

    /// How far the strips may be wrong.
    private static let sampleMargin = 1.03

    /// - Returns: the index of the first quality at which a picture will be short enough that takes `length` bytes at `tried`.
    private static func choice(
        _ qualities: [Int], from first: Int, after tried: Int, _ length: Double, _ limit: Int
    ) -> Int {
        qualities[first...].firstIndex { quality in
            length * pow(coarseness(tried) / coarseness(quality), lengthExponent) + Double(headerLength)
                <= Double(limit)
        } ?? qualities.count - 1
    }

    /// What the tables of quantisation are multiplied by, in percent, as libjpeg does it.
    private static func coarseness(_ quality: Int) -> Double {
        quality < 50 ? 5_000 / Double(max(quality, 1)) : 200 - 2 * Double(min(quality, 99))
    }

    /// Pages of print, forms and photographs alike become shorter with this power of the coarseness, to 2 %.
    private static let lengthExponent = 0.46
    /// Huffman tables of the page's own save a tenth, and more on pages with little on them. TurboJPEG 2 takes that wish
    /// from the environment only.
    private static let optimises = setenv("TJ_OPTIMIZE", "1", 1) == 0

    /// Tables and markers.
    private static let headerLength = 500

    /// A sixth of the picture: whole rows of blocks from all over it, at uneven distances, because lines of text are not.
    private static func sample(_ picture: PagePicture) -> PagePicture {
        let block = 16
        let places = [0, 3, 1, 5, 2, 4]
        let groups = picture.height / block / places.count
        guard groups > 1 else { return picture }
        let starts = (0..<groups).map { (($0 * places.count) + places[$0 % places.count]) * block }
        func strips(_ plane: Plane, _ divisor: Int) -> Plane {
            let length = block / divisor * plane.width
            let rows = starts.map { $0 / divisor * plane.width..<$0 / divisor * plane.width + length }
            return Plane(
                width: plane.width, height: rows.count * block / divisor, samples: plane.joined(rows))
        }
        return PagePicture(
            luminance: strips(picture.luminance, 1),
            chroma: picture.chroma.map { (strips($0.blue, 2), strips($0.red, 2)) }, resolution: picture.resolution)
    }

    private static func encode(
        _ picture: PagePicture, _ encoder: tjhandle, quality: Int
    ) throws(PageError) -> [UInt8] {
        var jpeg: UnsafeMutablePointer<UInt8>?
        var length: UInt = 0
        defer { tjFree(jpeg) }
        let status = picture.luminance.samples.withUnsafeBufferPointer { luminance in
            guard let chroma = picture.chroma else {
                var pointers = [luminance.baseAddress]
                return tjCompressFromYUVPlanes(
                    encoder, &pointers, Int32(picture.width), nil, Int32(picture.height),
                    Int32(TJSAMP_GRAY.rawValue), &jpeg, &length, Int32(quality), 0)
            }
            return chroma.blue.samples.withUnsafeBufferPointer { blue in
                chroma.red.samples.withUnsafeBufferPointer { red in
                    var pointers = [luminance.baseAddress, blue.baseAddress, red.baseAddress]
                    return tjCompressFromYUVPlanes(
                        encoder, &pointers, Int32(picture.width), nil, Int32(picture.height),
                        Int32(TJSAMP_420.rawValue), &jpeg, &length, Int32(quality), 0)
                }
            }
        }
        guard status == 0, let jpeg else {
            throw .failed("the page cannot be encoded: \(String(cString: tjGetErrorStr2(encoder)))")
        }
        return [UInt8](UnsafeBufferPointer(start: jpeg, count: Int(length)))
    }

    /// libjpeg-turbo 2 writes a JFIF header without a density; its place is fixed (ITU-T T.871, 10.1).
    private static func stamp(_ resolution: Int, into jpeg: inout [UInt8]) {
        guard jpeg.count > 20, jpeg[2...3] == [0xFF, 0xE0], jpeg[6...9] == [0x4A, 0x46, 0x49, 0x46] else { return }
        let high = UInt8(truncatingIfNeeded: resolution >> 8)
        let low = UInt8(truncatingIfNeeded: resolution)
        jpeg.replaceSubrange(13...17, with: [1, high, low, high, low])
    }
}
