import DeviceTestSupport
import Peripherals
import Simulator
import SmartCard
import Testing

@testable import IdentityCard

/// The whole way: identity card reader, secure messaging, CCID driver, CCID device, chip.
@Suite("Reading an identity card through a CCID reader", .timeLimit(.minutes(2)))
struct ReaderOnUSBTests {
    /// A new one each time: no reading knows the kind of chip.
    private static var context: ReadingContext { ReadingContext(clock: { .zero }) }

    private func bench(
        _ citizen: SyntheticCitizen, traits: SimulatedChip.Traits = .init()
    ) async throws -> (device: CCIDReaderDevice, usb: InMemoryUSBDevice, reader: CCIDReader) {
        let device = CCIDReaderDevice(
            issuer: try #require(ReadingTests.issuer), traits: traits, makesCardsWait: false)
        try await device.insert(citizen)
        let usb = InMemoryUSBDevice(device)
        // The machine may be busy with other tests: nothing here depends on how long anything takes.
        let profile = CCIDReaderProfile(firstAnswerMs: 60_000, patienceMs: 60_000)
        return (device, usb, try await CCIDReader(device: usb, profile: profile))
    }

    private func failure(_ reader: CCIDReader, _ key: CardKey) async -> CardReadError? {
        do throws(CardReadError) {
            _ = try await reader.readIdentityCard(key, context: Self.context)
            return nil
        } catch {
            return error
        }
    }

    @Test("every card, one after the other on the same reader")
    func everyCard() async throws {
        let (device, _, reader) = try await bench(.nguyenVanA)
        for citizen in SyntheticCitizen.all {
            try await device.insert(citizen)
            let result = try await reader.readIdentityCard(.qr(citizen.qrText), context: Self.context)
            #expect(result.citizen.number == citizen.number && result.verdicts.hashes.isPassed)
        }
        await reader.close()
    }

    @Test("a card that leaves after any command is told as removed, and the next reading works")
    func removedAnywhere() async throws {
        let citizen = SyntheticCitizen.nguyenVanA
        let (device, _, reader) = try await bench(citizen)
        let total = try await reader.readIdentityCard(.qr(citizen.qrText), context: Self.context).commands
        for index in 0..<total {
            _ = try await device.apply(["remove", "--after-apdu", String(index)])
            await expectEnd(reader, citizen, before: .removed, "after command \(index)")
            #expect(await failure(reader, .qr(citizen.qrText)) == .noCard, "after command \(index)")
            try await device.insert(citizen)
            let result = try await reader.readIdentityCard(.qr(citizen.qrText), context: Self.context)
            #expect(result.citizen.number == citizen.number, "after command \(index)")
        }
        await reader.close()
    }

    @Test("a reader that is unplugged after any command: no reader, and the one plugged in again works")
    func unpluggedAnywhere() async throws {
        let citizen = SyntheticCitizen.nguyenVanA
        let (_, _, first) = try await bench(citizen)
        let total = try await first.readIdentityCard(.qr(citizen.qrText), context: Self.context).commands
        await first.close()
        for index in 0..<total {
            let (_, usb, reader) = try await bench(citizen)
            let cutting = CuttingTerminal(reader: reader, usb: usb, after: index)
            await expectEnd(cutting, citizen, before: .noReader, "after command \(index)")
            #expect(await failure(reader, .qr(citizen.qrText)) == .noReader, "after command \(index)")
            await reader.close()
            let (_, _, next) = try await bench(citizen)
            #expect(await failure(next, .qr(citizen.qrText)) == nil, "after command \(index)")
            await next.close()
        }
    }

    /// Before the holder is known the reading fails so; afterwards it is finished with less.
    private func expectEnd(
        _ terminal: any CardTerminal, _ citizen: SyntheticCitizen, before error: CardReadError, _ comment: Comment
    ) async {
        var isHolderTold = false
        for await event in terminal.identityCardEvents(.qr(citizen.qrText), needs: [], context: Self.context) {
            switch event {
            case .progress: break
            case .holder: isHolderTold = true
            case .finished(let result):
                #expect(isHolderTold && result.citizen.number == citizen.number && result.groups[2] == nil, comment)
            case .failed(let failure): #expect(!isHolderTold && failure == error, comment)
            }
        }
    }

    @Test("time extensions and stale frames don't disturb a reading", arguments: [["slow", "3"], ["stale"]])
    func slow(_ fault: [String]) async throws {
        // Short answers, so that no command comes near its ten seconds on a busy machine, each frame with a stale one before it.
        var traits = SimulatedChip.Traits()
        traits.longestRead = 900
        let (device, _, reader) = try await bench(.roChamLan, traits: traits)
        _ = try await device.apply(fault)
        let error = await failure(reader, .qr(SyntheticCitizen.roChamLan.qrText))
        #expect(error == nil)
        await reader.close()
    }

    @Test("wrong keys, no card, no reader: each has its own error, and the reader stays usable until it is pulled")
    func errors() async throws {
        let (device, usb, reader) = try await bench(.nguyenVanA)
        #expect(await failure(reader, .can("000000")) == .wrongKey)
        #expect(await failure(reader, .qr("?")) == .notAnIdentityCardQR)
        await device.remove()
        #expect(await failure(reader, .can("123456")) == .noCard)
        try await device.insert(.nguyenVanA)
        #expect(await failure(reader, .can("123456")) == nil)
        await usb.unplug()
        #expect(await failure(reader, .can("123456")) == .noReader)
        await reader.close()
    }
}
