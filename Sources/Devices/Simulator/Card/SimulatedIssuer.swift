import CardCryptography
import Foundation
import SwiftASN1

/// A certificate authority and a document signer that exist only for the simulator: new keys at every start, so that nobody
/// can take their signatures for an authority's.
public struct SimulatedIssuer: Sendable {
    public let authority: SimulatedAuthority
    public let signer: SimulatedSigner
    /// How EF.SOD is put together.
    public var form = SimulatedSigner.Form()

    /// DER of the self-signed root, for a trust store under test.
    public var rootCertificate: [UInt8] { authority.certificate }

    /// - Parameters:
    ///   - now: the certificates are valid from ten years before it to ten years after it: the people's cards were issued in
    ///     years past.
    ///   - algorithm: of the authority and the signer; the standard one takes no time to make.
    public init(now: Date = Date(), algorithm: SimulatedIssuerAlgorithm = .standard) throws {
        let years = TimeInterval(10 * 365 * 86_400)
        let validity = now.addingTimeInterval(-years)...now.addingTimeInterval(years)
        authority = try SimulatedAuthority(algorithm: algorithm, validity: validity)
        signer = try authority.signer()
    }

    public init(authority: SimulatedAuthority, signer: SimulatedSigner) {
        self.authority = authority
        self.signer = signer
    }

    /// EF.SOD (ICAO 9303-10, 4.6.2): CMS SignedData (RFC 5652) over the groups' hashes.
    public func securityObject(
        over groups: [Int: [UInt8]], version: Int = 0, others: [SimulatedSigner] = []
    ) throws -> [UInt8] {
        let content = try Self.hashList(groups, signer.key.algorithm.hash, version: version)
        return ChipTLV.object(
            0x77, try signer.message(content, contentType: "2.23.136.1.1.1", form: form, others: others))
    }

    /// A ContentInfo with a SignedData (RFC 5652, 5.1) of the document signer over this content: for EF.CardSecurity, whose
    /// content type is id-SecurityObject, 0.4.0.127.0.7.3.2.1 (ICAO 9303-11, 9.2.11), as for EF.SOD.
    public func sign(content: [UInt8], contentType: ASN1ObjectIdentifier) throws -> [UInt8] {
        try signer.message(content, contentType: contentType.description, form: form)
    }

    /// A master list (ICAO 9303-12, 8): these certificates, signed by a list signer.
    public static func masterList(
        of certificates: [[UInt8]], by signer: SimulatedSigner, form: SimulatedSigner.Form = SimulatedSigner.Form()
    ) throws -> [UInt8] {
        typealias DER = SimulatedIssuerDER
        let content = DER.sequence(try DER.integer(0), DER.set(of: certificates))
        return try signer.message(content, contentType: "2.23.136.1.1.2", form: form)
    }

    /// LDSSecurityObject, version 0, or 1 with the versions of LDS 1.8 and Unicode 4.0.0.
    static func hashList(_ groups: [Int: [UInt8]], _ hash: HashFunction, version: Int) throws -> [UInt8] {
        typealias DER = SimulatedIssuerDER
        let entries = try groups.sorted { $0.key < $1.key }.map { number, bytes in
            DER.sequence(try DER.integer(number), DER.octets(try hash.hash(bytes)))
        }
        return DER.sequence(
            try DER.integer(version), try SimulatedIssuerAlgorithm.identifier(of: hash), DER.sequence(of: entries),
            version == 0 ? [] : DER.sequence(DER.printable("0108"), DER.printable("040000")))
    }
}
