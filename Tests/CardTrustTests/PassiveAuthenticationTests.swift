import CardCryptography
import Foundation
import Peripherals
import Testing

@testable import CardTrust
@testable import Simulator

@Suite("passive authentication (ICAO 9303-11, 5.1)")
struct PassiveAuthenticationTests {
    @Test("a card signed with each algorithm is verified, here and by openssl", arguments: SimulatedIssuerAlgorithm.all)
    func everyAlgorithm(_ algorithm: SimulatedIssuerAlgorithm) throws {
        let issuer = try SimulatedIssuer.with(algorithm)
        let verdicts = try issuer.verdicts()
        #expect(verdicts.hashes == .passed(by: "\(algorithm.hash.name) of DG1, DG2, DG13"))
        #expect(verdicts.signature.isPassed, "\(verdicts.signature)")
        #expect(verdicts.trust.isPassed, "\(verdicts.trust)")
        // openssl has no plain ECDSA.
        guard algorithm.scheme != .plainECDSA else { return }
        let openssl = try OpenSSLProgram()
        defer { openssl.remove() }
        try openssl.write(pem: "CERTIFICATE", issuer.rootCertificate, "root.pem")
        try openssl.write(Array(try issuer.securityObject(over: groups).dropFirst(4)), "sod.der")
        if case .curve(_, explicit: true) = algorithm.key {
            try Self.checkExplicit(issuer, openssl)
        } else {
            let outcome = try openssl.run(
                "cms", "-verify", "-inform", "DER", "-in", "sod.der", "-CAfile", "root.pem", "-purpose", "any",
                "-attime", "1790000000", "-out", "content.der")
            #expect(outcome.isFine, "\(outcome.text)")
        }
    }

    /// openssl builds no chain over explicit parameters, on principle: so the message's and the certificate's signatures apart.
    private static func checkExplicit(_ issuer: SimulatedIssuer, _ openssl: OpenSSLProgram) throws {
        let message = try openssl.run(
            "cms", "-verify", "-noverify", "-inform", "DER", "-in", "sod.der", "-out", "content.der")
        #expect(message.isFine, "\(message.text)")
        let text = try openssl.run("x509", "-in", "root.pem", "-noout", "-text")
        #expect(text.text.contains("Field Type: prime-field"))
        try openssl.write(issuer.signer.certificate, "signer.der")
        try openssl.run("x509", "-in", "root.pem", "-noout", "-pubkey", "-out", "key.pem")
        let listing = try openssl.run("asn1parse", "-inform", "DER", "-in", "signer.der")
        let last = try #require(listing.text.split(separator: "\n").last?.prefix { $0 != ":" })
        for (offset, file) in [("4", "body.der"), (last.trimmingCharacters(in: .whitespaces), "signature.der")] {
            try openssl.run(
                "asn1parse", "-inform", "DER", "-in", "signer.der", "-strparse", offset, "-noout", "-out", file)
        }
        let hash = "-\(issuer.signer.key.algorithm.hash)"
        let certificate = try openssl.run(
            "dgst", hash, "-verify", "key.pem", "-signature", "signature.der", "body.der")
        #expect(certificate.isFine, "\(certificate.text)")
    }

    @Test("a signer's certificate with explicit parameters that equal no known curve verifies nothing")
    func unknownCurve() throws {
        let issuer = try SimulatedIssuer.with(.init(.curve("prime256v1", explicit: true), .ecdsa, .sha256))
        let file = try issuer.securityObject(over: groups)
        // The generator of P-256 (SEC 2, 2.4.2), in the authority's and the signer's certificates, becomes another point.
        let generator: [UInt8] = [0x6B, 0x17, 0xD1, 0xF2, 0xE1, 0x2C, 0x42, 0x47]
        let range = try #require(file.firstRange(of: generator))
        var altered = file
        altered[range.lowerBound + 40] ^= 1
        let verdicts = PassiveAuthentication(altered).verdicts(
            groups: groups, trust: TrustStore(issuer.authority), at: TestDay.now)
        #expect(!verdicts.signature.isPassed && !verdicts.trust.isPassed)
    }

    @Test("each way in which a message may be put together is read", arguments: [false, true], [0, 1])
    func forms(isBER: Bool, version: Int) throws {
        let attributes: [SimulatedSigner.Form.Attributes] = [
            .usual(), .usual(time: TestDay.days(-5)), .none, .unordered(asTheyStand: false),
            .unordered(asTheyStand: true),
        ]
        for (attributes, namesKey) in attributes.flatMap({ kind in [false, true].map { (kind, $0) } }) {
            var issuer = try SimulatedIssuer.with(.standard)
            issuer.form.attributes = attributes
            issuer.form.namesKey = namesKey
            issuer.form.isBER = isBER
            let file = try issuer.securityObject(over: groups, version: version)
            let check = PassiveAuthentication(file)
            let verdicts = check.verdicts(groups: groups, trust: TrustStore(issuer.authority), at: TestDay.now)
            #expect(check.securityObject?.version == version)
            #expect(verdicts.hashes.isPassed && verdicts.signature.isPassed && verdicts.trust.isPassed, "\(verdicts)")
        }
    }

