import CardCryptography
import Foundation

/// What of a file may go into the trust store, decided before anything is written, so that a person can look at it first.
///
/// A self-signed CSCA must verify itself; whether it is the right one only a person can tell, by its fingerprint. Everything else
/// must be signed by an authority that the store, or the same file, has.
public struct TrustImport: Sendable {
    public enum Kind: String, Sendable, Codable {
        case authority = "csca"
        case link, signer
        case revocationList = "revocation-list"
    }

    public enum Outcome: Sendable, Equatable {
        case new
        /// The store has it, or a newer list.
        case known
        case refused(String)
    }

    public struct Item: Sendable {
        public let kind: Kind
        public let subject: IssuerName
        public let outcome: Outcome
        /// SHA-256, 64 hexadecimal digits.
        public let fingerprint: String
        /// The name that it gets in the folder.
        public let fileName: String
        let encoded: [UInt8]
    }

    public private(set) var items: [Item] = []
    /// Who signed the master list, when the file is one.
    public private(set) var listSignature: MasterList.Signature?
    /// Parts of the file that could not be read.
    public let problems: [String]

    /// - Throws: when the file is a master list whose own signature does not count: nothing of it may be used.
    public init(_ file: TrustFile, into store: TrustStore, at now: Date) throws(MasterList.Refusal) {
        var certificates = file.certificates
        if let list = file.masterList {
            listSignature = try list.verify(with: store, at: now)
            certificates += list.certificates.filter(\.isAuthority)
        }
        problems = file.problems + (file.masterList?.problems ?? [])
        var known = store
        take(certificates, &known)
        for list in file.revocationLists { take(list, known) }
    }

    public var new: [Item] { items.filter { $0.outcome == .new } }

    /// Roots first, then what they vouch for, until nothing is added any more: a link may stand before the link below it.
    private mutating func take(_ certificates: [CardCertificate], _ store: inout TrustStore) {
        var seen: Set<CardCertificate> = []
        var waiting: [CardCertificate] = []
        for certificate in certificates where seen.insert(certificate).inserted {
            if store.contains(certificate) {
                items.append(Item(certificate, certificate.isAuthority ? .authority : .signer, .known))
            } else if let fault = Self.fault(of: certificate) {
                items.append(Item(certificate, certificate.isAuthority ? .authority : .signer, .refused(fault)))
            } else if certificate.isRoot() {
                store.add(certificate)
                items.append(Item(certificate, .authority, .new))
            } else {
                waiting.append(certificate)
            }
        }
        var isGrowing = true
        while isGrowing {
            isGrowing = false
            for certificate in waiting where store.signs(certificate) {
                waiting.removeAll { $0 == certificate }
                store.add(certificate)
                items.append(Item(certificate, certificate.isAuthority ? .link : .signer, .new))
                isGrowing = true
            }
        }
        for certificate in waiting {
            items.append(
                Item(certificate, certificate.isAuthority ? .link : .signer, .refused(Self.stranger(certificate))))
        }
    }

    private mutating func take(_ list: RevocationList, _ store: TrustStore) {
        let authorities = store.authorities(named: list.issuer, keyIdentifier: list.authorityKeyIdentifier)
        let name = Item.fileName(of: list)
        let outcome: Outcome
        if authorities.isEmpty {
            outcome = .refused("its CSCA (\(list.issuer)) is not in the store: import that first")
        } else if !authorities.contains(where: { list.isSigned(by: $0) }) {
            outcome = .refused("no CSCA of that name in the store signed it")
        } else if store.revocationLists.contains(where: { $0.file == name && $0.list.issued >= list.issued }) {
            outcome = .known
        } else {
            outcome = .new
        }
        items.append(
            Item(
                kind: .revocationList, subject: list.issuer, outcome: outcome,
                fingerprint: HashFunction.fingerprint(of: list.encoded),
                fileName: name, encoded: list.encoded))
    }

    private static func fault(of certificate: CardCertificate) -> String? {
        if case .unsupported(let what) = certificate.signatureScheme { return what }
        do throws(CardTrustError) { _ = try certificate.publicKey.kind() } catch { return "\(error)" }
        return nil
    }

    private static func stranger(_ certificate: CardCertificate) -> String {
        let isItsOwn =
            certificate.isSelfIssued
            && [nil, certificate.subjectKeyIdentifier].contains(certificate.authorityKeyIdentifier)
        return isItsOwn
            ? (certificate.isAuthority
                ? "its own signature is not valid" : "signs itself, but says that it is no authority")
            : "no CSCA in the store signed it: import that first (\(certificate.issuer))"
    }
}

extension TrustStore {
    /// Whether an authority in the store signed this certificate.
    fileprivate func signs(_ certificate: CardCertificate) -> Bool {
        authorities(named: certificate.issuer, keyIdentifier: certificate.authorityKeyIdentifier)
            .contains { (try? certificate.isSigned(by: $0.publicKey)) == true }
    }
}

extension TrustImport.Item {
    fileprivate init(_ certificate: CardCertificate, _ kind: TrustImport.Kind, _ outcome: TrustImport.Outcome) {
        let fingerprint = certificate.fingerprint
        self.init(
            kind: kind, subject: certificate.subject, outcome: outcome, fingerprint: fingerprint,
            fileName: "\(Self.country(certificate.subject))-\(fingerprint.prefix(16)).cer",
            encoded: certificate.encoded)
    }

    /// By issuer and key, so that a newer list takes the place of the older one.
    fileprivate static func fileName(of list: RevocationList) -> String {
        let name = HashFunction.fingerprint(of: list.issuerEncoded + (list.authorityKeyIdentifier ?? []))
        return "\(country(list.issuer))-\(name.prefix(16)).crl"
    }

    /// Two or three letters, whatever the certificate says: it becomes part of a file's name.
    private static func country(_ name: IssuerName) -> String {
        let letters = (name.country ?? "").filter { $0.isASCII && $0.isLetter }.prefix(3)
        return letters.isEmpty ? "XX" : String(letters)
    }
}

extension HashFunction {
    /// SHA-256 as 64 hexadecimal digits.
    static func fingerprint(of bytes: [UInt8]) -> String { ((try? sha256.hash(bytes)) ?? []).hexadecimal }
}
