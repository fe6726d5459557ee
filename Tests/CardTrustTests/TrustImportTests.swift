import Foundation
import Peripherals
import Testing

@testable import CardTrust
@testable import Simulator

/// A folder of one test's own.
struct StoreFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "store-\(UUID().uuidString)")
    }

    func make() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
    func remove() { try? FileManager.default.removeItem(at: url) }
    func write(_ bytes: [UInt8], _ name: String) throws { try Data(bytes).write(to: url.appending(path: name)) }
    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted() }
}

private func pem(_ label: String, _ bytes: [UInt8]) -> String {
    let text = Data(bytes).base64EncodedString(options: .lineLength64Characters)
    return "-----BEGIN \(label)-----\n\(text)\n-----END \(label)-----\n"
}

@Suite("the trust store's folder, and what is imported into it")
struct TrustImportTests {
    private let authority: SimulatedAuthority

    init() throws { authority = try SimulatedAuthority(validity: TestDay.years) }

    private func plan(_ bytes: [UInt8], _ store: TrustStore = TrustStore()) throws -> TrustImport {
        try TrustImport(try TrustFile(bytes), into: store, at: TestDay.now)
    }

    @Test(
        "a folder is read: PEM and DER, bundles and lists; a bad file is told and harms nobody; a README is none of ours"
    )
    func folder() throws {
        let folder = try StoreFolder()
        defer { folder.remove() }
        try folder.make()
        let two = try (0..<2).map { try SimulatedAuthority("CSCA \($0)", validity: TestDay.years) }
        try folder.write(authority.certificate, "one.der")
        let bundle = two.map { pem("CERTIFICATE", $0.certificate) }.joined(separator: "# a remark\n")
        try folder.write(Array(bundle.utf8), "bundle.PEM")
        let list = try authority.revocationList(revoking: [], issued: TestDay.now, nextUpdate: nil)
        try folder.write(Array(pem("X509 CRL", list).utf8), "list.crl")
        try folder.write(Array("certificates of friends".utf8), "README.txt")
        try folder.write([], "empty.cer")
        try folder.write(Array("hello".utf8), "text.pem")
        try folder.write(Array(authority.certificate.dropLast()), "cut.cer")
        try folder.write([UInt8](repeating: 0x30, count: 5 << 20), "huge.crt")
        try folder.write(Array(pem("PRIVATE KEY", [0x30, 0]).utf8), "key.pem")
        let store = TrustStore(folder: folder.url)
        #expect(store.certificates.map(\.file) == ["bundle.PEM", "bundle.PEM", "one.der"])
        #expect(store.revocationLists.map(\.file) == ["list.crl"])
        #expect(store.problems.map(\.file) == ["cut.cer", "empty.cer", "huge.crt", "key.pem", "text.pem"])
        #expect(store.problems.first { $0.file == "key.pem" }?.reason.contains("private key") == true)
    }

    @Test(
        "PEM as people have it: other line ends, text before and between, long lines, another label, no last line end")
    func pemForms() throws {
        let text = pem("CERTIFICATE", authority.certificate)
        let base64 = Data(authority.certificate).base64EncodedString()
        let forms = [
            text.replacingOccurrences(of: "\n", with: "\r\n"), "Certificate:\n    Version: 3 (0x2)\n" + text + "end\n",
            "Bag Attributes\n    friendlyName: x\n" + text + "\n\n",
            "-----BEGIN CERTIFICATE-----\n\(base64)\n-----END CERTIFICATE-----",
            pem("X509 CERTIFICATE", authority.certificate), "\u{FEFF}" + text,
            Data(authority.certificate).base64EncodedString(options: .lineLength76Characters) + "\n",
        ]
        for (index, form) in forms.enumerated() {
            let file = try? TrustFile(Array(form.utf8))
            #expect(file?.certificates.map(\.encoded) == [authority.certificate], "form \(index)")
        }
    }

    @Test("a pipe, a folder and a link to nowhere in the store are told and not waited for")
    func oddFiles() throws {
        let folder = try StoreFolder()
        defer { folder.remove() }
        try folder.make()
        #expect(mkfifo(folder.url.appending(path: "pipe.cer").path, 0o600) == 0)
        try FileManager.default.createDirectory(
            at: folder.url.appending(path: "folder.cer"), withIntermediateDirectories: false)
        try folder.write(authority.certificate, "real.bin")
        for (name, target) in [("nowhere.cer", "nothing"), ("link.cer", "real.bin")] {
            try FileManager.default.createSymbolicLink(
                at: folder.url.appending(path: name), withDestinationURL: folder.url.appending(path: target))
        }
        let store = TrustStore(folder: folder.url)
        #expect(store.problems.map(\.file) == ["folder.cer", "nowhere.cer", "pipe.cer"])
        #expect(store.certificates.map(\.file) == ["link.cer"])
    }

