import CTurboJPEG
import Foundation
import Peripherals

/// What the document must know about a page's JPEG, read from the file itself: what was said about it may be wrong.
struct PagePicture: Sendable {
    /// A page of A3 at 600 dpi in colour is below this.
    static let byteLimit = 64 << 20
    /// Pixels along a side, ISO/IEC 10918-1: what the header can say.
    static let sideLimit = 65_500
    /// A3 at 600 dpi has 70 million.
    static let pixelLimit = 100_000_000
    /// Dots per inch: below, a page would be larger than a wall; above, no scanner of papers goes.
    static let resolutions = 36...4_800
    /// Points along a page's side that readers must know (ISO 19005-2, 6.1.13).
    static let pageSides = 3.0...14_400.0

    let file: URL
    /// Pixels.
    let width: Int
    let height: Int
    let isGrey: Bool
    let byteCount: Int
    /// Points, 1/72 inch.
    let size: (width: Double, height: Double)

    init(_ page: ScannedPage) throws(PageError) {
        file = page.file
        let name = page.file.lastPathComponent
        guard Self.resolutions.contains(page.resolution) else {
            throw .badPicture("page \(name) cannot have \(page.resolution) dots per inch")
        }
        let bytes = try Self.read(page.file)
        guard bytes.starts(with: [0xFF, 0xD8, 0xFF]), bytes.suffix(2) == Data([0xFF, 0xD9]) else {
            throw .badPicture("page \(name) is no whole JPEG picture")
        }
        guard let decoder = tjInitDecompress() else { throw .failed("the JPEG decoder cannot start") }
        defer { tjDestroy(decoder) }
        var (width, height, sampling, space) = (Int32(0), Int32(0), Int32(0), Int32(0))
        let status = bytes.withUnsafeBytes {
            tjDecompressHeader3(
                decoder, $0.bindMemory(to: UInt8.self).baseAddress, UInt($0.count), &width, &height, &sampling, &space)
        }
        guard status == 0, (1...Self.sideLimit).contains(Int(width)), (1...Self.sideLimit).contains(Int(height)) else {
            throw .badPicture("page \(name) is no JPEG picture")
        }
        guard Int(width) * Int(height) <= Self.pixelLimit else {
            throw .badPicture("page \(name) has \(width) × \(height) pixels, more than a page may have")
        }
        // Readers take three components for YCbCr unless a marker of Adobe's says otherwise, and four for CMYK.
        guard space == TJCS_GRAY.rawValue || space == TJCS_YCbCr.rawValue else {
            throw .badPicture("page \(name) is a JPEG of neither grey nor YCbCr")
        }
        guard Self.isWhole(bytes, decoder, width, height) else {
            throw .badPicture("page \(name) is damaged")
        }
        self.width = Int(width)
        self.height = Int(height)
        isGrey = space == TJCS_GRAY.rawValue
        byteCount = bytes.count
        let points = 72 / Double(page.resolution)
        size = (Double(width) * points, Double(height) * points)
        guard Self.pageSides.contains(size.width), Self.pageSides.contains(size.height) else {
            throw .badPicture("page \(name) would be \(size.width) × \(size.height) points")
        }
    }

    /// Decodes the picture at an eighth of its size: the scan is deleted once the document is there.
    private static func isWhole(_ bytes: Data, _ decoder: tjhandle, _ width: Int32, _ height: Int32) -> Bool {
        let (columns, rows) = ((width + 7) / 8, (height + 7) / 8)
        var pixels = [UInt8](repeating: 0, count: Int(columns) * Int(rows))
        return bytes.withUnsafeBytes {
            tjDecompress2(
                decoder, $0.bindMemory(to: UInt8.self).baseAddress, UInt($0.count), &pixels, columns, 0, rows,
                TJPF_GRAY.rawValue, TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS) == 0
        }
    }

    private static func read(_ file: URL) throws(PageError) -> Data {
        let size = (try? file.resourceValues(forKeys: [.fileSizeKey]))?.fileSize ?? 0
        guard size > 4, size <= byteLimit, let data = try? Data(contentsOf: file, options: .alwaysMapped) else {
            throw .badPicture("page \(file.lastPathComponent) is missing, empty or too large")
        }
        return data
    }
}
