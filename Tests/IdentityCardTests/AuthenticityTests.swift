import CardTrust
import Foundation
import Peripherals
import SmartCard
import Testing

@testable import IdentityCard
@testable import Simulator

/// The four verdicts of a whole reading: genuine cards, copies, and issuers that nobody knows.
@Suite("What a reading proves about a card", .timeLimit(.minutes(2)))
struct AuthenticityTests {
    typealias Protocols = ChipProtocols

    private struct Course {
        var holder: CardReadResult?
        var finished: CardReadResult
        var commands: [String]
    }

    /// - Parameter knowsIssuer: the issuer's root is in the kiosk's trust store.
    private func course(
        _ protocols: Protocols, needs: Set<CardVerdicts.Kind> = [.chip], knowsIssuer: Bool = true,
        isExtended: Bool = true, _ change: (inout SimulatedChip.Traits) -> Void = { _ in }
    ) async throws -> Course {
        let issuer = try #require(ReadingTests.issuer)
        var traits = SimulatedChip.Traits()
        traits.protocols = protocols
        change(&traits)
        let chip = try SimulatedChip(.nguyenVanA, issuer: issuer, traits: traits)
        let store = knowsIssuer ? TrustStore(certificates: [issuer.rootCertificate]) : TrustStore()
        let seen = SeenCommands()
        let context = ReadingContext(trust: store, observer: { seen.note($0) })
        let reader = IdentityCardReader(channel: ChipChannel(chip, isExtended: isExtended), context: context)
        var holder: CardReadResult?
        for await event in reader.events(.qr(SyntheticCitizen.nguyenVanA.qrText), needs: needs) {
            switch event {
            case .progress: break
            case .holder(let result): holder = result
            case .finished(let result): return Course(holder: holder, finished: result, commands: seen.names)
            case .failed(let error): throw error
            }
        }
        throw Unexpected()
    }

    private func expectAll(_ verdicts: CardVerdicts?, chip: String) {
        guard let verdicts else {
            Issue.record("no holder")
            return
        }
        #expect(verdicts.hashes.isPassed && verdicts.signature.isPassed && verdicts.trust.isPassed, "\(verdicts)")
        guard case .passed(let name?) = verdicts.chip else {
            Issue.record("\(verdicts.chip)")
            return
        }
        #expect(name.contains(chip))
    }

    private static let active = Protocols(
        pace: [.init(.ecdhGeneric, .aes128, parameter: 13)], signature: .ecdsa(.nistP256, .sha256))
    private static let mapping = Protocols(
        pace: [.init(.ecdhChipAuthentication, .aes128, parameter: 13)],
        keyAgreement: [.init(parameter: 13, cipher: .aes128)])

    @Test(
        "a genuine chip passes all four before the holder is told, by the protocol that it has",
        arguments: [true, false])
    func genuine(isExtended: Bool) async throws {
        for (protocols, name) in [
            (.vietnamese, "chip authentication"), (.basicAccessOnly, "chip authentication"),
            (Self.active, "active authentication"), (Self.mapping, "chip authentication mapping"),
        ] as [(Protocols, String)] {
            let course = try await course(protocols, isExtended: isExtended)
            expectAll(course.holder?.verdicts, chip: name)
            expectAll(course.finished.verdicts, chip: name)
            #expect(course.finished.groups[2] != nil)
        }
    }

    @Test("what is not needed comes after the holder")
    func later() async throws {
        let course = try await course(.vietnamese, needs: [.hashes])
        guard case .notReached = course.holder?.verdicts.chip else { throw Unexpected() }
        #expect(course.holder?.verdicts.trust.isPassed == true)
        expectAll(course.finished.verdicts, chip: "chip authentication")
        #expect(course.finished.steps.map(\.name).suffix(3) == ["DG14", "chip authentication", "DG2"])
    }

    @Test("chip authentication costs its own two commands: the next file's answer confirms the keys")
    func noExtraCommand() async throws {
        let course = try await course(.vietnamese)
        let authentication = course.commands.firstIndex(of: "22") ?? 0
        #expect(course.commands[authentication...].contains("86"))
        #expect(!course.commands.suffix(3).contains("A4"))
        #expect(course.commands.count { $0 == "A4" } == 1)
    }