    @Test("the content's hash may be another than the signature's")
    func twoHashes() throws {
        var issuer = try SimulatedIssuer.with(.standard)
        issuer.form.digest = .sha512
        let verdicts = try issuer.verdicts()
        #expect(verdicts.signature == .passed(by: "ECDSA with SHA-256, P-256") && verdicts.trust.isPassed)
    }

    @Test("without its certificate a signer is looked for in the store; elsewhere the verdicts are not reached")
    func missingCertificate() throws {
        var issuer = try SimulatedIssuer.with(.standard)
        issuer.form.hasCertificate = false
        let without = try issuer.verdicts()
        #expect(without.hashes.isPassed)
        #expect(!without.signature.isPassed && !without.signature.isFailed)
        #expect(!without.trust.isPassed && !without.trust.isFailed)
        let with = try issuer.verdicts(TrustStore(issuer.authority, links: [issuer.signer.certificate]))
        #expect(with.signature.isPassed && with.trust.isPassed)
    }

    @Test("two signers: a stranger beside a trusted one does no harm, a bad signature does")
    func twoSigners() throws {
        let issuer = try SimulatedIssuer.with(.standard)
        let stranger = try SimulatedAuthority("Stranger", validity: TestDay.years).signer()
        let both = try issuer.verdicts(others: [stranger])
        #expect(both.signature.isPassed && both.trust.isPassed)
        let foreign = SimulatedIssuer(authority: issuer.authority, signer: stranger)
        let turned = try foreign.verdicts(others: [issuer.signer])
        #expect(turned.signature.isPassed && turned.trust.isPassed)
        // A signer that signs with another key than its certificate's.
        let liar = SimulatedSigner(
            key: stranger.key, certificate: issuer.signer.certificate, issuer: issuer.signer.issuer,
            serialNumber: issuer.signer.serialNumber, keyIdentifier: issuer.signer.keyIdentifier)
        let bad = try issuer.verdicts(others: [liar])
        #expect(bad.signature.isFailed && !bad.trust.isPassed)
    }

    @Test("hashes: a group that is not listed fails, nothing read is not reached, a part of the groups is enough")
    func groupsAndList() throws {
        let issuer = try SimulatedIssuer.with(.standard)
        let check = PassiveAuthentication(try issuer.securityObject(over: groups))
        func hashes(_ groups: [Int: [UInt8]]) -> CardVerdict {
            check.verdicts(groups: groups, trust: TrustStore(), at: TestDay.now).hashes
        }
        #expect(hashes([13: groups[13] ?? []]) == .passed(by: "SHA-256 of DG13"))
        #expect(hashes([1: groups[1] ?? [], 14: [0x6E, 0]]) == .failed("EF.SOD lists no hash for DG14"))
        #expect(hashes([:]) == .notReached("no data group was read"))
        #expect(hashes([1: [], 2: groups[2] ?? []]) == .failed("DG1: not what EF.SOD says"))
    }

    @Test("a list of more than 16 groups, of none, with a number twice or out of range is not believed")
    func badLists() throws {
        let issuer = try SimulatedIssuer.with(.standard)
        let lists: [[Int: [UInt8]]] = [
            [:], Dictionary(uniqueKeysWithValues: (1...17).map { ($0, []) }), [0: []], [17: []],
        ]
        for list in lists {
            let verdicts = PassiveAuthentication(try issuer.securityObject(over: list)).verdicts(
                groups: groups, trust: TrustStore(issuer.authority), at: TestDay.now)
            #expect(!verdicts.hashes.isPassed && !verdicts.hashes.isFailed)
            #expect(verdicts.signature.isPassed && verdicts.trust.isPassed)
        }
    }

    @Test("bytes that are no security object reach no verdict, whatever their length")
    func garbage() throws {
        let whole = try SimulatedIssuer.with(.standard).securityObject(over: groups)
        let cases: [[UInt8]] =
            [[], [0x77], [0x77, 0x80], Array(repeating: 0x30, count: 70_000), [0x77, 0x84, 0xFF, 0xFF, 0xFF, 0xFF]]
            + [Array(repeating: [0x30, 0x80], count: 500).flatMap { $0 }]
            + whole.indices.map { Array(whole.prefix($0)) }
        for bytes in cases {
            let verdicts = PassiveAuthentication(bytes).verdicts(groups: groups, trust: TrustStore(), at: TestDay.now)
            for verdict in [verdicts.hashes, verdicts.signature, verdicts.trust] {
                #expect(!verdict.isPassed && !verdict.isFailed)
            }
        }
    }

    @Test("EF.CardSecurity: the same two questions, another content type")
    func cardSecurity() throws {
        let issuer = try SimulatedIssuer.with(.standard)
        let infos: [UInt8] = [0x31, 0x02, 0x05, 0x00]
        let file = try issuer.sign(content: infos, contentType: "0.4.0.127.0.7.3.2.1")
        let security = try CardSecurity(file)
        let verdicts = security.verdicts(trust: TrustStore(issuer.authority), at: TestDay.now)
        #expect(security.securityInfos == infos && verdicts.signature.isPassed && verdicts.trust.isPassed)
        #expect(throws: CardTrustError.self) {
            try CardSecurity(try issuer.sign(content: infos, contentType: "2.23.136.1.1.1"))
        }
    }
}
