import FaceImage

/// The first image of a facial record of ISO/IEC 19794-5, editions of 2005 (version `010`; some issuers write `020`) and of
/// 2011 (`030`). Its lengths are believed only as far as the bytes reach.
struct FaceRecord19794 {
    static let signature = Array("FAC\u{0}".utf8)

    let version: String
    let image: ArraySlice<UInt8>

    /// How long the parts before the image are.
    private struct Layout {
        /// The record's header.
        var record: Int
        /// From the length of the image's block to the number of its landmark points, quality records not counted.
        var block: Int
        /// Where in that part the number of quality records stands, of five bytes each.
        var qualityCount: Int?
        /// From the number of landmark points to the first of them, and behind the last of them to the image.
        var features: Int
        var image: Int
        /// Four bytes of length stand before the image.
        var hasLength: Bool

        /// 2005, tables 2 to 6: 14; 4; 16; 12.
        static let edition2005 = Layout(
            record: 14, block: 4, qualityCount: nil, features: 16, image: 12, hasLength: false)
        /// 2011, tables 2 to 8: 17; 19 with the quality records' number last; 17; 11 and 4.
        static let edition2011 = Layout(
            record: 17, block: 19, qualityCount: 18, features: 17, image: 11, hasLength: true)
    }

    private static let landmarkLength = 8

    init(_ bytes: ArraySlice<UInt8>) throws(DataGroup2.Failure) {
        version = String(decoding: bytes.dropFirst(4).prefix(3), as: UTF8.self)
        let layouts: [Layout] =
            switch version {
            case "010": [.edition2005]
            case "030": [.edition2011]
            case "020": [.edition2005, .edition2011]
            default: throw .record("version of the facial record")
            }
        // Where two editions come into question, the image's own first bytes decide.
        for layout in layouts {
            if let image = Self.image(in: bytes, layout), FaceImageFormat(image) != nil {
                self.image = image
                return
            }
        }
        throw .record("image of the facial record")
    }

    private static func image(in bytes: ArraySlice<UInt8>, _ layout: Layout) -> ArraySlice<UInt8>? {
        guard let images = number(bytes, at: 12, 2), images > 0,
            let length = number(bytes, at: layout.record, 4), length <= bytes.count - layout.record
        else { return nil }
        // The block may be as long as it says; a record that says nothing of the kind reaches to the end.
        let rest = bytes.dropFirst(layout.record)
        let block = length == 0 ? rest : rest.prefix(length)
        var at = layout.block
        if let place = layout.qualityCount {
            guard let records = number(block, at: place, 1) else { return nil }
            at += records * 5
        }
        guard let points = number(block, at: at, 2) else { return nil }
        at += layout.features + points * landmarkLength + layout.image
        if layout.hasLength {
            guard let length = number(block, at: at, 4), length <= block.count - at - 4 else { return nil }
            return block.dropFirst(at + 4).prefix(length)
        }
        return at < block.count ? block.dropFirst(at) : nil
    }

    /// A big-endian number; nil when the bytes do not reach so far.
    private static func number(_ bytes: ArraySlice<UInt8>, at offset: Int, _ count: Int) -> Int? {
        guard offset + count <= bytes.count else { return nil }
        return bytes.dropFirst(offset).prefix(count).reduce(0) { $0 << 8 | Int($1) }
    }
}
