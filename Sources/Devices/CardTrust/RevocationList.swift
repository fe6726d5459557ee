import CardCryptography
import Foundation
import SwiftASN1

/// A certificate revocation list of a CSCA (RFC 5280, 5; ICAO 9303-12, 7.1.4).
public struct RevocationList: Sendable, Hashable {
    public let encoded: [UInt8]
    public let issuer: IssuerName
    public let issued: Date
    /// When the next one is due; after this moment the list is outdated.
    public let nextUpdate: Date?
    /// When each certificate was revoked, by serial number without leading zeros.
    public let revoked: [[UInt8]: Date]
    public let authorityKeyIdentifier: [UInt8]?
    let issuerEncoded: [UInt8]
    private let toBeSigned: [UInt8]
    private let scheme: SignatureScheme
    private let signature: [UInt8]
    private let namesOneAlgorithm: Bool

    static let sizeLimit = 8 << 20
    private static let countLimit = 200_000

    public init(_ bytes: [UInt8]) throws(CardTrustError) {
        guard bytes.count <= Self.sizeLimit else { throw .tooLarge("revocation list") }
        var outer = try ASN1Fields(try ASN1Node.parse(bytes[...], "revocation list"), "revocation list")
        let body = try outer.next("tbsCertList")
        let algorithm = try outer.next("signature algorithm")
        signature = try outer.next("signature").bits("revocation list's signature")
        encoded = bytes
        toBeSigned = Array(body.encodedBytes)
        scheme = try SignatureScheme(algorithm)

        var fields = try ASN1Fields(body, "tbsCertList")
        _ = fields.optional(.integer)
        namesOneAlgorithm = try fields.next("signature algorithm").encodedBytes == algorithm.encodedBytes
        let name = try fields.next("issuer")
        issuer = try IssuerName(name)
        issuerEncoded = Array(name.encodedBytes)
        issued = try fields.next("thisUpdate").time("thisUpdate")
        nextUpdate = try (fields.optional(.utcTime) ?? fields.optional(.generalizedTime)).map {
            node throws(CardTrustError) in try node.time("nextUpdate")
        }
        revoked = try Self.entries(fields.optional(.sequence))
        let extensions = try CertificateExtensions(
            fields.optional(.context(0)).map { node throws(CardTrustError) in
                try node.inner("list's extensions", tag: .context(0))
            })
        // A list of only some certificates, or of changes since another (critical by RFC 5280, 5.2.4 and 5.2.5), can't be
        // used as if it were whole.
        guard extensions.unknownCritical.isEmpty else {
            throw .unsupported("revocation list with extension \(extensions.unknownCritical.joined(separator: ", "))")
        }
        authorityKeyIdentifier = extensions.authorityKeyIdentifier
    }

    private static func entries(_ node: ASN1Node?) throws(CardTrustError) -> [[UInt8]: Date] {
        guard let node else { return [:] }
        var list = try ASN1Fields(node, "revoked certificates")
        var entries: [[UInt8]: Date] = [:]
        while let node = list.next() {
            guard entries.count < countLimit else { throw .tooLarge("revocation list") }
            var fields = try ASN1Fields(node, "revoked certificate")
            let number = try fields.next("serial number").number("serial number")
            entries[number] = try fields.next("date").time("date of revocation")
        }
        return entries
    }

    /// Whether this authority's certificate may sign such lists, and signed this one.
    public func isSigned(by authority: CardCertificate) -> Bool {
        guard namesOneAlgorithm, authority.extensions.mayUse(.cRLSign) else { return false }
        return (try? authority.publicKey.isValid(signature, over: toBeSigned, scheme)) == true
    }

    public func isOutdated(at now: Date) -> Bool { nextUpdate.map { $0 < now } ?? false }

    public static func == (left: RevocationList, right: RevocationList) -> Bool { left.encoded == right.encoded }
    public func hash(into hasher: inout Hasher) { hasher.combine(encoded) }
}
