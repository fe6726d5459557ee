import CardCryptography
import Foundation
import SwiftASN1

/// A SignerInfo (RFC 5652, 5.3).
public struct Signer: Sendable {
    enum Identity: Sendable, Hashable {
        case issuerAndSerialNumber(IssuerName, [UInt8])
        case subjectKeyIdentifier([UInt8])
    }

    let identity: Identity
    let digest: HashFunction
    let scheme: SignatureScheme
    let signature: [UInt8]
    let attributes: SignedAttributes?

    init(_ node: ASN1Node) throws(CardTrustError) {
        var fields = try ASN1Fields(node, "SignerInfo")
        let version = try fields.next("version").smallNumber("SignerInfo's version")
        guard [1, 3].contains(version) else { throw .unsupported("SignerInfo of version \(version)") }
        let name = try fields.next("signer's identifier")
        if name.identifier == .context(0) {
            identity = .subjectKeyIdentifier(
                try name.octets("signer's key identifier", tag: .context(0)))
        } else {
            var parts = try ASN1Fields(name, "issuer and serial number")
            identity = .issuerAndSerialNumber(
                try IssuerName(try parts.next("issuer")), try parts.next("serial number").number("serial number"))
        }
        digest = try HashFunction(algorithm: try fields.next("digestAlgorithm"))
        attributes = try fields.optional(.context(0)).map { node throws(CardTrustError) in try SignedAttributes(node) }
        scheme = try SignatureScheme(try fields.next("signatureAlgorithm"), digest: digest)
        signature = try fields.next("signature").octets("signature")
        _ = fields.optional(.context(1))
        guard fields.next() == nil else { throw .malformed("SignerInfo: more than it has") }
    }

    func isIdentified(by certificate: CardCertificate) -> Bool {
        switch identity {
        case .issuerAndSerialNumber(let issuer, let serialNumber):
            certificate.issuer == issuer && certificate.serialNumber == serialNumber
        case .subjectKeyIdentifier(let identifier): certificate.subjectKeyIdentifier == identifier
        }
    }

    var identityText: String {
        switch identity {
        case .issuerAndSerialNumber(let issuer, let serial): "number \(serial.hexadecimal) of \(issuer)"
        case .subjectKeyIdentifier(let identifier): "with key identifier \(identifier.hexadecimal)"
        }
    }

    /// Why the signature over this content is not this key's; nil when it is (RFC 5652, 5.4 and 5.6).
    func fault(
        in content: [UInt8], type: String, key: CardPublicKey
    ) throws(CardTrustError) -> String? {
        guard let attributes else {
            return try key.isValid(signature, over: content, scheme) ? nil : "the signature is not the signer's"
        }
        guard attributes.contentType == type else { return "the signed content type is not the content's" }
        guard ConstantTime.equal(attributes.messageDigest, try digest.digest(content)) else {
            return "the content is not the one that was signed"
        }
        for encoding in attributes.encodings where try key.isValid(signature, over: encoding, scheme) { return nil }
        return "the signature is not the signer's"
    }
}

/// What is signed in the content's place (RFC 5652, 5.3 and 11).
struct SignedAttributes: Sendable {
    let contentType: String
    let messageDigest: [UInt8]
    let signingTime: Date?
    /// What the signature may be over. The standard says the DER of the SET. Where an issuer's attributes are not in DER's
    /// order, some signed that order and some the one in the message: both say the same, so either is taken.
    let encodings: [[UInt8]]

    private static let countLimit = 16

    /// - Parameter node: the implicitly tagged [0].
    init(_ node: ASN1Node) throws(CardTrustError) {
        var list = try ASN1Fields(node, "signed attributes", tag: .context(0))
        let nodes = try list.rest(limit: Self.countLimit)
        var values: [String: ASN1Node] = [:]
        for node in nodes {
            var fields = try ASN1Fields(node, "signed attribute")
            let type = try fields.next("type").identifierText("signed attribute's type")
            var set = try ASN1Fields(try fields.next("values"), "signed attribute", tag: .set)
            // RFC 5652, 11: one value each, and each attribute once.
            guard let value = set.next(), set.next() == nil, values[type] == nil else {
                throw .malformed("signed attribute \(type)")
            }
            values[type] = value
        }
        guard let type = values["1.2.840.113549.1.9.3"], let digest = values["1.2.840.113549.1.9.4"] else {
            throw .malformed("signed attributes: no contentType or no messageDigest")
        }
        contentType = try type.identifierText("contentType")
        messageDigest = try digest.octets("messageDigest")
        signingTime = try values["1.2.840.113549.1.9.5"].map { node throws(CardTrustError) in
            try node.time("signingTime")
        }
        encodings = Self.encodings(of: nodes)
    }

    private static func encodings(of nodes: [ASN1Node]) -> [[UInt8]] {
        let elements = nodes.map { node in
            var coder = DER.Serializer()
            node.serializeDER(into: &coder)
            return coder.serializedBytes
        }
        let sorted = elements.sorted { $0.lexicographicallyPrecedes($1) }
        return (elements == sorted ? [sorted] : [sorted, elements]).map { elements in
            var coder = DER.Serializer()
            coder.appendConstructedNode(identifier: .set) { coder in
                for element in elements { coder.serializeRawBytes(element) }
            }
            return coder.serializedBytes
        }
    }
}

extension Sequence<UInt8> {
    var hexadecimal: String {
        reduce(into: "") { text, byte in
            if byte < 16 { text.append("0") }
            text += String(byte, radix: 16)
        }
    }
}
