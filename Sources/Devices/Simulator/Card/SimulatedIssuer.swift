import Crypto
import Foundation
import SwiftASN1
import X509

/// A certificate authority and a document signer that exist only for the simulator: new keys at every start, so that nobody
/// can take their signatures for an authority's.
public struct SimulatedIssuer: Sendable {
    /// DER of the self-signed root, for a trust store under test.
    public let rootCertificate: [UInt8]
    private let signerCertificate: Certificate
    private let signerKey: P256.Signing.PrivateKey

    /// - Parameter now: the certificates are valid from a day before, for ten years.
    public init(now: Date = Date()) throws {
        let rootKey = P256.Signing.PrivateKey()
        signerKey = P256.Signing.PrivateKey()
        let rootName = try DistinguishedName {
            CountryName("VN")
            OrganizationName("Kiosk simulator, no authority")
            CommonName("Simulated CSCA")
        }
        let signerName = try DistinguishedName {
            CountryName("VN")
            OrganizationName("Kiosk simulator, no authority")
            CommonName("Simulated document signer")
        }
        let (begin, end) = (now.addingTimeInterval(-86_400), now.addingTimeInterval(10 * 365 * 86_400))
        let root = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: .init(rootKey.publicKey), notValidBefore: begin,
            notValidAfter: end, issuer: rootName, subject: rootName, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try .init {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
            }, issuerPrivateKey: .init(rootKey))
        signerCertificate = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: .init(signerKey.publicKey), notValidBefore: begin,
            notValidAfter: end, issuer: rootName, subject: signerName, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try .init { Critical(KeyUsage(digitalSignature: true)) }, issuerPrivateKey: .init(rootKey))
        var serializer = DER.Serializer()
        try serializer.serialize(root)
        rootCertificate = serializer.serializedBytes
    }

    private static let signedData: ASN1ObjectIdentifier = "1.2.840.113549.1.7.2"
    private static let ldsSecurityObject: ASN1ObjectIdentifier = "2.23.136.1.1.1"
    private static let contentType: ASN1ObjectIdentifier = "1.2.840.113549.1.9.3"
    private static let messageDigest: ASN1ObjectIdentifier = "1.2.840.113549.1.9.4"
    private static let sha256: ASN1ObjectIdentifier = "2.16.840.1.101.3.4.2.1"
    private static let ecdsaWithSHA256: ASN1ObjectIdentifier = "1.2.840.10045.4.3.2"

    /// EF.SOD (ICAO 9303-10, 4.6.2): CMS SignedData (RFC 5652) over the groups' SHA-256.
    func securityObject(over groups: [Int: [UInt8]]) throws -> [UInt8] {
        ChipTLV.object(0x77, try sign(content: try Self.hashList(groups), contentType: Self.ldsSecurityObject))
    }

    /// A ContentInfo with a SignedData (RFC 5652, 5.1) of the document signer over this content: for EF.CardSecurity, whose
    /// content type is id-SecurityObject, 0.4.0.127.0.7.3.2.1 (ICAO 9303-11, 9.2.11), as for EF.SOD.
    func sign(content: [UInt8], contentType: ASN1ObjectIdentifier) throws -> [UInt8] {
        let attributes = try Self.signedAttributes(of: content, contentType)
        let signature = try signerKey.signature(for: Self.der { try $0.set(attributes) })
        let context = ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific)
        return try Self.der { coder in
            try coder.sequence { coder in
                try coder.serialize(Self.signedData)
                try coder.serialize(explicitlyTaggedWithTagNumber: 0, tagClass: .contextSpecific) { coder in
                    try coder.sequence { coder in
                        try coder.serialize(3)
                        try coder.set([Self.der { try $0.algorithm(Self.sha256) }])
                        try coder.sequence { coder in
                            try coder.serialize(contentType)
                            try coder.appendConstructedNode(identifier: context) { coder in
                                try coder.serialize(ASN1OctetString(contentBytes: content[...]))
                            }
                        }
                        try coder.appendConstructedNode(identifier: context) { try $0.serialize(signerCertificate) }
                        try coder.set([Self.der { try signerInfo(&$0, attributes, Array(signature.derRepresentation)) }]
                        )
                    }
                }
            }
        }
    }

    private func signerInfo(
        _ coder: inout DER.Serializer, _ attributes: [[UInt8]], _ signature: [UInt8]
    ) throws {
        try coder.sequence { coder in
            try coder.serialize(1)
            try coder.sequence { coder in
                try coder.serialize(signerCertificate.issuer)
                coder.appendPrimitiveNode(identifier: .integer) { $0 += Array(signerCertificate.serialNumber.bytes) }
            }
            try coder.algorithm(Self.sha256)
            let context = ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific)
            coder.appendConstructedNode(identifier: context) { coder in
                for attribute in attributes { coder.serializeRawBytes(attribute) }
            }
            try coder.algorithm(Self.ecdsaWithSHA256)
            try coder.serialize(ASN1OctetString(contentBytes: signature[...]))
        }
    }

    /// LDSSecurityObject, version 0.
    private static func hashList(_ groups: [Int: [UInt8]]) throws -> [UInt8] {
        try der { coder in
            try coder.sequence { coder in
                try coder.serialize(0)
                try coder.algorithm(sha256)
                try coder.sequence { coder in
                    for (number, bytes) in groups.sorted(by: { $0.key < $1.key }) {
                        try coder.sequence { coder in
                            try coder.serialize(number)
                            try coder.serialize(ASN1OctetString(contentBytes: Array(SHA256.hash(data: bytes))[...]))
                        }
                    }
                }
            }
        }
    }

    /// contentType and messageDigest, in the order that DER wants.
    private static func signedAttributes(
        of content: [UInt8], _ contentType: ASN1ObjectIdentifier
    ) throws -> [[UInt8]] {
        let type = try der { coder in
            try coder.sequence { coder in
                try coder.serialize(Self.contentType)
                try coder.set([der { try $0.serialize(contentType) }])
            }
        }
        let digest = try der { coder in
            try coder.sequence { coder in
                try coder.serialize(messageDigest)
                let hash = ASN1OctetString(contentBytes: Array(SHA256.hash(data: content))[...])
                try coder.set([der { try $0.serialize(hash) }])
            }
        }
        return [type, digest]
    }

    private static func der(_ body: (inout DER.Serializer) throws -> Void) throws -> [UInt8] {
        var serializer = DER.Serializer()
        try body(&serializer)
        return serializer.serializedBytes
    }
}

extension DER.Serializer {
    fileprivate mutating func sequence(_ body: (inout DER.Serializer) throws -> Void) rethrows {
        try appendConstructedNode(identifier: .sequence, body)
    }

    /// The elements must stand in DER's order already.
    fileprivate mutating func set(_ elements: [[UInt8]]) throws {
        appendConstructedNode(identifier: .set) { coder in
            for element in elements { coder.serializeRawBytes(element) }
        }
    }

    fileprivate mutating func algorithm(_ identifier: ASN1ObjectIdentifier) throws {
        try sequence { try $0.serialize(identifier) }
    }
}
