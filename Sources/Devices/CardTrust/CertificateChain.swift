import Foundation
import Peripherals

/// The way from a signer's certificate to a root of the trust store (ICAO 9303-12, 6; RFC 5280, 6.1).
///
/// **Validity.** Every certificate on the way must have been valid when the signer signed: at the signingTime that is signed,
/// else at the document's date of issue as its signed groups say it, else now. A signer whose time is over today has still
/// signed well (cards live longer than the three months in which a signer signs), but a revoked one never has: its key may
/// have signed with any date.
struct CertificateChain {
    enum Purpose {
        case securityObject, masterList
    }

    let verdict: CardVerdict
    /// The end of the chain, when there is one.
    let root: CardCertificate?

    /// A kiosk's clock may be behind the issuer's by this much.
    private static let clockTolerance: TimeInterval = 86_400

    init(
        of signer: CardCertificate, purpose: Purpose, store: TrustStore, signingTime: Date?, issued: Date?, now: Date
    ) {
        if let fault = Self.fault(of: signer, as: purpose) {
            (verdict, root) = (.failed(fault), nil)
        } else if let signingTime, signingTime > now + Self.clockTolerance {
            let fault = "signed on \(signingTime.day), which is in the future: is the kiosk's clock right?"
            (verdict, root) = (.failed(fault), nil)
        } else {
            var climb = Climb(store: store, moment: signingTime ?? issued ?? now, now: now)
            let way = climb.up(from: signer)
            root = way?.root
            verdict = way.map { .passed(by: $0.text) } ?? climb.verdict
        }
    }

    private static func fault(of signer: CardCertificate, as purpose: Purpose) -> String? {
        let extensions = signer.extensions
        let name = "the signer's certificate (\(signer.subject))"
        if !extensions.unknownCritical.isEmpty {
            return "\(name) has the unknown critical extension \(extensions.unknownCritical.joined(separator: ", "))"
        }
        if !extensions.mayUse(.digitalSignature), !(purpose == .masterList && signer.isAuthority) {
            return "\(name) is not for signatures (keyUsage)"
        }
        let isListSigner = extensions.purposes.contains(CertificateExtensions.masterListSigning)
        switch purpose {
        case .securityObject where isListSigner: return "\(name) is for master lists, not for documents (extKeyUsage)"
        case .securityObject where signer.isAuthority: return "\(name) is an authority's, not a document signer's"
        case .masterList where !isListSigner && !signer.isAuthority:
            return "\(name) is not for master lists (extKeyUsage)"
        default: return nil
        }
    }
}

/// One search for a root, upwards from a signer. An authority that renewed its key has several certificates of one name, and
/// links between them, so there can be several ways; the first that ends well is taken.
private struct Climb {
    let store: TrustStore
    /// When every certificate must have been valid.
    let moment: Date
    let now: Date

    struct Way {
        var root: CardCertificate
        var text: String
    }

    /// Why the first way that met an obstacle did not end well.
    private var failure: String?
    /// The authority that is not in the store.
    private var missing: String?
    /// Signatures that may still be verified: a store that somebody filled with links in a circle must not cost more.
    private var checksLeft = 200

    /// Authorities between signer and root, links included. A signer stands directly below its CSCA; a renewed key adds a link.
    private static let lengthLimit = 6

    init(store: TrustStore, moment: Date, now: Date) {
        self.store = store
        self.moment = moment
        self.now = now
    }

    /// After `up` found nothing.
    var verdict: CardVerdict {
        failure.map { .failed($0) } ?? .notReached(missing ?? "no way to a CSCA of the trust store")
    }

