import Foundation
import Peripherals
import Testing

@testable import CardTrust
@testable import Simulator

@Suite("revocation lists (RFC 5280, 5; ICAO 9303-12, 7.1.4)")
struct RevocationTests {
    private let authority: SimulatedAuthority
    private let signer: SimulatedSigner

    init() throws {
        authority = try SimulatedAuthority(validity: TestDay.years)
        signer = try authority.signer()
    }

    private func trust(_ lists: [[UInt8]], roots: [SimulatedAuthority] = [], signedAt: Date? = nil) throws
        -> CardVerdict
    {
        var issuer = SimulatedIssuer(authority: authority, signer: signer)
        issuer.form.attributes = .usual(time: signedAt)
        let store = TrustStore(
            certificates: ([authority] + roots).map(\.certificate), revocationLists: lists)
        return try issuer.verdicts(store).trust
    }

    private func list(
        of issuer: SimulatedAuthority? = nil, revoking signers: [SimulatedSigner], issued: Int = -1, next: Int? = 30
    ) throws -> [UInt8] {
        try (issuer ?? authority).revocationList(
            revoking: signers, issued: TestDay.days(issued), nextUpdate: next.map(TestDay.days))
    }

    @Test("a revoked signer fails, also for what it signed before, also when the list is outdated")
    func revoked() throws {
        for list in [
            try list(revoking: [signer]),
            try list(revoking: [try authority.signer(), signer], issued: -300, next: -200),
            try list(revoking: [signer], next: nil),
        ] {
            for signedAt in [nil, TestDay.days(-350)] {
                #expect(try trust([list], signedAt: signedAt).text.contains("was revoked on"))
                #expect(try trust([list], signedAt: signedAt).isFailed)
            }
        }
    }

    @Test("another's revocation does no harm; no list, or an outdated one, is told")
    func notRevoked() throws {
        let other = try authority.signer()
        #expect(try !trust([try list(revoking: [other])]).text.contains("revocation list"))
        #expect(try trust([try list(revoking: [])]).isPassed)
        #expect(try trust([]).text.contains("no revocation list"))
        let outdated = try trust([try list(revoking: [other], issued: -60, next: -30)])
        #expect(outdated.isPassed && outdated.text.contains("outdated since"))
        let renewed = try trust([
            try list(revoking: [other], issued: -60, next: -30), try list(revoking: [other]),
        ])
        #expect(renewed.isPassed && !renewed.text.contains("outdated"))
    }

    @Test("a list that the CSCA did not sign revokes nothing, and is told; each altered byte makes it so")
    func forged() throws {
        // Of the same name, with another key.
        let forged = try list(of: try SimulatedAuthority(validity: TestDay.years), revoking: [signer])
        let verdict = try trust([forged])
        #expect(verdict.isPassed && verdict.text.contains("bad signature"))
        let genuine = try list(revoking: [signer])
        let root = try CardCertificate(authority.certificate)
        for index in genuine.indices {
            var altered = genuine
            altered[index] ^= 1
            if let list = try? RevocationList(altered) { #expect(!list.isSigned(by: root), "byte \(index)") }
        }
    }

    @Test("a list signed with the authority's new key counts for signers of the old one")
    func rollover() throws {
        let renewed = try SimulatedAuthority(validity: TestDay.years)
        let list = try list(of: renewed, revoking: [signer])
        #expect(try trust([list], roots: [renewed]).isFailed)
        #expect(try trust([list]).isPassed)
    }

    @Test("openssl reads the simulator's list, and sees the same")
    func openssl() throws {
        let openssl = try OpenSSLProgram()
        defer { openssl.remove() }
        try openssl.write(pem: "CERTIFICATE", authority.certificate, "root.pem")
        try openssl.write(pem: "X509 CRL", try list(revoking: [signer]), "list.pem")
        try openssl.write(pem: "CERTIFICATE", signer.certificate, "signer.pem")
        try openssl.write(pem: "CERTIFICATE", try authority.signer().certificate, "other.pem")
        let signature = try openssl.run("crl", "-in", "list.pem", "-CAfile", "root.pem", "-noout", "-text")
        #expect(signature.text.contains("verify OK"), "\(signature.text)")
        let arguments = ["-CAfile", "root.pem", "-CRLfile", "list.pem", "-crl_check", "-attime", "1790000000"]
        let revoked = try openssl.run("verify", arguments + ["signer.pem"])
        #expect(!revoked.isFine && revoked.text.contains("certificate revoked"))
        let other = try openssl.run("verify", arguments + ["other.pem"])
        #expect(other.isFine, "\(other.text)")
    }
}
