import CSANE
import Peripherals

/// The shape of a page as libsane announces it, checked before any memory is taken.
struct PageFrame: Sendable, Equatable {
    enum Samples: Sendable, Equatable {
        /// One bit a pixel, 1 is black (SANE Standard 1.06, 3.2.1).
        case bits
        case grey8
        case grey16
        case colour8
        case colour16

        var bitsPerPixel: Int {
            switch self {
            case .bits: 1
            case .grey8: 8
            case .grey16: 16
            case .colour8: 24
            case .colour16: 48
            }
        }
    }

    let samples: Samples
    /// Pixels.
    let width: Int
    /// Lines; nil when the scanner only knows after the last one.
    let height: Int?
    let bytesPerLine: Int

    /// A3 at 1200 dpi is 19,843 lines of 14,032 pixels.
    static let sideLimit = 20_000
    /// A4 at 600 dpi in colour is 104 MB.
    static let byteLimit = 200 << 20

    init(_ parameters: SANE_Parameters) throws(ScanError) {
        samples =
            switch (parameters.format, parameters.depth) {
            case (SANE_FRAME_GRAY, 1): .bits
            case (SANE_FRAME_GRAY, 8): .grey8
            case (SANE_FRAME_GRAY, 16): .grey16
            case (SANE_FRAME_RGB, 8): .colour8
            case (SANE_FRAME_RGB, 16): .colour16
            default:
                throw .failed(
                    "pictures of format \(parameters.format.rawValue), depth \(parameters.depth) are not read")
            }
        width = Int(parameters.pixels_per_line)
        bytesPerLine = Int(parameters.bytes_per_line)
        height = parameters.lines < 0 ? nil : Int(parameters.lines)
        guard (1...Self.sideLimit).contains(width), (1...Self.sideLimit).contains(height ?? 1) else {
            throw .failed("the scanner announces a page of \(width) × \(height ?? -1) pixels")
        }
        let needed = (width * samples.bitsPerPixel + 7) / 8
        // Padding at the end of a line is allowed, within reason.
        guard bytesPerLine >= needed, bytesPerLine <= needed + 4096, bytesPerLine * (height ?? 1) <= Self.byteLimit
        else { throw .failed("the scanner announces lines of \(bytesPerLine) bytes for \(width) pixels") }
    }

    /// Bytes of the whole page, or the most that a page without an announced end may have.
    var capacity: Int { height.map { $0 * bytesPerLine } ?? Self.byteLimit }

    /// How many whole lines `count` bytes are.
    ///
    /// - Throws: when they are fewer than announced, or none at all.
    func lines(in count: Int) throws(ScanError) -> Int {
        let lines = count / bytesPerLine
        guard lines > 0, lines <= Self.sideLimit, height.map({ $0 == lines }) ?? true else {
            throw .failed("the page ended after \(lines) of \(height.map(String.init) ?? "?") lines")
        }
        return lines
    }
}
