import Peripherals

/// DG12: additional details of the document (ICAO 9303-10, 4.7.12). Vietnamese identity cards have none; passports do.
public struct DataGroup12: Sendable, Equatable {
    private let fields: DetailFields

    public init(_ bytes: [UInt8]) throws(TLV.Failure) { fields = try DetailFields(bytes, tag: 0x6C) }

    public var issuingAuthority: String? { fields.text(0x5F19) }
    public var dateOfIssue: CalendarDate? { fields.date(0x5F26) }
    public var otherPersons: [String] { fields.texts(0x5F1A) }
    public var observations: String? { fields.text(0x5F1B) }
    public var taxOrExitRequirements: String? { fields.text(0x5F1C) }
    /// Pictures of the document's front and rear, as they are coded.
    public var front: [UInt8]? { fields.bytes(0x5F1D) }
    public var rear: [UInt8]? { fields.bytes(0x5F1E) }
    /// When it was personalised: yyyyMMddHHmmss as the card writes it, fourteen digits or seven bytes of packed digits.
    public var personalisation: [UInt8]? { fields.bytes(0x5F55) }
    public var personalisationSystem: String? { fields.text(0x5F56) }

    /// Every field as it was read, by tag.
    public var raw: [UInt32: [[UInt8]]] { fields.all }
}
