import Foundation

/// What `kioskctl trust list` tells; the names are stable in JSON.
public struct TrustReport: Sendable, Codable {
    public struct Certificate: Sendable, Codable {
        public var subject: String
        /// ISO 3166-1, or empty.
        public var country: String
        /// `csca`, `link` or `signer`.
        public var kind: TrustImport.Kind
        /// `2026-11-25`.
        public var notBefore: String
        public var notAfter: String
        /// How its issuer signed it, for example `ECDSA with SHA-512`.
        public var algorithm: String
        /// The key: a curve, or RSA and its bits.
        public var key: String
        /// SHA-256 over the certificate.
        public var fingerprint: String
        /// subjectKeyIdentifier, or empty.
        public var keyID: String
        public var file: String
        public var warnings: [String]
    }

    public struct RevocationList: Sendable, Codable {
        public var issuer: String
        public var country: String
        public var issued: String
        public var nextUpdate: String?
        public var revoked: Int
        public var file: String
        public var warnings: [String]
    }

    public var folder: String
    public var certificates: [Certificate]
    public var revocationLists: [RevocationList]
    public var problems: [TrustStore.Problem]

    /// How long before the end of its validity a certificate is told.
    private static let soon: TimeInterval = 90 * 86_400

    public init(_ store: TrustStore, folder: URL, at now: Date) {
        self.folder = folder.path
        certificates = store.certificates.map { Self.describe($0, now) }
            .sorted { ($0.country, $0.subject, $0.notBefore) < ($1.country, $1.subject, $1.notBefore) }
        revocationLists = store.revocationLists.map { Self.describe($0, store, now) }
        problems = store.problems
    }

    private static func describe(_ entry: TrustStore.Certificate, _ now: Date) -> Certificate {
        let certificate = entry.certificate
        var warnings: [String] = []
        if certificate.validity.upperBound < now {
            warnings.append("expired: counts only for cards that were signed before")
        } else if certificate.validity.upperBound < now + soon {
            warnings.append("expires soon")
        } else if certificate.validity.lowerBound > now {
            warnings.append("not valid yet")
        }
        let kind: TrustImport.Kind = !certificate.isAuthority ? .signer : certificate.isRoot() ? .authority : .link
        if kind == .link, certificate.isSelfIssued,
            certificate.authorityKeyIdentifier == certificate.subjectKeyIdentifier
        {
            warnings.append("its own signature is not valid: it vouches for nothing")
        }
        let key: String
        do throws(CardTrustError) { key = "\(try certificate.publicKey.kind())" } catch {
            key = "unknown"
            warnings.append("\(error)")
        }
        return Certificate(
            subject: "\(certificate.subject)", country: certificate.subject.country ?? "", kind: kind,
            notBefore: certificate.validity.lowerBound.day, notAfter: certificate.validity.upperBound.day,
            algorithm: "\(certificate.signatureScheme)", key: key, fingerprint: certificate.fingerprint,
            keyID: certificate.subjectKeyIdentifier?.hexadecimal ?? "", file: entry.file, warnings: warnings)
    }

    private static func describe(_ entry: TrustStore.List, _ store: TrustStore, _ now: Date) -> RevocationList {
        let list = entry.list
        var warnings: [String] = []
        let authorities = store.authorities(named: list.issuer, keyIdentifier: list.authorityKeyIdentifier)
        if !authorities.contains(where: { list.isSigned(by: $0) }) {
            warnings.append("not signed by a CSCA in the store: it is not used")
        }
        if list.isOutdated(at: now) { warnings.append("outdated: import a newer one") }
        return RevocationList(
            issuer: "\(list.issuer)", country: list.issuer.country ?? "", issued: list.issued.day,
            nextUpdate: list.nextUpdate?.day, revoked: list.revoked.count, file: entry.file, warnings: warnings)
    }
}
