import CardCryptography
import Foundation

/// A key with a certificate, that signs messages (CMS SignedData, RFC 5652, 5).
public struct SimulatedSigner: Sendable {
    let key: SimulatedIssuerKey
    /// DER.
    public let certificate: [UInt8]
    let issuer: [UInt8]
    public let serialNumber: [UInt8]
    let keyIdentifier: [UInt8]

    /// What the standards leave to the issuer.
    public struct Form: Sendable {
        public enum Attributes: Sendable {
            /// contentType and messageDigest, and the time where one is given.
            case usual(time: Date? = nil)
            /// The signature is over the content itself.
            case none
            /// Not in DER's order; signed in the order in which they stand when `asTheyStand`, else in DER's order.
            case unordered(asTheyStand: Bool)
        }
        public var attributes = Attributes.usual()
        /// Says who signed by the key's identifier instead of issuer and serial number.
        public var namesKey = false
        public var hasCertificate = true
        /// Indefinite lengths, the content in two pieces.
        public var isBER = false
        /// Certificates that are sent along besides the signer's.
        public var moreCertificates: [[UInt8]] = []
        /// The hash over the content; nil takes the signature's.
        public var digest: HashFunction?

        public init() {}
    }

    private typealias DER = SimulatedIssuerDER

    /// A ContentInfo over this content, signed by this signer and by `others`.
    public func message(
        _ content: [UInt8], contentType: String, form: Form = Form(), others: [SimulatedSigner] = []
    ) throws -> [UInt8] {
        let signers = [self] + others
        let infos = try signers.map { try $0.signerInfo(content, contentType, form) }
        let certificates = (form.hasCertificate ? signers.map(\.certificate) : []) + form.moreCertificates
        let digests = Set(signers.map { form.digest ?? $0.key.algorithm.hash })
        var fields = [
            try DER.integer(3),
            DER.set(of: try digests.map { try SimulatedIssuerAlgorithm.identifier(of: $0) }),
        ]
        if form.isBER {
            fields.append(
                DER.indefinite(
                    0x30, try DER.identifier(contentType) + DER.indefinite(0xA0, DER.octetsInPieces(content))))
        } else {
            fields.append(DER.sequence(try DER.identifier(contentType), DER.explicit(0, DER.octets(content))))
        }
        if !certificates.isEmpty { fields.append(DER.explicit(0, certificates.flatMap { $0 })) }
        fields.append(DER.set(of: infos))
        let type = try DER.identifier("1.2.840.113549.1.7.2")
        guard form.isBER else { return DER.sequence(type, DER.explicit(0, DER.sequence(of: fields))) }
        return DER.indefinite(0x30, type + DER.indefinite(0xA0, DER.indefinite(0x30, fields.flatMap { $0 })))
    }

    private func signerInfo(_ content: [UInt8], _ contentType: String, _ form: Form) throws -> [UInt8] {
        let digest = form.digest ?? key.algorithm.hash
        let (attributes, signed) = try attributes(content, contentType, form.attributes, digest)
        let name =
            form.namesKey ? DER.implicit(0, keyIdentifier) : DER.sequence(issuer, DER.integer(serialNumber))
        return DER.sequence(
            try DER.integer(form.namesKey ? 3 : 1), name, try SimulatedIssuerAlgorithm.identifier(of: digest),
            attributes, try key.algorithm.signatureIdentifier(), DER.octets(try key.sign(signed)))
    }

    /// The attributes as they stand in the message, and what is signed.
    private func attributes(
        _ content: [UInt8], _ contentType: String, _ kind: Form.Attributes, _ digest: HashFunction
    ) throws -> (sent: [UInt8], signed: [UInt8]) {
        func attribute(_ type: String, _ value: [UInt8]) throws -> [UInt8] {
            DER.sequence(try DER.identifier(type), DER.set(of: [value]))
        }
        var list = [
            try attribute("1.2.840.113549.1.9.3", try DER.identifier(contentType)),
            try attribute("1.2.840.113549.1.9.4", DER.octets(try digest.hash(content))),
        ]
        switch kind {
        case .none: return ([], content)
        case .usual(let time):
            if let time { list.append(try attribute("1.2.840.113549.1.9.5", DER.time(time))) }
            let signed = DER.set(of: list)
            // RFC 5652, 5.3: sent with the tag [0], signed with the tag of a SET.
            return ([0xA0] + signed.dropFirst(), signed)
        case .unordered(let asTheyStand):
            let standing = Array(list.sorted { $0.lexicographicallyPrecedes($1) }.reversed().joined())
            return (
                DER.explicit(0, standing), asTheyStand ? ChipTLV.object(0x31, standing) : DER.set(of: list)
            )
        }
    }
}
