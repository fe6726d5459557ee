/// The boxes of a JP2 file (ISO/IEC 15444-1, annex I), as far as a photograph needs them: where the codestream is, and
/// whether its colours are luminance and differences.
struct JPEG2000Boxes {
    let codestream: ArraySlice<UInt8>
    /// The enumerated colour space is sYCC (18); a bare codestream and every other space are taken as grey or sRGB.
    let isYCC: Bool

    /// Boxes on one level; a photograph has five.
    private static let boxLimit = 64

    init(codestream: ArraySlice<UInt8>) {
        self.codestream = codestream
        isYCC = false
    }

    init(_ file: [UInt8]) throws(FaceImageError) {
        var codestream: ArraySlice<UInt8>?
        var isYCC = false
        for box in try Self.boxes(in: file[...]) {
            switch box.type {
            case "jp2c": codestream = codestream ?? box.content
            case "jp2h":
                let inner = try Self.boxes(in: box.content)
                if inner.contains(where: { $0.type == "pclr" }) { throw .unsupported("JPEG 2000 with a palette") }
                // METH 1: enumerated; then precedence, approximation, four bytes of EnumCS (I.5.3.3).
                isYCC = inner.contains { $0.type == "colr" && $0.content.count >= 7 && Self.names(18, $0.content) }
            default: break
            }
        }
        guard let codestream else { throw .damaged("JPEG 2000 without a codestream") }
        self.codestream = codestream
        self.isYCC = isYCC
    }

    private static func names(_ space: UInt8, _ colour: ArraySlice<UInt8>) -> Bool {
        colour.first == 1 && colour.dropFirst(3).prefix(4).elementsEqual([0, 0, 0, space])
    }

    private static func boxes(
        in bytes: ArraySlice<UInt8>
    ) throws(FaceImageError) -> [(type: String, content: ArraySlice<UInt8>)] {
        var boxes: [(type: String, content: ArraySlice<UInt8>)] = []
        var rest = bytes
        while rest.count >= 8 {
            guard boxes.count < boxLimit else { throw .unsupported("JPEG 2000 with very many boxes") }
            let type = String(decoding: rest.dropFirst(4).prefix(4), as: UTF8.self)
            var length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            var header = 8
            switch length {
            case 0: length = rest.count
            case 1:
                // Eight bytes of length follow; those of an image here have four zeros in front.
                guard rest.count >= 16, rest.dropFirst(8).prefix(4).allSatisfy({ $0 == 0 }) else {
                    throw .damaged("JPEG 2000 box")
                }
                length = rest.dropFirst(12).prefix(4).reduce(0) { $0 << 8 | Int($1) }
                header = 16
            default: break
            }
            guard length >= header, length <= rest.count else { throw .damaged("JPEG 2000 box") }
            boxes.append((type, rest.prefix(length).dropFirst(header)))
            rest = rest.dropFirst(length)
        }
        return boxes
    }
}
