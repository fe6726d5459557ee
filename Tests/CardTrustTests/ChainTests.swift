import CardCryptography
import Foundation
import Peripherals
import SwiftASN1
import Testing

@testable import CardTrust
@testable import Simulator

@Suite("from the signer to a CSCA (ICAO 9303-12)")
struct ChainTests {
    private let authority: SimulatedAuthority

    init() throws {
        authority = try SimulatedAuthority(validity: TestDay.years)
    }

    /// The verdict on a card of this authority's signer.
    private func trust(
        _ signer: SimulatedSigner, _ store: TrustStore, signedAt: Date? = nil, at now: Date = TestDay.now,
        issued: Date? = nil
    ) throws -> CardVerdict {
        var issuer = SimulatedIssuer(authority: authority, signer: signer)
        issuer.form.attributes = .usual(time: signedAt)
        let verdicts = try issuer.verdicts(store, at: now, issued: issued)
        #expect(verdicts.hashes.isPassed && verdicts.signature.isPassed, "whoever signed, these hold: \(verdicts)")
        return verdicts.trust
    }

    private func reason(_ verdict: CardVerdict, failed: Bool = true) -> String {
        switch verdict {
        case .failed(let why) where failed: why
        case .notReached(let why) where !failed: why
        default: "another verdict: \(verdict)"
        }
    }

    @Test("a trusted signer: the verdict names the CSCA and its fingerprint")
    func trusted() throws {
        let text = try trust(try authority.signer(), TrustStore(authority)).text
        #expect(text.contains("C=VN") && text.contains("CN=Simulated CSCA"))
        let fingerprint = try CardCertificate(authority.certificate).fingerprint
        #expect(text.contains(fingerprint.prefix(16)))
    }

    @Test("a missing CSCA is not reached, and the text says what to import")
    func missing() throws {
        let signer = try authority.signer()
        let stores = [
            TrustStore(), TrustStore(try SimulatedAuthority("Another CSCA", validity: TestDay.years)),
            // The same name, another key: the authority renewed it, and the store has not heard of it.
            TrustStore(try SimulatedAuthority(validity: TestDay.years)),
        ]
        for store in stores {
            let why = reason(try trust(signer, store), failed: false)
            #expect(why.contains("no CSCA of VN") && why.contains("kioskctl trust import FILE"))
        }
    }

    @Test("a signer in the store is not trusted for that: only a CSCA vouches")
    func signerInStore() throws {
        let signer = try authority.signer()
        let store = TrustStore(certificates: [signer.certificate])
        #expect(reason(try trust(signer, store), failed: false).contains("no CSCA of VN"))
    }

    @Test("who takes a CSCA's name, without its key, fails", arguments: [true, false])
    func impostor(namesKeys: Bool) throws {
        // The impostor's certificates name the real authority's key, or none.
        let real = try SimulatedAuthority(validity: TestDay.years, namesKeys: namesKeys)
        let other = try SimulatedAuthority(validity: TestDay.years, namesKeys: false)
        let extra = namesKeys ? [try SimulatedCertificate.authorityKey(try real.key.identifier)] : []
        let verdict = try trust(try other.signer(extra: extra), TrustStore(real))
        #expect(reason(verdict).contains("not signed by the CSCA that it names"))
    }

