import CTurboJPEG
import Foundation
import PageImaging
import ScanCorpus

/// A scanned page of the corpus, prepared.
struct Prepared {
    var truth: CorpusTruth
    /// The scan itself, a JPEG.
    var scan: [UInt8]
    var picture: PreparedPicture

    init(_ page: CorpusPage) throws {
        let scan = try page.scan()
        truth = scan.truth
        self.scan = scan.jpeg
        picture = try PagePreparation().prepare(scan.jpeg, resolution: page.conditions.resolution)
    }

    /// Degrees.
    var angleError: Double { abs(picture.measurements.angle - truth.angle) }

    /// The largest distance of a corner from where it is, in millimetres; corners outside of the picture count, too.
    var cornerError: Double {
        zip(picture.measurements.corners, truth.corners).map { found, corner in
            hypot(found.x - corner.x, found.y - corner.y)
        }.reduce(0, max) * 25.4 / Double(truth.resolution)
    }
}

/// Decoded pixels, red, green and blue.
struct Pixels {
    var width: Int
    var height: Int
    var bytes: [UInt8]

    struct Undecodable: Error {}

    init(_ jpeg: [UInt8]) throws {
        guard let decoder = tjInitDecompress() else { throw Undecodable() }
        defer { tjDestroy(decoder) }
        var (width, height, sampling, space) = (Int32(0), Int32(0), Int32(0), Int32(0))
        guard tjDecompressHeader3(decoder, jpeg, UInt(jpeg.count), &width, &height, &sampling, &space) == 0 else {
            throw Undecodable()
        }
        var bytes = [UInt8](repeating: 0, count: Int(width) * Int(height) * 3)
        guard
            tjDecompress2(
                decoder, jpeg, UInt(jpeg.count), &bytes, width, 0, height, Int32(TJPF_RGB.rawValue),
                TJFLAG_STOPONWARNING) == 0
        else { throw Undecodable() }
        (self.width, self.height, self.bytes) = (Int(width), Int(height), bytes)
    }

    func share(_ isWanted: (_ red: Int, _ green: Int, _ blue: Int) -> Bool) -> Double {
        var count = 0
        for start in stride(from: 0, to: bytes.count, by: 3) {
            if isWanted(Int(bytes[start]), Int(bytes[start + 1]), Int(bytes[start + 2])) { count += 1 }
        }
        return Double(count) / Double(width * height)
    }
}
