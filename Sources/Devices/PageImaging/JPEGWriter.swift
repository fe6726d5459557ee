import CTurboJPEG
import Foundation
import Peripherals

/// Pictures into JPEG files, by libjpeg-turbo.
enum JPEGWriter {
    /// Encodes at the first of the qualities that keeps the file below the limit; at the last one whatever the length.
    ///
    /// - Parameter picture: grey, or with colour differences of half the resolution.
    static func write(
        _ picture: PagePicture, qualities: [Int], lengthLimit: Int
    ) throws(PageError) -> (jpeg: [UInt8], quality: Int) {
        guard let encoder = tjInitCompress() else { throw .failed("the JPEG encoder cannot start") }
        defer { tjDestroy(encoder) }
        _ = optimises
        // Strips of the page tell what the whole will take, so that it is encoded once as a rule.
        let strips = sample(picture)
        let share = Double(strips.height) / Double(picture.height)
        var (start, end) = (0, qualities.count - 1)
        while start < end {
            let middle = (start + end) / 2
            let length = Double(try encode(strips, encoder, quality: qualities[middle]).count - headerLength) / share
            if Int(length * 1.03) + headerLength <= lengthLimit { end = middle } else { start = middle + 1 }
        }
        for (index, quality) in qualities.enumerated().dropFirst(start) {
            var jpeg = try encode(picture, encoder, quality: quality)
            guard jpeg.count <= lengthLimit || index == qualities.count - 1 else { continue }
            stamp(Int(picture.resolution.rounded()), into: &jpeg)
            return (jpeg, quality)
        }
        throw .failed("no JPEG quality was asked for")
    }

    /// Huffman tables of the page's own save a tenth, and more on pages with little on them. TurboJPEG 2 takes that wish
    /// from the environment only.
    private static let optimises = setenv("TJ_OPTIMIZE", "1", 1) == 0

    /// Tables and markers.
    private static let headerLength = 500

    /// A sixth of the picture: whole rows of blocks from all over it.
    private static func sample(_ picture: PagePicture) -> PagePicture {
        let (block, step) = (16, 96)
        guard picture.height > step * 2 else { return picture }
        let starts = Array(stride(from: step / 2, to: picture.height - block, by: step))
        func strips(_ plane: Plane, _ divisor: Int) -> Plane {
            let rows = starts.map { start in
                let first = start / 16 * 16 / divisor * plane.width
                return plane.samples[first..<first + block / divisor * plane.width]
            }
            return Plane(width: plane.width, height: rows.count * block / divisor, samples: Array(rows.joined()))
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
