import FaceImage

/// DG2: the holder's face (ICAO 9303-10, 4.7.2).
///
/// `75 { 7F61 { 02 number, 7F60 { A1 header, 5F2E or 7F2E block } … } }`. The block is a facial record of ISO/IEC 19794-5 or
/// of ISO/IEC 39794-5; of several faces the first counts.
public struct DataGroup2: Sendable, Equatable {
    public enum Failure: Error, Sendable, Equatable {
        case structure(TLV.Failure)
        /// No template holds a facial record of a kind that is known.
        case noFace
        /// The record's own lengths lie. The text names the place.
        case record(String)
    }

    public enum Record: Sendable, Equatable {
        /// ISO/IEC 19794-5 with its version number, `010`, `020` or `030`.
        case iso19794(version: String)
        case iso39794
    }

    public let record: Record
    /// The image as it is coded: JPEG or JPEG 2000.
    public let image: [UInt8]

    /// Templates in the group; the standard allows nine.
    private static let templateLimit = 9

    public init(_ bytes: [UInt8]) throws(Failure) {
        let blocks = try Self.blocks(of: bytes)
        var first: Failure?
        for block in blocks {
            do {
                self = try Self.face(in: block)
                return
            } catch {
                first = first ?? error
            }
        }
        throw first ?? .noFace
    }

    private init(_ record: Record, _ image: ArraySlice<UInt8>) {
        self.record = record
        self.image = Array(image)
    }

    /// The biometric data blocks of all templates.
    private static func blocks(of bytes: [UInt8]) throws(Failure) -> [TLV] {
        do throws(TLV.Failure) {
            guard let group = try TLV(bytes, tag: 0x75).children().first(where: { $0.tag == 0x7F61 }) else {
                throw .truncated
            }
            var blocks: [TLV] = []
            for template in try group.children().filter({ $0.tag == 0x7F60 }).prefix(templateLimit) {
                blocks += try template.children().filter { $0.tag == 0x5F2E || $0.tag == 0x7F2E }
            }
            return blocks
        } catch {
            throw .structure(error)
        }
    }

    /// The two kinds are told apart by their own beginning: issuers use either tag for either.
    private static func face(in block: TLV) throws(Failure) -> DataGroup2 {
        if block.value.starts(with: FaceRecord19794.signature) {
            let face = try FaceRecord19794(block.value)
            return DataGroup2(.iso19794(version: face.version), face.image)
        }
        return DataGroup2(.iso39794, try FaceRecord39794(block.value).image)
    }
}