    @Test("no folder is a store without anybody, and says so")
    func noFolder() throws {
        let store = TrustStore(folder: try StoreFolder().url)
        #expect(store.certificates.isEmpty && store.problems.first?.reason.contains("kioskctl trust import") == true)
    }

    @Test("a folder that changes is read again, and only then")
    func changes() async throws {
        let folder = try StoreFolder()
        defer { folder.remove() }
        let trust = TrustFolder(folder.url)
        #expect(await trust.current().certificates.isEmpty)
        try plan(authority.certificate).write(to: folder.url)
        #expect(await trust.current().certificates.count == 1)
        #expect(await trust.current().certificates.count == 1)
        for name in folder.names { try FileManager.default.removeItem(at: folder.url.appending(path: name)) }
        #expect(await trust.current().certificates.isEmpty)
    }

    @Test("a CSCA that verifies itself is new, written under its country and fingerprint; twice is harmless")
    func single() throws {
        let folder = try StoreFolder()
        defer { folder.remove() }
        for bytes in [authority.certificate, Array(pem("CERTIFICATE", authority.certificate).utf8)] {
            let plan = try plan(bytes, folder.names.isEmpty ? TrustStore() : TrustStore(folder: folder.url))
            #expect(plan.items.map(\.kind) == [.authority])
            #expect(plan.new.count == (folder.names.isEmpty ? 1 : 0))
            try plan.write(to: folder.url)
        }
        let fingerprint = try CardCertificate(authority.certificate).fingerprint
        #expect(folder.names == ["VN-\(fingerprint.prefix(16)).cer"])
        #expect(TrustStore(folder: folder.url).certificates.map(\.certificate.encoded) == [authority.certificate])
    }

    @Test("the fingerprint is the one that openssl prints")
    func fingerprint() throws {
        let openssl = try OpenSSLProgram()
        defer { openssl.remove() }
        try openssl.write(authority.certificate, "root.der")
        let text = try openssl.run("x509", "-inform", "DER", "-in", "root.der", "-noout", "-fingerprint", "-sha256")
            .text
        let expected = try #require(text.split(separator: "=").last).filter(\.isHexDigit).lowercased()
        #expect(try CardCertificate(authority.certificate).fingerprint == expected)
    }

