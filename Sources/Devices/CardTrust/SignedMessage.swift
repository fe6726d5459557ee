import CardCryptography
import Foundation
import SwiftASN1

/// CMS SignedData (RFC 5652, 5): contents and who signed them. Which of the signatures are valid is asked of each signer.
public struct SignedMessage: Sendable {
    public let contentType: String
    /// The octets that are signed.
    public let content: [UInt8]
    /// Certificates that came along; those that cannot be read are left out.
    public let certificates: [CardCertificate]
    /// Each by itself: one that cannot be read takes nothing from the content or from another.
    let signers: [Result<Signer, CardTrustError>]

    static let certificateLimit = 16
    static let signerLimit = 4

    /// - Parameters:
    ///   - bytes: a ContentInfo, DER or BER.
    ///   - contentType: the only type that is taken.
    public init(_ bytes: ArraySlice<UInt8>, contentType expected: String) throws(CardTrustError) {
        try self.init(try ASN1Node.parse(bytes, "ContentInfo"), contentType: expected)
    }

    init(_ node: ASN1Node, contentType expected: String) throws(CardTrustError) {
        var info = try ASN1Fields(node, "ContentInfo")
        let type = try info.next("type").identifierText("ContentInfo's type")
        guard type == "1.2.840.113549.1.7.2" else { throw .unsupported("CMS content \(type), not SignedData") }
        let body = try info.next("SignedData").inner("SignedData", tag: .context(0))
        var fields = try ASN1Fields(body, "SignedData")
        // RFC 5652, 5.1 has 3 for these contents; old documents have 1.
        let version = try fields.next("version").smallNumber("SignedData's version")
        guard [1, 3, 4, 5].contains(version) else { throw .unsupported("SignedData of version \(version)") }
        // Which hash counts, each signer says itself; this list is for those who read in one pass.
        _ = try ASN1Fields(try fields.next("digestAlgorithms"), "digestAlgorithms", tag: .set)
        var encapsulated = try ASN1Fields(try fields.next("encapContentInfo"), "encapContentInfo")
        contentType = try encapsulated.next("type").identifierText("content's type")
        guard contentType == expected else { throw .unsupported("content type \(contentType), not \(expected)") }
        content = try encapsulated.next("content").inner("content", tag: .context(0)).octets("content")
        var certificates: [CardCertificate] = []
        if let set = fields.optional(.context(0)) {
            var list = try ASN1Fields(set, "certificates", tag: .context(0))
            for node in try list.rest(limit: Self.certificateLimit) {
                if let certificate = try? CardCertificate(Array(node.encodedBytes)) { certificates.append(certificate) }
            }
        }
        self.certificates = certificates
        _ = fields.optional(.context(1))
        var infos = try ASN1Fields(try fields.next("signerInfos"), "signerInfos", tag: .set)
        signers = try infos.rest(limit: Self.signerLimit).map { node in
            Result { () throws(CardTrustError) in try Signer(node) }
        }
        guard !signers.isEmpty else { throw .malformed("signerInfos: nobody signed") }
        guard fields.next() == nil else { throw .malformed("SignedData: more than it has") }
    }
}