    mutating func up(from certificate: CardCertificate, depth: Int = 0) -> Way? {
        guard certificate.validity.contains(moment) else {
            return fail("\(certificate.subject) was not valid on \(moment.day), only \(certificate.validity.days)")
        }
        if certificate.isRoot(), store.contains(certificate) {
            return Way(
                root: certificate, text: "\(certificate.subject), SHA-256 \(certificate.fingerprint.prefix(16))…")
        }
        guard depth < Self.lengthLimit else { return fail("more than \(Self.lengthLimit) steps from signer to CSCA") }
        let wanted = certificate.authorityKeyIdentifier
        let authorities = store.authorities(named: certificate.issuer, keyIdentifier: wanted)
            .filter { $0 != certificate }
        var isSigned = false
        for authority in authorities where checksLeft > 0 {
            checksLeft -= 1
            guard (try? certificate.isSigned(by: authority.publicKey)) == true else { continue }
            isSigned = true
            if let way = up(from: authority, above: certificate, depth: depth) { return way }
        }
        guard !isSigned else { return nil }
        // An authority whose key is named must be able to show that it signed; one with another key is simply another one.
        if authorities.contains(where: { wanted == nil || $0.subjectKeyIdentifier == wanted }) {
            return fail("the certificate of \(certificate.subject) is not signed by the CSCA that it names")
        }
        missing = missing ?? Self.missing(certificate)
        return nil
    }

    /// Goes on from an authority that signed this certificate.
    private mutating func up(from authority: CardCertificate, above certificate: CardCertificate, depth: Int) -> Way? {
        if let fault = Self.fault(of: authority, above: certificate, depth: depth) { return fail(fault) }
        let revocation = Revocation(of: certificate, by: authority, store: store, now: now)
        if let fault = revocation.fault { return fail(fault) }
        guard var way = up(from: authority, depth: depth + 1) else { return nil }
        if depth == 0 { way.text += revocation.note }
        return way
    }

    private mutating func fail(_ reason: String) -> Way? {
        failure = failure ?? reason
        return nil
    }

    private static func missing(_ certificate: CardCertificate) -> String {
        let key = certificate.authorityKeyIdentifier.map { ", key \($0.hexadecimal)" } ?? ""
        return "no CSCA of \(certificate.issuer.country ?? "unknown country") (\(certificate.issuer)\(key)) in the "
            + "trust store; import it with kioskctl trust import FILE"
    }

    private static func fault(
        of authority: CardCertificate, above certificate: CardCertificate, depth: Int
    ) -> String? {
        let extensions = authority.extensions
        if !extensions.unknownCritical.isEmpty { return "\(authority.subject) has an unknown critical extension" }
        if !extensions.mayUse(.keyCertSign) {
            return "\(authority.subject) is not for signing certificates (keyUsage)"
        }
        // RFC 5280, 4.2.1.9: self-issued certificates, as links are, do not count.
        if let limit = extensions.maxPathLength, certificate.isAuthority, !certificate.isSelfIssued, limit < depth {
            return "\(authority.subject) allows no authority below it (basicConstraints)"
        }
        return nil
    }
}

/// Whether an authority revoked a certificate.
private struct Revocation {
    var fault: String?
    /// What to tell about the lists when nothing is revoked.
    var note = ""

    init(of certificate: CardCertificate, by authority: CardCertificate, store: TrustStore, now: Date) {
        let lists = store.revocationLists(of: certificate.issuer)
        // A list may be signed with any key that the authority has had (9303-12, 7.1.4).
        let signers = [authority] + store.authorities(named: certificate.issuer, keyIdentifier: nil)
        let genuine = lists.filter { list in signers.contains { list.isSigned(by: $0) } }
        if let day = genuine.compactMap({ $0.revoked[certificate.serialNumber]?.day }).first {
            fault = "\(certificate.subject) was revoked on \(day) by its CSCA"
        } else if lists.count > genuine.count {
            note = "; a revocation list of this CSCA has a bad signature and was not used"
        } else if genuine.isEmpty {
            note = "; no revocation list of this CSCA in the trust store"
        } else if genuine.allSatisfy({ $0.isOutdated(at: now) }) {
            note = "; its revocation list is outdated since \(genuine.compactMap(\.nextUpdate).max()?.day ?? "?")"
        }
    }
}

extension Date {
    /// `2026-11-25`, in UTC.
    var day: String { formatted(.iso8601.year().month().day()) }
}

extension CalendarDate {
    /// The middle of this day in UTC: a moment for a document's date of issue, which names no hour.
    public var noon: Date {
        let parts = DateComponents(timeZone: .gmt, year: year, month: month, day: day, hour: 12)
        return Calendar(identifier: .gregorian).date(from: parts) ?? .distantPast
    }
}

extension ClosedRange<Date> {
    var days: String { "\(lowerBound.day) to \(upperBound.day)" }
}
