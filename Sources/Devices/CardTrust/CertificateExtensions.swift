import SwiftASN1
import X509

/// What a certificate's extensions say, as far as ICAO 9303-12, 7.1.1 uses it.
struct CertificateExtensions: Sendable, Hashable {
    /// basicConstraints with cA TRUE.
    var isAuthority = false
    /// Authorities allowed below this one; nil is no limit.
    var maxPathLength: Int?
    /// The bits of keyUsage; nil when the certificate has none: nothing is forbidden then.
    private var keyUsage: [UInt8]?
    /// Purposes by object identifier; empty when there is no extKeyUsage.
    var purposes: Set<String> = []
    var subjectKeyIdentifier: [UInt8]?
    var authorityKeyIdentifier: [UInt8]?
    /// Critical ones that nobody here understands: such a certificate must be refused (RFC 5280, 4.2).
    var unknownCritical: [String] = []

    /// id-icao-cscaMasterListSigningKey.
    static let masterListSigning = "2.23.136.1.1.3"
    private static let countLimit = 64
    /// Understood, or without a say in whether a signature counts: private key usage period, alternative names,
    /// distribution points, policies, document types, name change.
    private static let harmless: Set<String> = [
        "2.5.29.16", "2.5.29.17", "2.5.29.18", "2.5.29.31", "2.5.29.32", "2.23.136.1.1.6.1", "2.23.136.1.1.6.2",
    ]

    /// - Parameter node: Extensions, out of their explicit tag.
    init(_ node: ASN1Node?) throws(CardTrustError) {
        guard let node else { return }
        var list = try ASN1Fields(node, "extensions")
        for node in try list.rest(limit: Self.countLimit) {
            var fields = try ASN1Fields(node, "extension")
            let name = try fields.next("identifier").identifierText("extension's identifier")
            let isCritical = try fields.optional(.boolean)?.flag("extension's criticality") ?? false
            let value = try fields.next("value").octets("extension's value")
            do {
                try read(name, isCritical, value)
            } catch let error as CardTrustError {
                throw error
            } catch {
                throw .malformed("extension \(name)")
            }
        }
    }

    /// A bit of keyUsage (RFC 5280, 4.2.1.3).
    enum Usage: UInt8 {
        case digitalSignature = 0x80
        case keyCertSign = 0x04
        case cRLSign = 0x02
    }

    func mayUse(_ usage: Usage) -> Bool {
        guard let keyUsage else { return true }
        return (keyUsage.first ?? 0) & usage.rawValue != 0
    }

    private mutating func read(_ name: String, _ isCritical: Bool, _ value: [UInt8]) throws {
        let field = Certificate.Extension(
            oid: try ASN1ObjectIdentifier(dotRepresentation: name), critical: isCritical, value: value[...])
        switch field.oid {
        // These two not with swift-certificates, which wants DER: issuers write FALSE out, and zero bits at the end.
        case .X509ExtensionID.basicConstraints:
            var fields = try ASN1Fields(try ASN1Node.parse(value[...], "basicConstraints"), "basicConstraints")
            isAuthority = try fields.optional(.boolean)?.flag("basicConstraints") ?? false
            maxPathLength = try fields.next().map { node throws(CardTrustError) in try node.smallNumber("path length") }
        case .X509ExtensionID.keyUsage:
            let bits = try ASN1BitString(berEncoded: try ASN1Node.parse(value[...], "keyUsage"))
            keyUsage = Array(bits.bytes)
        case .X509ExtensionID.extendedKeyUsage:
            purposes = Set(try ExtendedKeyUsage(field).map { String(describing: ASN1ObjectIdentifier($0)) })
        case .X509ExtensionID.subjectKeyIdentifier:
            subjectKeyIdentifier = Array(try SubjectKeyIdentifier(field).keyIdentifier)
        case .X509ExtensionID.authorityKeyIdentifier:
            // A help to find the issuer; the issuer's signature is what counts, so an odd one is none.
            authorityKeyIdentifier = (try? AuthorityKeyIdentifier(field))?.keyIdentifier.map { Array($0) }
        default:
            if isCritical, !Self.harmless.contains(name) { unknownCritical.append(name) }
        }
    }
}
