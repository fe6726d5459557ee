import Foundation
import Peripherals
import Testing

@testable import CardTrust
@testable import Simulator

/// The openssl program as the issuer: neither certificates nor messages are the simulator's.
@Suite("cards of another issuer: openssl makes keys, certificates and messages")
struct OpenSSLIssuerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// Arguments of `openssl genpkey`.
        var key: [String]
        var hash = "sha256"
        /// Arguments of `openssl cms -sign`.
        var form: [String] = []
        /// Arguments for signing certificates.
        var certificate: [String] = []
    }

    private static let pss = ["-keyopt", "rsa_padding_mode:pss"]
    static let cases: [Case] = [
        Case(testDescription: "P-256", key: ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"]),
        Case(testDescription: "P-521, SHA-512", key: ["EC", "-pkeyopt", "ec_paramgen_curve:P-521"], hash: "sha512"),
        Case(
            testDescription: "brainpoolP384r1, key identifier",
            key: ["EC", "-pkeyopt", "ec_paramgen_curve:brainpoolP384r1"],
            hash: "sha384", form: ["-keyid"]),
        Case(
            testDescription: "brainpoolP512r1, explicit parameters",
            key: ["EC", "-pkeyopt", "ec_paramgen_curve:brainpoolP512r1", "-pkeyopt", "ec_param_enc:explicit"],
            hash: "sha512"),
        Case(
            testDescription: "P-384, streamed: BER", key: ["EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
            form: ["-stream"]),
        Case(testDescription: "RSA, no attributes", key: ["RSA"], form: ["-noattr"]),
        Case(testDescription: "RSA, SHA-1", key: ["RSA"], hash: "sha1"),
        Case(
            testDescription: "RSA-PSS, salt as long as the hash", key: ["RSA"], form: pss,
            certificate: ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"]),
        Case(
            testDescription: "RSA-PSS, salt of 7, MGF1 with SHA-1", key: ["RSA"],
            form: pss + ["-keyopt", "rsa_pss_saltlen:7", "-keyopt", "rsa_mgf1_md:sha1"],
            certificate: [
                "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:0", "-sigopt", "rsa_mgf1_md:sha512",
            ]),
        Case(testDescription: "RSA-PSS key (id-RSASSA-PSS)", key: ["RSA-PSS"], form: pss),
    ]

    @Test("its cards are verified; one altered byte of the message's signature and they are not", arguments: cases)
    func card(_ issuer: Case) throws {
        let openssl = try OpenSSLProgram()
        defer { openssl.remove() }
        try Self.makeCertificates(issuer, openssl)
        let list = try SimulatedIssuer.hashList(groups, .sha256, version: 0)
        try openssl.write(list, "list.der")
        let signed = try openssl.run(
            "cms",
            [
                "-sign", "-binary", "-nodetach", "-in", "list.der", "-econtent_type", "2.23.136.1.1.1", "-md",
                issuer.hash, "-signer", "signer.pem", "-inkey", "signer.key", "-outform", "DER", "-out", "message.der",
                "-nosmimecap",
            ] + issuer.form)
        try #require(signed.isFine, "\(signed.text)")
        let message = [UInt8](try Data(contentsOf: openssl.folder.appending(path: "message.der")))
        let root = try TrustFile(url: openssl.folder.appending(path: "csca.pem"), sizeLimit: 1 << 16).certificates
        let store = TrustStore(certificates: root.map(\.encoded))
        var file = ChipTLV.object(0x77, message)
        // openssl signs with the day's time.
        func verdicts() -> PassiveAuthentication.Verdicts {
            PassiveAuthentication(file).verdicts(groups: groups, trust: store, at: Date())
        }
        let whole = verdicts()
        #expect(whole.hashes.isPassed, "\(whole.hashes)")
        #expect(whole.signature.isPassed, "\(whole.signature)")
        #expect(whole.trust.isPassed, "\(whole.trust)")
        // The signature is what stands last; with BER, end-of-contents octets follow it.
        file[file.count - (issuer.form.contains("-stream") ? 20 : 5)] ^= 1
        let altered = verdicts()
        #expect(altered.hashes.isPassed && altered.signature.isFailed && !altered.trust.isPassed)
    }

    private static func makeCertificates(_ issuer: Case, _ openssl: OpenSSLProgram) throws {
        for name in ["csca", "signer"] {
            let made = try openssl.run("genpkey", ["-algorithm"] + issuer.key + ["-out", "\(name).key"])
            try #require(made.isFine, "\(made.text)")
        }
        try openssl.write(
            Array(
                """
                [csca]
                basicConstraints = critical, CA:TRUE, pathlen:0
                keyUsage = critical, keyCertSign, cRLSign
                subjectKeyIdentifier = hash
                [signer]
                keyUsage = critical, digitalSignature
                subjectKeyIdentifier = hash
                authorityKeyIdentifier = keyid
                2.23.136.1.1.6.2 = ASN1:SEQUENCE:types
                [types]
                version = INTEGER:0
                list = SET:names
                [names]
                one = PRINTABLESTRING:ID
                """.utf8), "extensions.cnf")
        let hash = "-\(issuer.hash)"
        for name in ["csca", "signer"] {
            let request = try openssl.run(
                "req", ["-new", "-key", "\(name).key", "-out", "\(name).csr", "-subj", "/C=VN/O=Nobody/CN=\(name)"])
            try #require(request.isFine, "\(request.text)")
            let by = name == "csca" ? ["-signkey", "csca.key"] : ["-CA", "csca.pem", "-CAkey", "csca.key"]
            let certificate = try openssl.run(
                "x509",
                [
                    "-req", "-in", "\(name).csr", "-out", "\(name).pem", "-days", "400", hash, "-extfile",
                    "extensions.cnf",
                ]
                    + ["-extensions", name] + by + issuer.certificate)
            try #require(certificate.isFine, "\(certificate.text)")
        }
    }
}
