import SwiftASN1
import X509

/// What a certificate's extensions say, as far as ICAO 9303-12, 7.1.1 uses it.
struct CertificateExtensions: Sendable, Hashable {
    /// basicConstraints with cA TRUE.
    var isAuthority = false
    /// Authorities allowed below this one; nil is no limit.
    var maxPathLength: Int?
    /// Nil when the certificate has no keyUsage: nothing is forbidden then.
    var keyUsage: KeyUsage?
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
            do {
                try read(try Certificate.Extension(derEncoded: node))
            } catch let error as CardTrustError {
                throw error
            } catch {
                throw .malformed("extension")
            }
        }
    }

    private mutating func read(_ field: Certificate.Extension) throws {
        switch field.oid {
        case .X509ExtensionID.basicConstraints:
            guard case .isCertificateAuthority(let length) = try BasicConstraints(field) else { return }
            isAuthority = true
            maxPathLength = length
        case .X509ExtensionID.keyUsage: keyUsage = try KeyUsage(field)
        case .X509ExtensionID.extendedKeyUsage:
            purposes = Set(try ExtendedKeyUsage(field).map { String(describing: ASN1ObjectIdentifier($0)) })
        case .X509ExtensionID.subjectKeyIdentifier:
            subjectKeyIdentifier = Array(try SubjectKeyIdentifier(field).keyIdentifier)
        case .X509ExtensionID.authorityKeyIdentifier:
            // A help to find the issuer; the issuer's signature is what counts, so an odd one is none.
            authorityKeyIdentifier = (try? AuthorityKeyIdentifier(field))?.keyIdentifier.map { Array($0) }
        default:
            let name = field.oid.description
            if field.critical, !Self.harmless.contains(name) { unknownCritical.append(name) }
        }
    }
}
