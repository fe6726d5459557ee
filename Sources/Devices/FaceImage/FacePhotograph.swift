import Peripherals

/// Makes a photograph for the screen out of the face image of a card.
///
/// A JPEG passes through, once its header was checked; JPEG 2000, which browsers do not show, is decoded by OpenJPEG and
/// encoded as JPEG. Sizes are bounded from the headers before anything is decoded: a malicious image costs less than
/// 16 MB. Decoding takes about a tenth of a second of the caller's thread.
public enum FacePhotograph {
    /// Bytes of a coded image; cards hold 10 to 60 KB.
    public static let lengthLimit = 256 * 1024
    /// Pixels of a JPEG, which only the browser decodes.
    public static let pixelLimit = 4_000_000

    /// - Throws: `FaceImageError`: the photograph is left out then, the rest of the card is not touched by it.
    public static func make(of image: [UInt8]) throws(FaceImageError) -> CardPhotograph {
        guard image.count <= lengthLimit else { throw .tooLarge("\(image.count) bytes") }
        switch FaceImageFormat(image) {
        case .jpeg: return try passJPEG(image)
        case .jpeg2000: return try convert(JPEG2000Boxes(image))
        case .jpeg2000Codestream: return try convert(JPEG2000Boxes(codestream: image[...]))
        case nil: throw .unknownFormat
        }
    }

    private static func passJPEG(_ image: [UInt8]) throws(FaceImageError) -> CardPhotograph {
        let size = try JPEGCodec.size(of: image)
        guard size.width * size.height <= pixelLimit else { throw .tooLarge("\(size.width) × \(size.height) pixels") }
        return CardPhotograph(width: size.width, height: size.height, jpeg: image)
    }

    private static func convert(_ boxes: JPEG2000Boxes) throws(FaceImageError) -> CardPhotograph {
        let header = try JPEG2000Header(boxes.codestream)
        try header.checkCost()
        let planes = try JPEG2000Decoder.decode(boxes.codestream, header)
        let jpeg = try JPEGCodec.encode(planes, isYCC: boxes.isYCC && planes.samples.count == 3)
        return CardPhotograph(width: planes.width, height: planes.height, jpeg: jpeg)
    }
}

/// Decoded samples, eight bits each, every plane of the full size.
struct FacePlanes {
    var width: Int
    var height: Int
    /// One plane (grey) or three.
    var samples: [[UInt8]]
}
