/// The hall where the kiosk stands.
public struct HallSettings: Sendable, Equatable {
    /// Stable name of the hall in numbers and records, for example `23710`.
    public var id: String
    public var name: LocalizedText
    /// Of the province's agencies, for example `H21`.
    public var agencyCode: String
    /// Five digits; empty when the hall is the provincial centre.
    public var communeCode: String

    init(_ section: inout YAMLSection) throws(YAMLFault) {
        id = try section.string("id", or: "hall")
        guard id.wholeMatch(of: /[A-Za-z0-9._-]{1,32}/) != nil else {
            throw section.fault("id", "is not a plain name", remedy: "Use 1 to 32 of A–Z a–z 0–9 . _ -")
        }
        name =
            try section.optionalTexts("name", requiring: ["vi", "en"])
            ?? LocalizedText(["vi": "Bộ phận Một cửa", "en": "One-stop service hall"])
        agencyCode = try section.string("agencyCode", or: "H21")
        guard agencyCode.wholeMatch(of: /[A-Z][0-9]{2}(\.[0-9]{1,3})*/) != nil else {
            throw section.fault(
                "agencyCode", "is not an agency code", remedy: "Write a code such as H21 or H21.012, in quotes")
        }
        communeCode = try section.optionalString("communeCode") ?? ""
        guard communeCode.isEmpty || communeCode.wholeMatch(of: /[0-9]{5}/) != nil else {
            throw section.fault("communeCode", "is not a commune code", remedy: "Write the five digits, in quotes")
        }
    }
}
