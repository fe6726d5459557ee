import CardTrust
import Foundation

extension FuzzTarget {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)

    /// EF.SOD and EF.CardSecurity, which a card gives: structure, hashes, signature, chain.
    static let cms = FuzzTarget(name: "cms", longest: 32_768) { bytes in
        let verdicts = PassiveAuthentication(bytes).verdicts(groups: [1: [1, 2, 3]], trust: TrustStore(), at: now)
        _ = verdicts
        if let security = try? CardSecurity(bytes) { _ = security.verdicts(trust: TrustStore(), at: now) }
    }

    /// What a technician imports: certificates, revocation lists, master lists, in every file form.
    static let certificates = FuzzTarget(name: "certificates", longest: 32_768) { bytes in
        if let certificate = try? CardCertificate(bytes) {
            _ = certificate.isRoot()
            _ = try? certificate.isSigned(by: certificate.publicKey)
            if let list = try? RevocationList(bytes) { _ = list.isSigned(by: certificate) }
        }
        if let list = try? RevocationList(bytes) { _ = list.isOutdated(at: now) }
        if let list = try? MasterList(bytes) { _ = try? list.verify(with: TrustStore(), at: now) }
        _ = try? TrustFile(bytes)
    }
}
