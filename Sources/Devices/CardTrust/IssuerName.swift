import SwiftASN1

/// A distinguished name, compared as RFC 5280, 7.1 asks: whatever string type an issuer chose, without regard to case and
/// to how many spaces stand between words. Issuers have changed both between an authority's and a signer's certificate.
public struct IssuerName: Sendable, Hashable, CustomStringConvertible {
    private struct Attribute: Sendable, Hashable {
        var type: String
        var text: String
    }
    private let attributes: [Attribute]

    /// As a person reads it, for example `C=VN, O=…, CN=…`.
    public let description: String
    /// The ISO 3166-1 code in capitals, or nil.
    public let country: String?

    /// Attributes of one name; genuine ones have fewer than ten.
    private static let attributeLimit = 32

    init(_ node: ASN1Node) throws(CardTrustError) {
        var sets = try ASN1Fields(node, "name")
        var attributes: [Attribute] = []
        var shown: [String] = []
        var country: String?
        for set in try sets.rest(limit: Self.attributeLimit) {
            var elements = try ASN1Fields(set, "name", tag: .set)
            for element in try elements.rest(limit: Self.attributeLimit) {
                var fields = try ASN1Fields(element, "name attribute")
                let type = try fields.next("type").identifierText("name attribute's type")
                let text = try Self.text(try fields.next("value"))
                shown.append("\(Self.short[type] ?? type)=\(text)")
                if type == "2.5.4.6" { country = text.uppercased() }
                let folded = text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
                attributes.append(Attribute(type: type, text: folded))
            }
        }
        guard !attributes.isEmpty else { throw .malformed("name: empty") }
        self.attributes = attributes
        self.country = country
        description = shown.joined(separator: ", ")
    }

    public static func == (left: IssuerName, right: IssuerName) -> Bool { left.attributes == right.attributes }
    public func hash(into hasher: inout Hasher) { hasher.combine(attributes) }

    private static func text(_ node: ASN1Node) throws(CardTrustError) -> String {
        guard case .primitive(let bytes) = node.content, bytes.count <= 1024 else { throw .malformed("name's text") }
        if node.identifier == .bmpString { return String(decoding: bytes.filter { $0 != 0 }, as: UTF8.self) }
        return String(decoding: bytes, as: UTF8.self).filter { !$0.isNewline }
    }

    private static let short = [
        "2.5.4.3": "CN", "2.5.4.5": "serialNumber", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.10": "O",
        "2.5.4.11": "OU", "1.2.840.113549.1.9.1": "email",
    ]
}