    @Test(
        "a copy that answers with other keys, or says that it knows no protocol, fails the chip's verdict only",
        arguments: Protocols.Clone.allCases)
    func clones(_ clone: Protocols.Clone) async throws {
        for var protocols in [Protocols.vietnamese, .basicAccessOnly, Self.active, Self.mapping] {
            protocols.clone = clone
            let verdicts = try await course(protocols).finished.verdicts
            #expect(verdicts.chip.isFailed, "\(verdicts.chip)")
            #expect(verdicts.hashes.isPassed && verdicts.signature.isPassed && verdicts.trust.isPassed)
        }
    }

    @Test("without a trust store trust is not reached; the chip has still the key that the signed list names")
    func unknownIssuer() async throws {
        for protocols in [Protocols.vietnamese, Self.active, Self.mapping] {
            let verdicts = try await course(protocols, knowsIssuer: false).finished.verdicts
            #expect(!verdicts.trust.isPassed && verdicts.signature.isPassed && verdicts.chip.isPassed, "\(verdicts)")
        }
    }

    @Test(
        "chip authentication that fails without protection costs a session, not the reading",
        arguments: [UInt16(0x6F00), 0x6A80, 0x6988])
    func failure(status: UInt16) async throws {
        let course = try await course(.vietnamese) { $0.chipAuthenticationFailure = status }
        #expect(course.finished.verdicts.chip.isFailed && course.finished.verdicts.hashes.isPassed)
        #expect(course.finished.groups[2] != nil && course.finished.photograph != nil)
        // Active authentication where the card has it, too.
        var both = Self.active
        both.keyAgreement = Protocols.vietnamese.keyAgreement
        let second = try await self.course(both) { $0.chipAuthenticationFailure = status }
        expectAll(second.finished.verdicts, chip: "active authentication")
    }

    @Test("a signer that expired since is trusted for the cards that it signed while it was valid")
    func expiredSigner() async throws {
        // Valid from 2021 to 2031; the card was issued on 2 May 2021.
        let issuer = try SimulatedIssuer(now: Date(timeIntervalSince1970: 1_609_459_200))
        for now in [1_700_000_000.0, 2_200_000_000] {
            let context = ReadingContext(
                trust: TrustStore(certificates: [issuer.rootCertificate]),
                now: { Date(timeIntervalSince1970: now) })
            let chip = try SimulatedChip(.nguyenVanA, issuer: issuer)
            let verdicts = try await IdentityCardReader(channel: ChipChannel(chip), context: context)
                .read(.can("123456")).verdicts
            #expect(verdicts.trust.isPassed, "\(verdicts.trust)")
        }
        // Issued before the signer was valid, read after it.
        var old = SyntheticCitizen.nguyenVanA
        old.dateOfIssue = "02052020"
        let chip = try SimulatedChip(old, issuer: issuer)
        let context = ReadingContext(
            trust: TrustStore(certificates: [issuer.rootCertificate]),
            now: { Date(timeIntervalSince1970: 2_200_000_000) })
        let verdicts = try await IdentityCardReader(channel: ChipChannel(chip), context: context)
            .read(.can("123456")).verdicts
        #expect(!verdicts.trust.isPassed && verdicts.signature.isPassed)
    }

    @Test("a card that leaves at any command never gains a verdict that it did not earn")
    func removed() async throws {
        let issuer = try #require(ReadingTests.issuer)
        let store = TrustStore(certificates: [issuer.rootCertificate])
        let chip = try SimulatedChip(.nguyenVanA, issuer: issuer)
        let channel = ChipChannel(chip)
        let context = ReadingContext(trust: store)
        let key = CardKey.qr(SyntheticCitizen.nguyenVanA.qrText)
        // The first reading gets to know the kind of chip; the others take as many commands as the second.
        _ = try await IdentityCardReader(channel: channel, context: context).read(key)
        await channel.insertAgain()
        let whole = try await IdentityCardReader(channel: channel, context: context).read(key)
        let photograph = whole.steps.last?.commands ?? 0
        for index in 0..<whole.commands {
            await channel.insertAgain()
            await channel.removeAfter(index)
            for await event in IdentityCardReader(channel: channel, context: context).events(key, needs: []) {
                guard case .finished(let result) = event else { continue }
                // The first answer of the photograph's commands confirms the keys.
                #expect(result.verdicts.chip.isPassed == (index > whole.commands - photograph), "after \(index)")
                #expect(result.verdicts.signature.isPassed)
            }
        }
    }
}
