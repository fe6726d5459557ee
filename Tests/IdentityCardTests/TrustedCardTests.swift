import CardTrust
import Foundation
import Peripherals
import Testing

@testable import IdentityCard
@testable import Simulator

@Suite("Whose cards are trusted", .timeLimit(.minutes(2)))
struct TrustedCardTests {
    private static let day: TimeInterval = 86_400
    private let now = Date(timeIntervalSince1970: 1_790_000_000)
    private var years: ClosedRange<Date> { now - 3650 * Self.day...now + 3650 * Self.day }

    private func verdicts(_ issuer: SimulatedIssuer, lists: [[UInt8]] = []) async throws -> CardVerdicts {
        let chip = try SimulatedChip(.nguyenVanA, issuer: issuer)
        let now = now
        let context = ReadingContext(
            trust: TrustStore(certificates: [issuer.rootCertificate], revocationLists: lists), now: { now })
        let reader = IdentityCardReader(channel: ChipChannel(chip), context: context)
        return try await reader.read(.qr(SyntheticCitizen.nguyenVanA.qrText)).verdicts
    }

    @Test(
        "a whole card of each kind of issuer: all four verdicts pass",
        arguments: [
            SimulatedIssuerAlgorithm.standard, .init(.curve("brainpoolP512r1", explicit: true), .ecdsa, .sha512),
            .init(.rsa(bits: 2048), .pss(saltLength: 20), .sha256), .init(.rsa(bits: 2048), .pkcs1, .sha1),
        ])
    func whole(_ algorithm: SimulatedIssuerAlgorithm) async throws {
        let verdicts = try await verdicts(SimulatedIssuer(now: now, algorithm: algorithm))
        #expect(verdicts.missing(of: Set(CardVerdicts.Kind.allCases)).isEmpty, "\(verdicts)")
    }

    @Test("a signer whose time is over is trusted for a card that was issued within it, and for no other")
    func expired() async throws {
        let authority = try SimulatedAuthority(validity: years)
        // The card was issued on 2 May 2021.
        let issue = try #require(CalendarDate(year: 2021, month: 5, day: 2)).noon
        for (begin, end, isTrusted) in [(-30.0, 60.0, true), (1, 60, false), (-60, -1, false)] {
            let signer = try authority.signer(validity: issue + begin * Self.day...issue + end * Self.day)
            let verdicts = try await verdicts(SimulatedIssuer(authority: authority, signer: signer))
            #expect(verdicts.signature.isPassed)
            #expect(verdicts.trust.isPassed == isTrusted && verdicts.trust.isFailed == !isTrusted, "\(verdicts.trust)")
        }
    }

    @Test("a revoked signer: everything matches, and nobody vouches")
    func revoked() async throws {
        let authority = try SimulatedAuthority(validity: years)
        let signer = try authority.signer()
        let list = try authority.revocationList(
            revoking: [signer], issued: now - Self.day, nextUpdate: now + 30 * Self.day)
        let verdicts = try await verdicts(SimulatedIssuer(authority: authority, signer: signer), lists: [list])
        #expect(verdicts.hashes.isPassed && verdicts.signature.isPassed && verdicts.trust.isFailed)
    }
}
