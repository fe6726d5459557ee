/// The headers of a JPEG 2000 codestream (ISO/IEC 15444-1, annex A), read before the decoder sees it: what it would cost
/// to decode. A few bytes there can ask for gigabytes (pixels, tiles, precincts, layers), so only what photographs use
/// is let through.
struct JPEG2000Header: Equatable {
    struct Component: Equatable {
        /// Bits of a sample.
        var precision: Int
        var isSigned: Bool
        /// Pixels of the image for one sample, across and down.
        var stepX: Int
        var stepY: Int
    }

    /// COD or COC: how a component is cut up (A.6.1).
    struct CodingStyle: Equatable {
        /// Wavelet decompositions; one resolution more.
        var levels: Int
        /// Exponents of the code-block's width and height.
        var blockX: Int
        var blockY: Int
        /// Exponents of the precincts' width and height, for each resolution.
        var precincts: [(x: Int, y: Int)]

        static func == (left: CodingStyle, right: CodingStyle) -> Bool {
            (left.levels, left.blockX, left.blockY) == (right.levels, right.blockX, right.blockY)
                && left.precincts.elementsEqual(right.precincts, by: ==)
        }
    }

    private(set) var width = 0
    private(set) var height = 0
    private(set) var tileWidth = 0
    private(set) var tileHeight = 0
    private(set) var tiles = 0
    private(set) var components: [Component] = []
    private(set) var layers = 0
    private(set) var styles: [CodingStyle] = []

    private enum Marker {
        static let siz: UInt16 = 0xFF51
        static let cod: UInt16 = 0xFF52
        static let coc: UInt16 = 0xFF53
        static let sot: UInt16 = 0xFF90
        static let sod: UInt16 = 0xFF93
        static let eoc: UInt16 = 0xFFD9
        /// TLM, PLM, QCD, QCC, RGN, CRG, COM: they allocate nothing to speak of.
        static let harmless: Set<UInt16> = [0xFF55, 0xFF57, 0xFF5C, 0xFF5D, 0xFF5E, 0xFF63, 0xFF64]
        /// PLT, QCD, QCC, RGN, COM.
        static let harmlessInTile: Set<UInt16> = [0xFF58, 0xFF5C, 0xFF5D, 0xFF5E, 0xFF64]
    }

    /// Tile-parts; photographs have one.
    private static let tilePartLimit = 256

    init(_ codestream: ArraySlice<UInt8>) throws(FaceImageError) {
        var reader = ByteReader(codestream)
        guard try reader.word() == 0xFF4F, try reader.word() == Marker.siz else { throw .damaged("JPEG 2000 header") }
        try readSize(try reader.segment())
        var common: CodingStyle?
        var own: [Int: CodingStyle] = [:]
        while true {
            let marker = try reader.word()
            if marker == Marker.sot { break }
            var segment = try reader.segment()
            switch marker {
            case Marker.cod:
                guard common == nil else { throw .damaged("JPEG 2000 coding style") }
                let flags = try segment.byte()
                _ = try segment.byte()
                layers = Int(try segment.word())
                _ = try segment.byte()
                common = try Self.style(&segment, hasPrecincts: flags & 1 != 0)
            case Marker.coc:
                let component = Int(try segment.byte())
                let flags = try segment.byte()
                own[component] = try Self.style(&segment, hasPrecincts: flags & 1 != 0)
            case let marker where Marker.harmless.contains(marker): break
            default: throw .unsupported("JPEG 2000 marker \(String(marker, radix: 16))")
            }
        }
        guard let common, layers > 0 else { throw .damaged("JPEG 2000 coding style") }
        styles = components.indices.map { own[$0] ?? common }
        try Self.checkTileParts(&reader)
    }

    /// SIZ (A.5.1).
    private mutating func readSize(_ whole: ByteReader) throws(FaceImageError) {
        var segment = whole
        _ = try segment.word()
        var numbers: [Int] = []
        for _ in 0..<8 { numbers.append(try segment.long()) }
        // Photographs begin at the grid's origin.
        guard numbers[2] == 0, numbers[3] == 0, numbers[6] == 0, numbers[7] == 0 else {
            throw .unsupported("JPEG 2000 with an offset")
        }
        (width, height, tileWidth, tileHeight) = (numbers[0], numbers[1], numbers[4], numbers[5])
        guard (1...65_535).contains(width), (1...65_535).contains(height), tileWidth > 0, tileHeight > 0 else {
            throw .tooLarge("\(width) × \(height) pixels")
        }
        tiles = ((width - 1) / tileWidth + 1) * ((height - 1) / tileHeight + 1)
        (tileWidth, tileHeight) = (min(tileWidth, width), min(tileHeight, height))
        let count = Int(try segment.word())
        guard (1...4).contains(count) else { throw .unsupported("JPEG 2000 with \(count) components") }
        for _ in 0..<count {
            let (depth, stepX, stepY) = (try segment.byte(), Int(try segment.byte()), Int(try segment.byte()))
            let precision = Int(depth & 0x7F) + 1
            guard precision <= 16, (1...2).contains(stepX), (1...2).contains(stepY) else {
                throw .unsupported("JPEG 2000 samples")
            }
            components.append(
                Component(precision: precision, isSigned: depth & 0x80 != 0, stepX: stepX, stepY: stepY))
        }
    }

    private static func style(_ segment: inout ByteReader, hasPrecincts: Bool) throws(FaceImageError) -> CodingStyle {
        let levels = Int(try segment.byte())
        let (blockX, blockY) = (Int(try segment.byte()) + 2, Int(try segment.byte()) + 2)
        guard levels <= 10, blockX <= 10, blockY <= 10, blockX + blockY <= 12 else {
            throw .unsupported("JPEG 2000 coding style")
        }
        _ = (try segment.byte(), try segment.byte())
        var precincts: [(x: Int, y: Int)] = []
        for resolution in 0...levels {
            let sizes: UInt8 = hasPrecincts ? try segment.byte() : 0xFF
            precincts.append((Int(sizes & 0x0F), Int(sizes >> 4)))
            guard resolution == 0 || (sizes & 0x0F != 0 && sizes >> 4 != 0) else {
                throw .damaged("JPEG 2000 precincts")
            }
        }
        return CodingStyle(levels: levels, blockX: blockX, blockY: blockY, precincts: precincts)
    }

    /// The headers of tiles may say everything anew (A.4.2): here they may not.
    private static func checkTileParts(_ reader: inout ByteReader) throws(FaceImageError) {
        for _ in 0..<tilePartLimit {
            // Behind the marker: Lsot = 10, Isot, Psot, TPsot, TNsot.
            let start = reader.position - 2
            var segment = try reader.segment()
            _ = try segment.word()
            let length = try segment.long()
            while true {
                let marker = try reader.word()
                if marker == Marker.sod { break }
                guard Marker.harmlessInTile.contains(marker) else {
                    throw .unsupported("JPEG 2000 marker \(String(marker, radix: 16)) in a tile")
                }
                _ = try reader.segment()
            }
            // 0: to the end.
            if length == 0 { return }
            guard length >= reader.position - start, reader.move(to: start + length) else {
                throw .damaged("JPEG 2000 tile")
            }
            if reader.isAtEnd { return }
            let marker = try reader.word()
            if marker == Marker.eoc { return }
            guard marker == Marker.sot else { throw .damaged("JPEG 2000 tile") }
        }
        throw .unsupported("JPEG 2000 with very many tile-parts")
    }
}
