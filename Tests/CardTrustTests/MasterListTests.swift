import Foundation
import Peripherals
import Testing

@testable import CardTrust
@testable import Simulator

@Suite("CSCA master lists (ICAO 9303-12, 8)")
struct MasterListTests {
    private let publisher: SimulatedAuthority
    private let others: [SimulatedAuthority]

    init() throws {
        publisher = try SimulatedAuthority("Publisher", country: "DE", validity: TestDay.years)
        others = try ["VN", "FR", "JP"].map { try SimulatedAuthority("CSCA", country: $0, validity: TestDay.years) }
    }

    private var certificates: [[UInt8]] { ([publisher] + others).map(\.certificate) }

    private func list(
        of certificates: [[UInt8]]? = nil, by signer: SimulatedSigner? = nil, form: SimulatedSigner.Form = .init()
    ) throws -> [UInt8] {
        try SimulatedIssuer.masterList(
            of: certificates ?? self.certificates, by: try signer ?? publisher.signer(purpose: .masterLists), form: form
        )
    }

    private func refusal(_ bytes: [UInt8], _ store: TrustStore = TrustStore()) throws -> String? {
        let list = try MasterList(bytes)
        do throws(MasterList.Refusal) { _ = try list.verify(with: store, at: TestDay.now) } catch {
            return error.description
        }
        return nil
    }

    @Test("a good list: its certificates, who signed it, and whether its authority was known before")
    func good() throws {
        var form = SimulatedSigner.Form()
        form.attributes = .usual(time: TestDay.days(-3))
        for isBER in [false, true] {
            form.isBER = isBER
            let list = try MasterList(try list(form: form))
            #expect(Set(list.certificates.map(\.encoded)) == Set(certificates))
            let alone = try list.verify(with: TrustStore(), at: TestDay.now)
            #expect(alone.authority.encoded == publisher.certificate && !alone.isKnown)
            #expect(alone.signedAt == TestDay.days(-3))
            #expect(try list.verify(with: TrustStore(publisher), at: TestDay.now).isKnown)
        }
    }

    @Test("openssl finds the simulator's list as good as we do")
    func openssl() throws {
        let openssl = try OpenSSLProgram()
        defer { openssl.remove() }
        try openssl.write(pem: "CERTIFICATE", publisher.certificate, "root.pem")
        try openssl.write(try list(), "list.ml")
        let outcome = try openssl.run(
            "cms", "-verify", "-inform", "DER", "-in", "list.ml", "-CAfile", "root.pem", "-purpose", "any", "-attime",
            "1790000000", "-out", "content.der")
        #expect(outcome.isFine, "\(outcome.text)")
    }

    @Test("an authority that is only in the store vouches, too")
    func publisherInStore() throws {
        let list = try list(of: others.map(\.certificate))
        #expect(try refusal(list)?.contains("no CSCA of DE") == true)
        #expect(try refusal(list, TrustStore(publisher)) == nil)
    }

    @Test("a list that a document signer signed, a revoked signer, an expired one: refused")
    func wrongSigners() throws {
        #expect(try refusal(try list(by: try publisher.signer()))?.contains("not for master lists") == true)
        let signer = try publisher.signer(purpose: .masterLists)
        let revoked = try publisher.revocationList(
            revoking: [signer], issued: TestDay.days(-1), nextUpdate: TestDay.days(9))
        #expect(try refusal(try list(by: signer), TrustStore(publisher, lists: [revoked]))?.contains("revoked") == true)
        let old = try publisher.signer(validity: TestDay.days(-90)...TestDay.days(-1), purpose: .masterLists)
        #expect(try refusal(try list(by: old))?.contains("was not valid") == true)
    }

    @Test("an altered byte of the list's content or signature: refused, at every place")
    func altered() async throws {
        let bytes = try list()
        let content = try #require(bytes.firstRange(of: certificates[0]))
        let places = Array(content.prefix(200)) + Array(bytes.indices.suffix(70))
        for index in places {
            await Task.yield()
            var altered = bytes
            altered[index] ^= 1
            guard (try? MasterList(altered)) != nil else { continue }
            #expect(try refusal(altered) != nil, "byte \(index)")
        }
    }

    @Test("one certificate that cannot be read takes nothing from the others, and is told")
    func oneBadCertificate() throws {
        let list = try MasterList(try list(of: certificates + [[0x30, 0x03, 0x02, 0x01, 0x05]]))
        #expect(list.certificates.count == 4 && list.problems.count == 1)
        #expect(throws: Never.self) { _ = try list.verify(with: TrustStore(), at: TestDay.now) }
    }
}