    @Test("refused: a CSCA whose own signature is bad, a stranger's link, a stranger's signer, a self-signed signer")
    func refused() throws {
        var broken = authority.certificate
        broken[broken.count - 1] ^= 1
        let successor = try SimulatedAuthority(validity: TestDay.years)
        let weak = try SimulatedAuthority(validity: TestDay.years, isAuthority: false)
        let cases: [([UInt8], String)] = [
            (broken, "own signature"), (try authority.link(to: successor), "import that first"),
            (try authority.signer().certificate, "import that first"), (weak.certificate, "no authority"),
        ]
        for (bytes, reason) in cases {
            let plan = try plan(bytes)
            guard case .refused(let why) = try #require(plan.items.first).outcome else {
                Issue.record("\(reason): not refused")
                continue
            }
            #expect(plan.new.isEmpty && why.contains(reason), "\(why)")
        }
    }

    @Test("a bundle in any order: links and signers are taken when their CSCA is in it or in the store")
    func order() throws {
        let successor = try SimulatedAuthority(validity: TestDay.years)
        let (link, signer) = (try authority.link(to: successor), try successor.signer())
        let parts = [signer.certificate, link, authority.certificate]
        for order in [parts, parts.reversed()] {
            let plan = try plan(Array(order.map { pem("CERTIFICATE", $0) }.joined().utf8))
            #expect(plan.new.map(\.kind) == [.authority, .link, .signer])
        }
        #expect(try plan(link, TrustStore(authority)).new.map(\.kind) == [.link])
    }

    @Test("a revocation list needs its CSCA's signature; a newer one takes the older one's place")
    func lists() throws {
        let folder = try StoreFolder()
        defer { folder.remove() }
        func list(_ issuer: SimulatedAuthority, _ day: Int) throws -> [UInt8] {
            try issuer.revocationList(
                revoking: [try issuer.signer()], issued: TestDay.days(day), nextUpdate: TestDay.days(day + 30))
        }
        #expect(try plan(try list(authority, 0)).new.isEmpty)
        let impostor = try SimulatedAuthority(validity: TestDay.years)
        #expect(try plan(try list(impostor, 0), TrustStore(authority)).new.isEmpty)
        try plan(authority.certificate).write(to: folder.url)
        for (day, isNew) in [(0, true), (-5, false), (0, false), (9, true)] {
            let plan = try plan(try list(authority, day), TrustStore(folder: folder.url))
            #expect(plan.new.count == (isNew ? 1 : 0), "day \(day)")
            try plan.write(to: folder.url)
        }
        let store = TrustStore(folder: folder.url)
        #expect(store.revocationLists.map(\.list.issued) == [TestDay.days(9)])
    }

    @Test("a master list is taken apart into certificates; one that is not genuine gives nothing")
    func masterList() throws {
        let others = try ["FR", "JP"].map { try SimulatedAuthority("CSCA", country: $0, validity: TestDay.years) }
        let list = try SimulatedIssuer.masterList(
            of: ([authority] + others).map(\.certificate), by: try authority.signer(purpose: .masterLists))
        let plan = try plan(list)
        #expect(plan.new.count == 3 && plan.listSignature?.isKnown == false)
        #expect(Set(plan.new.map { $0.fileName.prefix(3) }) == ["VN-", "FR-", "JP-"])
        var broken = list
        broken[broken.count - 1] ^= 1
        #expect(throws: MasterList.Refusal.self) { try self.plan(broken) }
        let folder = try StoreFolder()
        defer { folder.remove() }
        try folder.make()
        try folder.write(list, "list.der")
        let store = TrustStore(folder: folder.url)
        #expect(store.certificates.isEmpty && store.problems.first?.reason.contains("must be imported") == true)
    }

    @Test("LDIF of the ICAO directory: master list and revocation lists are taken, signers are left out")
    func ldif() throws {
        let list = try SimulatedIssuer.masterList(
            of: [authority.certificate], by: try authority.signer(purpose: .masterLists))
        let revocation = try authority.revocationList(
            revoking: [], issued: TestDay.now, nextUpdate: TestDay.days(30))
        func value(_ name: String, _ bytes: [UInt8]) -> String {
            // Lines of 76 characters, each but the first beginning with a space.
            let text = "\(name):: \(Data(bytes).base64EncodedString())"
            var lines: [Substring] = []
            var rest = text[...]
            while !rest.isEmpty {
                lines.append(rest.prefix(76))
                rest = rest.dropFirst(76)
            }
            return lines.joined(separator: "\n ") + "\n"
        }
        let file =
            "version: 1\n\ndn: cn=VN,dc=data,dc=icao,dc=int\nobjectClass: top\n"
            + value("pkdMasterListContent", list) + "\ndn: c=VN\n"
            + value("certificateRevocationList;binary", revocation) + "\ndn: c=VN\r\n"
            + value("userCertificate;binary", try authority.signer().certificate)
        let plan = try plan(Array(file.utf8))
        #expect(plan.new.map(\.kind) == [.authority, .revocationList])
        #expect(plan.problems.contains { $0.contains("1 document signers") })
    }

    @Test("trust list: what a technician compares, and what he must know")
    func report() throws {
        let algorithm = SimulatedIssuerAlgorithm(.curve("brainpoolP512r1", explicit: true), .ecdsa, .sha512)
        let expired = try SimulatedAuthority("Old", validity: TestDay.days(-90)...TestDay.days(-1))
        let ending = try SimulatedAuthority("Ending", validity: TestDay.days(-90)...TestDay.days(30))
        let vietnam = try SimulatedAuthority("CSCA", algorithm: algorithm, validity: TestDay.years)
        let list = try expired.revocationList(revoking: [], issued: TestDay.days(-60), nextUpdate: TestDay.days(-30))
        let store = TrustStore(expired, ending, vietnam, lists: [list])
        let report = TrustReport(store, folder: URL(filePath: "/trust"), at: TestDay.now)
        let one = try #require(report.certificates.first { $0.subject.contains("CN=CSCA") })
        #expect(one.country == "VN" && one.kind == .authority && one.warnings.isEmpty)
        #expect(one.algorithm == "ECDSA with SHA-512" && one.key == "brainpoolP512r1 (explicit parameters)")
        #expect(one.fingerprint.count == 64 && one.keyID.count == 40)
        let warnings = report.certificates.flatMap(\.warnings)
        #expect(warnings.contains { $0.hasPrefix("expired") } && warnings.contains("expires soon"))
        #expect(report.revocationLists.first?.warnings == ["outdated: import a newer one"])
    }
}
