import Foundation

/// The authorities that a kiosk believes, and what they revoked: a value, read from a folder once and asked often.
///
/// Every self-signed CSCA in it is a root of trust. Links (a new key signed by the old one) and document signers are only
/// helpers on the way to a root: putting one in the store trusts nothing by itself.
public struct TrustStore: Sendable {
    public struct Certificate: Sendable, Hashable {
        public let certificate: CardCertificate
        /// Name of the file in the folder; empty for one that came otherwise.
        public let file: String
    }

    public struct List: Sendable, Hashable {
        public let list: RevocationList
        public let file: String
    }

    /// A file that could not be used, and why.
    public struct Problem: Sendable, Hashable, Codable {
        public let file: String
        public let reason: String
    }

    public private(set) var certificates: [Certificate] = []
    public private(set) var revocationLists: [List] = []
    public private(set) var problems: [Problem] = []
    private var bySubject: [IssuerName: [Int]] = [:]
    private var seen: Set<[UInt8]> = []

    /// A kiosk that believes nobody.
    public init() {}

    /// Certificates and lists that are at hand, DER. One that cannot be read becomes a problem.
    public init(certificates: [[UInt8]], revocationLists: [[UInt8]] = []) {
        for bytes in certificates {
            do throws(CardTrustError) { add(try CardCertificate(bytes)) } catch { note("", "\(error)") }
        }
        for bytes in revocationLists {
            do throws(CardTrustError) { add(try RevocationList(bytes)) } catch { note("", "\(error)") }
        }
    }

    public mutating func add(_ certificate: CardCertificate, file: String = "") {
        guard seen.insert(certificate.encoded).inserted else { return }
        bySubject[certificate.subject, default: []].append(certificates.count)
        certificates.append(Certificate(certificate: certificate, file: file))
    }

    public mutating func add(_ list: RevocationList, file: String = "") {
        guard seen.insert(list.encoded).inserted else { return }
        revocationLists.append(List(list: list, file: file))
    }

    mutating func note(_ file: String, _ reason: String) { problems.append(Problem(file: file, reason: reason)) }

    /// The authorities of this name; those that have the key identifier first (a CSCA that renewed its key keeps its name).
    func authorities(named name: IssuerName, keyIdentifier: [UInt8]?) -> [CardCertificate] {
        let all = (bySubject[name] ?? []).map { certificates[$0].certificate }.filter(\.isAuthority)
        guard let keyIdentifier else { return all }
        return all.filter { $0.subjectKeyIdentifier == keyIdentifier }
            + all.filter { $0.subjectKeyIdentifier != keyIdentifier }
    }

    public func contains(_ certificate: CardCertificate) -> Bool { seen.contains(certificate.encoded) }

    func certificate(of signer: Signer) -> CardCertificate? {
        certificates.first { signer.isIdentified(by: $0.certificate) }?.certificate
    }

    func revocationLists(of name: IssuerName) -> [RevocationList] {
        revocationLists.map(\.list).filter { $0.issuer == name }
    }
}
