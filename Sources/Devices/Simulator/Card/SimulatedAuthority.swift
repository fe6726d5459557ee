import CardCryptography
import Foundation

/// A country's signing authority (CSCA) that exists only for the simulator (ICAO 9303-12, 7.1): it signs itself, document
/// signers, master list signers, its successor's key, and revocation lists.
public struct SimulatedAuthority: Sendable {
    public let commonName: String
    public let country: String
    public let validity: ClosedRange<Date>
    /// DER of the self-signed certificate.
    public let certificate: [UInt8]
    let key: SimulatedIssuerKey
    /// Whether the certificate says, and certificates below it name, which key it is.
    private let namesKeys: Bool

    /// - Parameters:
    ///   - namesKeys: false leaves out the key identifiers, as old authorities do.
    ///   - isAuthority: false makes a certificate that says it is none.
    public init(
        _ commonName: String = "Simulated CSCA", country: String = "VN",
        algorithm: SimulatedIssuerAlgorithm = .standard, validity: ClosedRange<Date>, namesKeys: Bool = true,
        isAuthority: Bool = true
    ) throws {
        try self.init(
            commonName, country: country, algorithm: algorithm, validity: validity, namesKeys: namesKeys,
            isAuthority: isAuthority, key: try SimulatedIssuerKey(algorithm))
    }

    init(
        _ commonName: String = "Simulated CSCA", country: String = "VN",
        algorithm: SimulatedIssuerAlgorithm = .standard, validity: ClosedRange<Date>, namesKeys: Bool = true,
        isAuthority: Bool = true, key: SimulatedIssuerKey
    ) throws {
        self.commonName = commonName
        self.country = country
        self.validity = validity
        self.key = key
        self.namesKeys = namesKeys
        let name = try SimulatedCertificate.name(commonName, country: country)
        var body = SimulatedCertificate(
            issuer: name, subject: name, validity: validity, publicKey: key.publicKey)
        body.extensions = try Self.extensions(key, namesKeys: namesKeys, isAuthority: isAuthority)
        certificate = try body.signed(by: key)
    }

    private static func extensions(
        _ key: SimulatedIssuerKey, namesKeys: Bool, isAuthority: Bool
    ) throws -> [[UInt8]] {
        var list = [
            isAuthority
                ? try SimulatedCertificate.authority(maxPathLength: 0) : try SimulatedCertificate.noAuthority(),
            try SimulatedCertificate.keyUsage([5, 6]),
        ]
        if namesKeys {
            list.append(try SimulatedCertificate.subjectKey(try key.identifier))
            list.append(try SimulatedCertificate.authorityKey(try key.identifier))
        }
        return list
    }

    /// What a signer's certificate may be asked for.
    public enum Purpose: Sendable {
        case documents, masterLists
        /// A certificate that allows no signatures.
        case none
    }

    /// A new key with a certificate of this authority.
    public func signer(
        _ commonName: String = "Simulated document signer", algorithm: SimulatedIssuerAlgorithm? = nil,
        validity: ClosedRange<Date>? = nil, purpose: Purpose = .documents, extra: [[UInt8]] = []
    ) throws -> SimulatedSigner {
        try signer(
            commonName, validity: validity, purpose: purpose, extra: extra,
            key: try SimulatedIssuerKey(algorithm ?? key.algorithm))
    }

    func signer(
        _ commonName: String = "Simulated document signer", validity: ClosedRange<Date>? = nil,
        purpose: Purpose = .documents, extra: [[UInt8]] = [], key signerKey: SimulatedIssuerKey
    ) throws -> SimulatedSigner {
        var body = SimulatedCertificate(
            issuer: try SimulatedCertificate.name(self.commonName, country: country),
            subject: try SimulatedCertificate.name(commonName, country: country),
            validity: validity ?? self.validity, publicKey: signerKey.publicKey)
        body.extensions = [try SimulatedCertificate.keyUsage(purpose == .none ? [4] : [0])]
        if namesKeys {
            body.extensions.append(try SimulatedCertificate.authorityKey(try key.identifier))
        }
        body.extensions.append(try SimulatedCertificate.subjectKey(try signerKey.identifier))
        if purpose == .masterLists { body.extensions.append(try SimulatedCertificate.purpose("2.23.136.1.1.3")) }
        body.extensions += extra
        return SimulatedSigner(
            key: signerKey, certificate: try body.signed(by: key), issuer: body.issuer,
            serialNumber: body.serialNumber, keyIdentifier: try signerKey.identifier)
    }

    /// A link (9303-12, 7.1): the successor's key in a certificate that this authority signed.
    public func link(to successor: SimulatedAuthority) throws -> [UInt8] {
        var body = SimulatedCertificate(
            issuer: try SimulatedCertificate.name(commonName, country: country),
            subject: try SimulatedCertificate.name(successor.commonName, country: successor.country),
            validity: validity.lowerBound...max(validity.upperBound, successor.validity.upperBound),
            publicKey: successor.key.publicKey)
        body.extensions = [
            try SimulatedCertificate.authority(maxPathLength: 0), try SimulatedCertificate.keyUsage([5, 6]),
            try SimulatedCertificate.subjectKey(try successor.key.identifier),
            try SimulatedCertificate.authorityKey(try key.identifier),
        ]
        return try body.signed(by: key)
    }

    /// A revocation list (RFC 5280, 5.1).
    public func revocationList(
        revoking signers: [SimulatedSigner], issued: Date, nextUpdate: Date?
    ) throws -> [UInt8] {
        typealias DER = SimulatedIssuerDER
        var fields = [
            try DER.integer(1), try key.algorithm.signatureIdentifier(),
            try SimulatedCertificate.name(commonName, country: country), DER.time(issued),
        ]
        if let nextUpdate { fields.append(DER.time(nextUpdate)) }
        if !signers.isEmpty {
            fields.append(
                DER.sequence(of: signers.map { DER.sequence(DER.integer($0.serialNumber), DER.time(issued)) }))
        }
        let number = try SimulatedCertificate.field("2.5.29.20", critical: false, try DER.integer(1))
        let authority = try SimulatedCertificate.authorityKey(try key.identifier)
        fields.append(DER.explicit(0, DER.sequence(authority, number)))
        let body = DER.sequence(of: fields)
        return DER.sequence(body, try key.algorithm.signatureIdentifier(), DER.bits(try key.sign(body)))
    }
}