    @Test("several CSCAs of one name: the one that signed is found, with key identifiers and without")
    func rollover() throws {
        for namesKeys in [true, false] {
            let all = try (0..<4).map { _ in try SimulatedAuthority(validity: TestDay.years, namesKeys: namesKeys) }
            let store = TrustStore(certificates: all.map(\.certificate))
            for one in all { #expect(try trust(try one.signer(), store).isPassed) }
        }
    }

    @Test("links: a renewed key is trusted through the old one's certificate, over several renewals")
    func links() throws {
        let generations = try (0..<4).map { _ in try SimulatedAuthority(validity: TestDay.years) }
        let links = try zip(generations, generations.dropFirst()).map { try $0.link(to: $1) }
        let signer = try generations[3].signer()
        #expect(try trust(signer, TrustStore(generations[0], links: links)).isPassed)
        #expect(try trust(signer, TrustStore(generations[0], links: links.reversed())).isPassed)
        // One link is missing; or the first generation is.
        for broken in [TrustStore(generations[0], links: [links[0], links[2]]), TrustStore(certificates: links)] {
            #expect(!(try trust(signer, broken).isPassed))
        }
        let openssl = try OpenSSLProgram()
        defer { openssl.remove() }
        try openssl.write(pem: "CERTIFICATE", generations[0].certificate, "root.pem")
        try openssl.write(pem: "CERTIFICATE", links[0], "link.pem")
        try openssl.write(pem: "CERTIFICATE", try generations[1].signer().certificate, "signer.pem")
        let outcome = try openssl.run(
            "verify", "-CAfile", "root.pem", "-untrusted", "link.pem", "-attime", "1790000000", "signer.pem")
        #expect(outcome.isFine, "\(outcome.text)")
    }

    @Test("links in a circle end, and a chain that is too long")
    func circles() throws {
        let (one, two) = (
            try SimulatedAuthority("One", validity: TestDay.years),
            try SimulatedAuthority("Two", validity: TestDay.years)
        )
        let circle = TrustStore(certificates: [try one.link(to: two), try two.link(to: one)])
        #expect(!(try trust(try one.signer(), circle).isPassed))
        let many = try (0..<9).map { _ in try SimulatedAuthority(validity: TestDay.years) }
        let links = try zip(many, many.dropFirst()).map { try $0.link(to: $1) }
        let why = reason(try trust(try many[8].signer(), TrustStore(many[0], links: links)))
        #expect(why.contains("steps"))
    }

    /// When a signer with certificate from day -100 to day 100 signed, what the document says, and what follows, on day 200.
    static let signingTimes: [(signedAt: Int?, issued: Int?, isTrusted: Bool)] = [
        (0, nil, true), (-100, nil, true), (100, nil, true), (-101, nil, false), (101, nil, false),
        (nil, 0, true), (nil, 150, false), (nil, nil, false),
        // What the signature says counts more than what the document says.
        (0, 150, true), (150, 0, false),
    ]

    @Test(
        "the signer must have been valid when it signed: its time, else the document's date, else now",
        arguments: signingTimes)
    func validity(signedAt: Int?, issued: Int?, isTrusted: Bool) throws {
        let signer = try authority.signer(validity: TestDay.days(-100)...TestDay.days(100))
        let verdict = try trust(
            signer, TrustStore(authority), signedAt: signedAt.map(TestDay.days), at: TestDay.days(200),
            issued: issued.map(TestDay.days))
        #expect(verdict.isPassed == isTrusted && verdict.isFailed == !isTrusted, "\(verdict)")
        if !isTrusted { #expect(reason(verdict).contains("was not valid on")) }
    }

    @Test("the document's date counts only when the hashes vouch for its groups")
    func unprovedDate() throws {
        let signer = try authority.signer(validity: TestDay.days(-100)...TestDay.days(100))
        let check = PassiveAuthentication(
            try SimulatedIssuer(authority: authority, signer: signer).securityObject(over: groups))
        func trust(_ groups: [Int: [UInt8]]) -> CardVerdict {
            check.verdicts(groups: groups, trust: TrustStore(authority), at: TestDay.days(200), issued: TestDay.now)
                .trust
        }
        #expect(trust(groups).isPassed)
        #expect(trust([1: [0x61, 0]]).isFailed && trust([:]).isFailed)
        #expect(CalendarDate(year: 2026, month: 9, day: 21)?.noon == Date(timeIntervalSince1970: 1_789_992_000))
    }

    @Test("without any date, an unexpired signer is trusted today")
    func noDates() throws {
        #expect(try trust(try authority.signer(), TrustStore(authority)).isPassed)
    }

    @Test("a CSCA that had expired when the signer signed does not vouch")
    func expiredAuthority() throws {
        let old = try SimulatedAuthority(validity: TestDay.days(-300)...TestDay.days(-30))
        let signer = try old.signer(validity: TestDay.days(-200)...TestDay.days(100))
        #expect(try trust(signer, TrustStore(old), signedAt: TestDay.days(-40)).isPassed)
        #expect(reason(try trust(signer, TrustStore(old), signedAt: TestDay.days(-20))).contains("was not valid"))
    }

    @Test("signed in the future: somebody's clock is wrong, a day is forgiven")
    func future() throws {
        let (signer, store) = (try authority.signer(), TrustStore(authority))
        #expect(try trust(signer, store, signedAt: TestDay.now + 80_000).isPassed)
        #expect(reason(try trust(signer, store, signedAt: TestDay.days(2))).contains("future"))
    }

    @Test("an issuer that is no authority, a signer that may not sign, an unknown critical extension: each fails")
    func constraints() throws {
        let weak = try SimulatedAuthority(validity: TestDay.years, isAuthority: false)
        #expect(reason(try trust(try weak.signer(), TrustStore(weak)), failed: false).contains("no CSCA"))
        let store = TrustStore(authority)
        #expect(reason(try trust(try authority.signer(purpose: .none), store)).contains("keyUsage"))
        #expect(reason(try trust(try authority.signer(purpose: .masterLists), store)).contains("for master lists"))
        let odd = try SimulatedCertificate.field("1.2.3.4.5", critical: true, SimulatedIssuerDER.null)
        #expect(reason(try trust(try authority.signer(extra: [odd]), store)).contains("1.2.3.4.5"))
        let harmless = try SimulatedCertificate.field("1.2.3.4.5", critical: false, SimulatedIssuerDER.null)
        #expect(try trust(try authority.signer(extra: [harmless]), store).isPassed)
    }

    @Test(
        "defaults that an issuer wrote out, and zero bits at a key usage's end, are against DER and seen all the same")
    func almostDER() throws {
        typealias Writer = SimulatedIssuerDER
        let noAuthority = Writer.sequence(
            try Writer.identifier("2.5.29.19"), Writer.boolean(false),
            Writer.octets(Writer.sequence(Writer.boolean(false))))
        let remark = Writer.sequence(
            try Writer.identifier("1.2.3.4.5"), Writer.boolean(false), Writer.octets(Writer.null))
        let signer = try authority.signer(extra: [noAuthority, remark])
        #expect(try trust(signer, TrustStore(authority)).isPassed)
        let usage = try SimulatedCertificate.field("2.5.29.15", critical: true, Writer.bits([0x80, 0x00]))
        let extensions = try ASN1Node.parse(Writer.sequence(usage)[...], "extensions")
        #expect(try CertificateExtensions(extensions).mayUse(.digitalSignature))
        #expect(try !CertificateExtensions(extensions).mayUse(.keyCertSign))
    }

    @Test("an authority's key does not sign cards itself")
    func authorityAsSigner() throws {
        let signer = SimulatedSigner(
            key: authority.key, certificate: authority.certificate,
            issuer: try SimulatedCertificate.name("Simulated CSCA", country: "VN"),
            serialNumber: try CardCertificate(authority.certificate).serialNumber,
            keyIdentifier: try authority.key.identifier)
        #expect(reason(try trust(signer, TrustStore(authority))).contains("keyUsage"))
    }

    @Test("a chain across algorithms: an RSA authority, a signer on a brainpool curve")
    func mixed() throws {
        let algorithm = SimulatedIssuerAlgorithm(.rsa(bits: 2048), .pss(saltLength: 11), .sha384)
        let root = try SimulatedAuthority(
            algorithm: algorithm, validity: TestDay.years, key: try SharedKeys.keys(algorithm)[0])
        let signer = try root.signer(algorithm: .init(.curve("brainpoolP384r1", explicit: true), .ecdsa, .sha384))
        #expect(try trust(signer, TrustStore(root)).isPassed)
    }

    @Test("names: case, spaces and the type of string make no difference, another word does")
    func names() throws {
        func name(_ value: [UInt8]) throws -> IssuerName {
            typealias Writer = SimulatedIssuerDER
            let part = Writer.sequence(try Writer.identifier("2.5.4.3"), value)
            return try IssuerName(try ASN1Node.parse(Writer.sequence(Writer.set(of: [part]))[...], "name"))
        }
        let one = try name(SimulatedIssuerDER.utf8("CSCA ePassport  Vietnam"))
        #expect(try one == name(SimulatedIssuerDER.printable("csca EPASSPORT Vietnam ")))
        #expect(try one != name(SimulatedIssuerDER.utf8("CSCA ePassportVietnam")))
    }
}
