import Peripherals

/// DG11: additional personal details (ICAO 9303-10, 4.7.11). Vietnamese identity cards have none; passports do.
public struct DataGroup11: Sendable, Equatable {
    private let fields: DetailFields

    public init(_ bytes: [UInt8]) throws(TLV.Failure) { fields = try DetailFields(bytes, tag: 0x6B) }

    /// In the national writing, as the issuer orders it.
    public var fullName: String? { fields.text(0x5F0E) }
    public var otherNames: [String] { fields.texts(0x5F0F) }
    public var personalNumber: String? { fields.text(0x5F10) }
    public var dateOfBirth: CalendarDate? { fields.date(0x5F2B) }
    /// From the smaller to the larger, for example town and country.
    public var placeOfBirth: [String] { fields.parts(0x5F11) }
    public var address: [String] { fields.parts(0x5F42) }
    public var telephone: String? { fields.text(0x5F12) }
    public var profession: String? { fields.text(0x5F13) }
    public var title: String? { fields.text(0x5F14) }
    public var summary: String? { fields.text(0x5F15) }
    /// A picture of a proof of citizenship, as it is coded.
    public var proofOfCitizenship: [UInt8]? { fields.bytes(0x5F16) }
    public var otherDocumentNumbers: [String] { fields.parts(0x5F17) }
    public var custody: String? { fields.text(0x5F18) }

    /// Every field as it was read, by tag.
    public var raw: [UInt32: [[UInt8]]] { fields.all }
}
