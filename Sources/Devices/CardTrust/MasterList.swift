import Foundation
import Peripherals
import SwiftASN1

/// A CSCA master list (ICAO 9303-12, 8): certificates of many states' authorities, signed by one of them.
public struct MasterList: Sendable {
    public let certificates: [CardCertificate]
    /// Certificates in it that could not be read.
    public let problems: [String]
    private let message: SignedMessage

    static let contentType = "2.23.136.1.1.2"
    /// Published lists have 200 KB to 2 MB and some 500 certificates.
    static let sizeLimit = 16 << 20
    private static let countLimit = 4096

    /// - Parameter bytes: CMS SignedData over CscaMasterList ::= SEQUENCE { version, certList SET OF Certificate }.
    public init(_ bytes: [UInt8]) throws(CardTrustError) {
        guard bytes.count <= Self.sizeLimit else { throw .tooLarge("master list") }
        message = try SignedMessage(bytes[...], contentType: Self.contentType)
        var fields = try ASN1Fields(try ASN1Node.parse(message.content[...], "CscaMasterList"), "CscaMasterList")
        _ = try fields.next("version").smallNumber("master list's version")
        var list = try ASN1Fields(try fields.next("certList"), "certList", tag: .set)
        var certificates: [CardCertificate] = []
        var problems: [String] = []
        for (index, node) in try list.rest(limit: Self.countLimit).enumerated() {
            do throws(CardTrustError) {
                certificates.append(try CardCertificate(Array(node.encodedBytes)))
            } catch {
                problems.append("certificate \(index + 1): \(error)")
            }
        }
        self.certificates = certificates
        self.problems = problems
    }

    /// Who signed a list.
    public struct Signature: Sendable {
        public let signer: CardCertificate
        /// The authority at the end of the signer's chain.
        public let authority: CardCertificate
        /// Whether the store had that authority before. If not, only the list itself vouches for it: a person must compare
        /// its fingerprint with one that the publisher gives.
        public let isKnown: Bool
        public let signedAt: Date?
    }

    /// Why a list must not be imported.
    public struct Refusal: Error, Sendable, Equatable, CustomStringConvertible {
        public let description: String
    }

    /// Checks the list's own signature: its signer is a master list signer (extKeyUsage 2.23.136.1.1.3, 9303-12, table 5), or an
    /// authority itself, and its chain ends at an authority of the store or of the list.
    public func verify(with store: TrustStore, at now: Date) throws(Refusal) -> Signature {
        var all = store
        for certificate in certificates + message.certificates { all.add(certificate) }
        let result = SignerVerification(message, trust: all, at: now, purpose: .masterList)
        guard result.signature.isPassed, let signer = result.signer else {
            throw Refusal(description: "the list's signature: \(result.signature.text)")
        }
        guard case .passed = result.trust, let authority = result.authority else {
            throw Refusal(description: "the list's signer: \(result.trust.text)")
        }
        return Signature(
            signer: signer, authority: authority, isKnown: store.contains(authority), signedAt: result.signingTime)
    }
}

extension CardVerdict {
    /// What it says, for a message.
    var text: String {
        switch self {
        case .passed(let by): by ?? "passed"
        case .failed(let why), .notReached(let why): why
        }
    }
}
