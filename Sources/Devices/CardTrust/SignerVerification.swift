import Foundation
import Peripherals

/// Who signed a message, and whether that counts: the two verdicts that EF.SOD, EF.CardSecurity and master lists share.
///
/// - **signature**: passed when a signer's signature over the content is valid, and no other signer's is bad. A signer that cannot be
///   checked (no certificate, an unknown algorithm) neither helps nor harms beside one that can.
/// - **trust**: whether the signer whose signature is valid leads to a CSCA of the store. Without a valid signature nobody is
///   known to have signed, whichever certificate lies beside: not reached.
struct SignerVerification {
    private(set) var signature: CardVerdict
    private(set) var trust: CardVerdict
    private(set) var signer: CardCertificate?
    private(set) var authority: CardCertificate?
    private(set) var signingTime: Date?

    init(
        _ message: SignedMessage, trust store: TrustStore, at now: Date, issued: Date? = nil,
        purpose: CertificateChain.Purpose
    ) {
        let checks = message.signers.map { Check($0, in: message, store: store) }
        let valid = checks.filter { $0.verdict.isPassed }
        signature = checks.first { $0.verdict.isFailed }?.verdict ?? valid.first?.verdict ?? checks[0].verdict
        guard signature.isPassed else {
            trust = .notReached("the signature is not known to be valid, so nobody is known to have signed")
            return
        }
        trust = .notReached("nobody signed")
        var best: (check: Check, chain: CertificateChain)?
        for check in valid {
            guard let certificate = check.certificate else { continue }
            let chain = CertificateChain(
                of: certificate, purpose: purpose, store: store, signingTime: check.signingTime, issued: issued,
                now: now)
            if best == nil || chain.verdict.isPassed { best = (check, chain) }
            if chain.verdict.isPassed { break }
        }
        guard let best else { return }
        trust = best.chain.verdict
        authority = best.chain.root
        (signer, signingTime) = (best.check.certificate, best.check.signingTime)
    }

    /// One signer's signature.
    private struct Check {
        var certificate: CardCertificate?
        var verdict: CardVerdict
        var signingTime: Date?

        init(_ parsed: Result<Signer, CardTrustError>, in message: SignedMessage, store: TrustStore) {
            let signer: Signer
            do throws(CardTrustError) { signer = try parsed.get() } catch {
                verdict = .notReached("the signature: \(error)")
                return
            }
            signingTime = signer.attributes?.signingTime
            guard
                let certificate = message.certificates.first(where: { signer.isIdentified(by: $0) })
                    ?? store.certificate(of: signer)
            else {
                verdict = .notReached(
                    "the certificate of the signer (\(signer.identityText)) is neither with the signature nor in the "
                        + "trust store")
                return
            }
            self.certificate = certificate
            do throws(CardTrustError) {
                let fault = try signer.fault(
                    in: message.content, type: message.contentType, key: certificate.publicKey)
                if let fault {
                    verdict = .failed(fault)
                } else {
                    verdict = .passed(by: "\(signer.scheme), \(try certificate.publicKey.kind())")
                }
            } catch {
                verdict = .notReached("the signature of \(certificate.subject): \(error)")
            }
        }
    }
}
