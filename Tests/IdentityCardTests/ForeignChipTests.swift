import CardTrust
import Peripherals
import Testing

@testable import IdentityCard
@testable import Simulator

/// What other issuers put on a chip, through a whole reading.
@Suite("A chip with more than Vietnamese cards have", .timeLimit(.minutes(2)))
struct ForeignChipTests {
    private func read(_ citizen: SyntheticCitizen) async throws -> CardReadResult {
        let issuer = try #require(ReadingTests.issuer)
        let context = ReadingContext(trust: TrustStore(certificates: [issuer.rootCertificate]))
        let chip = try SimulatedChip(citizen, issuer: issuer)
        for await event in IdentityCardReader(channel: ChipChannel(chip), context: context)
            .events(.qr(citizen.qrText), needs: [])
        {
            switch event {
            case .progress, .holder: break
            case .finished(let result): return result
            case .failed(let error): throw error
            }
        }
        throw Unexpected()
    }

    @Test("DG11 and DG12 are read, kept as they are, and their hashes are right")
    func details() async throws {
        var citizen = SyntheticCitizen.roChamLan
        citizen.hasAdditionalDetails = true
        let result = try await read(citizen)
        #expect(result.verdicts.hashes.isPassed)
        #expect(try DataGroup11(try #require(result.groups[11])).personalNumber == citizen.number)
        #expect(try DataGroup12(try #require(result.groups[12])).issuingAuthority == "Co quan mo phong")
    }

    @Test(
        "a photograph in JPEG 2000 comes as a JPEG, whatever record is around it",
        arguments: SyntheticCitizen.Portrait.Container.allCases)
    func photograph(_ container: SyntheticCitizen.Portrait.Container) async throws {
        var citizen = SyntheticCitizen.roChamLan
        citizen.portrait = .init(.jpeg2000Codestream, in: container)
        let result = try await read(citizen)
        #expect(result.verdicts.hashes.isPassed)
        #expect(result.photograph?.width == 240 && result.photograph?.jpeg.starts(with: [0xFF, 0xD8]) == true)
    }
}
