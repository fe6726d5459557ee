/// EF.COM: which data groups the chip holds (ICAO 9303-10, 4.6.1). Not signed: a hint only.
public struct CommonFile: Sendable, Equatable {
    /// The tags of the data groups, for example 61h for DG1.
    public let tags: [UInt8]

    public init(_ bytes: [UInt8]) throws(TLV.Failure) {
        let list = try TLV(bytes, tag: 0x60).children().first { $0.tag == 0x5C }
        guard let list else { throw .truncated }
        tags = list.bytes
    }
}
