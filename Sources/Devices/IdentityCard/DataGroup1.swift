/// DG1: the machine-readable zone (ICAO 9303-10, 4.7.1).
public struct DataGroup1: Sendable, Equatable {
    public enum Failure: Error, Sendable, Equatable, CustomStringConvertible {
        case structure(TLV.Failure)
        case zone(MRZ.Failure)

        public var description: String {
            switch self {
            case .structure(let why): why.description
            case .zone(let why): why.description
            }
        }
    }

    public let mrz: MRZ

    public init(_ bytes: [UInt8]) throws(Failure) {
        let zone: [UInt8]
        do throws(TLV.Failure) {
            guard let object = try TLV(bytes, tag: 0x61).children().first(where: { $0.tag == 0x5F1F }) else {
                throw .truncated
            }
            zone = object.bytes
        } catch {
            throw .structure(error)
        }
        do { mrz = try MRZ(bytes: zone) } catch { throw .zone(error) }
    }
}
