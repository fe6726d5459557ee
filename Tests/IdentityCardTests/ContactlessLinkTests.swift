import Peripherals
import SmartCard
import Synchronization
import Testing

@testable import IdentityCard
@testable import Simulator

/// The model against figures worked out by hand, and what a reading costs on it. No time passes.
@Suite("The contactless link model")
struct ContactlessLinkTests {
    @Test(
        "a frame: two bits and nine a byte, at 128 carrier periods a bit or a fraction of it, a preamble above 106",
        arguments: [
            (ContactlessLink.BitRate.kbit106, 128, 0), (.kbit212, 64, 512), (.kbit424, 32, 512), (.kbit848, 16, 512),
        ])
    func frames(rate: ContactlessLink.BitRate, periods: Int, preamble: Int) {
        let link = ContactlessLink(rate)
        for bytes in [3, 22, 256] {
            let bits = 9 * bytes + 2
            #expect(link.frame(bytes, fromCard: false) == ContactlessLink.carrier(periods: bits * periods))
            #expect(
                link.frame(bytes, fromCard: true) == ContactlessLink.carrier(periods: bits * periods + preamble))
        }
        // 13.56 million periods are a second.
        #expect(ContactlessLink.carrier(periods: 13_560_000) == .seconds(1))
    }

    @Test("a chain: 253 bytes a frame of 256, each but the last acknowledged with three bytes")
    func chains() {
        let link = ContactlessLink(.kbit424)
        func time(_ frames: [Int]) -> Duration {
            var time = Duration.zero
            for (index, frame) in frames.enumerated() {
                time += link.frame(frame, fromCard: true)
                if index < frames.count - 1 { time += link.frame(3, fromCard: false) + link.frameDelay * 2 }
            }
            return time
        }
        #expect(link.chain(253, fromCard: true) == time([256]))
        #expect(link.chain(254, fromCard: true) == time([256, 4]))
        #expect(link.limit(253 * 3) == time([256, 256, 256]))
        let small = ContactlessLink(.kbit424, frameSize: 64)
        #expect(small.limit(20_000) > link.limit(20_000))
    }

    @Test("key agreement is told from the rest: two key pairs and three agreements in PACE, one in chip authentication")
    func work() {
        let speed = ChipSpeed(
            latency: .milliseconds(1), block: .microseconds(10), keyPair: .milliseconds(30),
            agreement: .milliseconds(20))
        func agreement(_ command: String) -> Duration { speed.work(command: hex(command), response: []).agreement }
        #expect(agreement("10860000047C02810000") == .milliseconds(70))
        #expect(agreement("10860000047C02830000") == .milliseconds(50))
        #expect(agreement("10860000027C0000") == .zero && agreement("008600000C7C0A8508") == .zero)
        #expect(agreement("0C860000048702010000") == .milliseconds(20))
        let read = speed.work(command: [UInt8](repeating: 0x0C, count: 16), response: [UInt8](repeating: 0, count: 160))
        #expect(read.rest == .milliseconds(1) + .microseconds(10) * 26 && read.agreement == .zero)
    }

    private struct Cost {
        var time: Duration
        var holder: Duration
        var agreement: Duration
        var commands: Int
        var fileBytes: Int
    }

    private final class Channel: CardChannel {
        let card: Mutex<ContactlessCard>
        let maximumCommandLength: Int

        init(_ card: ContactlessCard, isExtended: Bool) {
            self.card = Mutex(card)
            maximumCommandLength = isExtended ? 65_544 : 261
        }

        var elapsed: Duration { card.withLock { $0.elapsed } }

        func transmit(
            _ command: APDU.Command, deadline: Duration
        ) async throws(SmartCardError) -> APDU.Response {
            let answer = card.withLock { $0.process(command.bytes) }
            guard let response = APDU.Response(bytes: answer) else { throw .reader("no status") }
            return response
        }

        func resetCard() async throws(SmartCardError) { card.withLock { $0.reset() } }
    }

    private func cost(isExtended: Bool, _ profiles: ChipProfiles = ChipProfiles()) async throws -> Cost {
        var traits = SimulatedChip.Traits()
        traits.leastPhotograph = 20 * 1024
        traits.longestResponse = 2048
        traits.longestRead = 2048
        traits.takesExtendedLength = isExtended
        let chip = try SimulatedChip(.nguyenVanA, issuer: try #require(ReadingTests.issuer), traits: traits)
        let channel = Channel(ContactlessCard(chip, link: ContactlessLink(.kbit424)), isExtended: isExtended)
        let context = ReadingContext(profiles: profiles, clock: { channel.elapsed })
        var holder = Duration.zero
        var groups: [Int: [UInt8]] = [:]
        let events = IdentityCardReader(channel: channel, context: context).events(.can("123456"), needs: [])
        for await event in events {
            if case .holder(let result) = event { holder = result.steps.reduce(.zero) { $0 + $1.duration } }
            if case .finished(let result) = event { groups = result.groups }
        }
        #expect((groups[2]?.count ?? 0) > 20 * 1024)
        let card = channel.card.withLock { $0 }
        return Cost(
            time: card.elapsed, holder: holder, agreement: card.agreement, commands: card.commands,
            fileBytes: groups.reduce(0) { $0 + $1.value.count })
    }

    @Test(
        "a card with a photograph of 20 KB at 424 kbit/s is read near the limit of the link", arguments: [true, false])
    func nearTheLimit(isExtended: Bool) async throws {
        let cost = try await cost(isExtended: isExtended)
        // Without EF.SOD, whose length is not told: the limit is set lower than it is.
        let limit = ContactlessLink(.kbit424).limit(cost.fileBytes)
        #expect((cost.time - cost.agreement) / limit < (isExtended ? 1.25 : 1.5))
        #expect(cost.holder < .seconds(1))
        #expect(cost.commands < (isExtended ? 32 : 120))
    }

    @Test("the second card of a kind costs no command to get to know")
    func knownKind() async throws {
        let profiles = ChipProfiles()
        let first = try await cost(isExtended: true, profiles)
        let second = try await cost(isExtended: true, profiles)
        #expect(second.commands == first.commands - 1)
    }
}
