import FaceImage

/// The first two-dimensional image of a face image data block of ISO/IEC 39794-5 in its tagged binary encoding, as the
/// application profile for travel documents puts it into DG2.
///
/// `A1 { 65 { A0 version, A1 { 30 { 80 id, A1 { A0 { A0 { 80 image, A1 information … } } } } … } } }`. Members are found by tag, because
/// most of their neighbours are optional.
struct FaceRecord39794 {
    let image: ArraySlice<UInt8>

    /// FaceImageDataBlock is [APPLICATION 5].
    private static let dataBlock: UInt32 = 0x65

    init(_ bytes: ArraySlice<UInt8>) throws(DataGroup2.Failure) {
        do throws(TLV.Failure) {
            var objects = try TLV.all(in: bytes)
            // The profile wraps the block in [1]; records without the wrapping are read as well.
            if let wrapping = objects.first(where: { $0.tag == 0xA1 }) { objects = try wrapping.children() }
            guard let block = objects.first(where: { $0.tag == Self.dataBlock }),
                let representations = try Self.member(0xA1, of: block)
            else { throw .truncated }
            for representation in try representations.children() where representation.tag == 0x30 {
                // imageRepresentation [1], base [0], imageRepresentation2DBlock [0], representationData2D [0].
                var object: TLV? = representation
                for tag: UInt32 in [0xA1, 0xA0, 0xA0, 0x80] {
                    object = try object.flatMap { inner throws(TLV.Failure) in try Self.member(tag, of: inner) }
                }
                if let image = object?.value, FaceImageFormat(image) != nil {
                    self.image = image
                    return
                }
            }
        } catch {
            throw .structure(error)
        }
        throw .noFace
    }

    private static func member(_ tag: UInt32, of object: TLV) throws(TLV.Failure) -> TLV? {
        try object.children().first { $0.tag == tag }
    }
}
