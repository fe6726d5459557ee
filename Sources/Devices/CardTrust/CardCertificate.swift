import CardCryptography
import Foundation
import SwiftASN1
import X509

/// A certificate of an issuer of identity documents (ICAO 9303-12, 7.1): a CSCA's, a link, or a document signer's.
///
/// swift-certificates refuses a whole certificate when it does not know the key (brainpool curves, explicit parameters,
/// RSA-PSS), as most of these have. So its parts are read here with swift-asn1, the extensions by swift-certificates, and the
/// key and the signature by libcrypto.
public struct CardCertificate: Sendable, Hashable {
    /// As it was received; names the certificate in sets and comparisons.
    public let encoded: [UInt8]
    /// Without leading zeros.
    public let serialNumber: [UInt8]
    public let issuer: IssuerName
    public let subject: IssuerName
    public let validity: ClosedRange<Date>
    public let publicKey: CardPublicKey
    /// How the issuer signed it.
    public let signatureScheme: SignatureScheme
    let extensions: CertificateExtensions
    /// The name's own bytes, by which a revocation list's file is named.
    let issuerEncoded: [UInt8]
    private let toBeSigned: [UInt8]
    private let signature: [UInt8]
    /// RFC 5280, 4.1.1.2: the algorithm stands in the certificate twice, the same.
    private let namesOneAlgorithm: Bool

    /// Genuine ones have 700 to 2,500 bytes.
    static let sizeLimit = 16_384

    public init(_ bytes: [UInt8]) throws(CardTrustError) {
        guard bytes.count <= Self.sizeLimit else { throw .tooLarge("certificate") }
        var outer = try ASN1Fields(try ASN1Node.parse(bytes[...], "certificate"), "certificate")
        let body = try outer.next("tbsCertificate")
        let algorithm = try outer.next("signature algorithm")
        signature = try outer.next("signature").bits("certificate's signature")
        encoded = bytes
        toBeSigned = Array(body.encodedBytes)
        signatureScheme = try SignatureScheme(algorithm)

        var fields = try ASN1Fields(body, "tbsCertificate")
        _ = fields.optional(.context(0))
        serialNumber = try fields.next("serial number").number("serial number")
        namesOneAlgorithm = try fields.next("signature algorithm").encodedBytes == algorithm.encodedBytes
        let issuerNode = try fields.next("issuer")
        issuer = try IssuerName(issuerNode)
        issuerEncoded = Array(issuerNode.encodedBytes)
        var times = try ASN1Fields(try fields.next("validity"), "validity")
        let begin = try times.next("notBefore").time("notBefore")
        let end = try times.next("notAfter").time("notAfter")
        guard begin <= end else { throw .malformed("validity: ends before it begins") }
        validity = begin...end
        subject = try IssuerName(try fields.next("subject"))
        publicKey = CardPublicKey(subjectPublicKeyInfo: Array(try fields.next("public key").encodedBytes))
        _ = fields.optional(.context(1))
        _ = fields.optional(.context(2))
        extensions = try CertificateExtensions(
            fields.optional(.context(3)).map { node throws(CardTrustError) in
                try node.inner("extensions", tag: .context(3))
            })
        guard fields.next() == nil else { throw .malformed("tbsCertificate: more than it has") }
    }

    /// SHA-256 over the whole certificate, the name by which people compare certificates: 64 hexadecimal digits.
    public var fingerprint: String {
        HashFunction.fingerprint(of: encoded)
    }

    /// Subject and issuer are one. Whether it really signed itself, `isSigned(by:)` tells.
    var isSelfIssued: Bool { subject == issuer }

    public var isAuthority: Bool { extensions.isAuthority }
    public var subjectKeyIdentifier: [UInt8]? { extensions.subjectKeyIdentifier }
    public var authorityKeyIdentifier: [UInt8]? { extensions.authorityKeyIdentifier }

    /// Whether this key signed it; also says no when the certificate contradicts itself.
    public func isSigned(by key: CardPublicKey) throws(CardTrustError) -> Bool {
        guard namesOneAlgorithm else { return false }
        return try key.isValid(signature, over: toBeSigned, signatureScheme)
    }

    /// A root of trust: self-issued, of an authority, and its own signature is valid.
    public func isRoot() -> Bool {
        isSelfIssued && isAuthority && (try? isSigned(by: publicKey)) == true
    }

    public static func == (left: CardCertificate, right: CardCertificate) -> Bool { left.encoded == right.encoded }
    public func hash(into hasher: inout Hasher) { hasher.combine(encoded) }
}
