import Foundation
import IdentityCard
import Peripherals
import Simulator

/// Reads one synthetic card with a photograph of 20 KB over modelled links and prints, as JSON, what it took; `card_bench.py` makes
/// the table. No time passes: the figures are the model's.
@main
struct CardBench {
    struct Figures: Codable {
        var way: String
        var kbit: Int
        var reader: String
        var commands: Int
        var bytes: Int
        var milliseconds: Double
        /// The part that the chip spends on key agreement.
        var agreementMs: Double
        /// Until the three groups are there without which the applicant cannot go on; 0 where it is not told.
        var holderMs: Double
        /// What the link alone needs for the files' bytes.
        var limitMs: Double
        var fileBytes: Int
    }

    private struct Bench {
        let citizen = SyntheticCitizen.nguyenVanA
        let issuer: SimulatedIssuer
        let isExtended: Bool
        let rate: ContactlessLink.BitRate
        var speed = ChipSpeed()

        /// A chip that gives two kilobytes at once, as EF.ATR/INFO says.
        func card() throws -> ModelledCard {
            var traits = SimulatedChip.Traits()
            traits.leastPhotograph = 20 * 1024
            traits.longestResponse = 2048
            traits.longestRead = 2048
            traits.takesExtendedLength = isExtended
            return ModelledCard(
                try SimulatedChip(citizen, issuer: issuer, traits: traits), link: ContactlessLink(rate),
                speed: speed, isExtended: isExtended)
        }

        /// - Parameter profiles: kept, so that the second card is of a known kind.
        func ours(_ profiles: ChipProfiles, _ name: String, fileBytes: Int) async throws -> Figures {
            let card = try card()
            var holder = Duration.zero
            let context = ReadingContext(profiles: profiles, clock: { card.elapsed })
            for await event in IdentityCardReader(channel: card, context: context).events(
                .qr(citizen.qrText), needs: [])
            {
                switch event {
                case .progress: break
                case .holder(let result): holder = result.steps.reduce(.zero) { $0 + $1.duration }
                case .finished(let result):
                    guard result.groups[2] != nil else { throw FixedBlocks.Unexpected() }
                case .failed(let error): throw error
                }
            }
            return figures(card, name, holder: holder, fileBytes: fileBytes)
        }

        func fixed() async throws -> Figures {
            let card = try card()
            var reader = FixedBlocks(card)
            let files = try await reader.read(
                cardAccessNumber: String(citizen.number.suffix(6)), groups: [0x0101, 0x010D, 0x0102])
            // EF.COM is not needed: EF.SOD lists the groups.
            let bytes = files.filter { $0.key != 0x011E }.reduce(0) { $0 + $1.value.count }
            return figures(card, "blocks of 223", holder: .zero, fileBytes: bytes)
        }

        private func figures(
            _ card: ModelledCard, _ name: String, holder: Duration, fileBytes: Int
        ) -> Figures {
            func ms(_ duration: Duration) -> Double { duration / .milliseconds(1) }
            return Figures(
                way: isExtended ? "extended" : "short", kbit: rate.rawValue, reader: name, commands: card.commands,
                bytes: card.bytes, milliseconds: ms(card.elapsed), agreementMs: ms(card.agreement),
                holderMs: ms(holder), limitMs: ms(ContactlessLink(rate).limit(fileBytes)), fileBytes: fileBytes)
        }
    }

    /// By how much a block more makes `Cipher.doFinal` longer, between 16 and 512 bytes, on the card that `ChipSpeed` names.
    private static let blockThroughJavaCard = Duration.microseconds(19)

    static func main() async throws {
        let issuer = try SimulatedIssuer()
        var all: [Figures] = []
        for rate in ContactlessLink.BitRate.allCases {
            for isExtended in [true, false] {
                let bench = Bench(issuer: issuer, isExtended: isExtended, rate: rate)
                let fixed = try await bench.fixed()
                let profiles = ChipProfiles()
                all.append(fixed)
                all.append(try await bench.ours(profiles, "first of its kind", fileBytes: fixed.fileBytes))
                all.append(try await bench.ours(profiles, "known kind", fileBytes: fixed.fileBytes))
                var slow = bench
                slow.speed.block = Self.blockThroughJavaCard
                all.append(try await slow.ours(ChipProfiles(), "Java Card's AES", fileBytes: fixed.fileBytes))
            }
        }
        FileHandle.standardOutput.write(try JSONEncoder().encode(all))
    }
}
