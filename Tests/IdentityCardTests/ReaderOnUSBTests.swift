import DeviceTestSupport
import Peripherals
import Simulator
import SmartCard
import Testing

@testable import IdentityCard

/// The whole way: identity card reader, secure messaging, CCID driver, CCID device, chip.
@Suite("Reading an identity card through a CCID reader", .timeLimit(.minutes(2)))
struct ReaderOnUSBTests {
    private func bench(
        _ citizen: SyntheticCitizen
    ) async throws -> (device: CCIDReaderDevice, usb: InMemoryUSBDevice, reader: CCIDReader) {
        let device = CCIDReaderDevice(issuer: try #require(ReadingTests.issuer), makesCardsWait: false)
        try await device.insert(citizen)
        let usb = InMemoryUSBDevice(device)
        return (device, usb, try await CCIDReader(device: usb))
    }

    private func failure(_ reader: CCIDReader, _ key: CardKey) async -> CardReadError? {
        do throws(CardReadError) {
            _ = try await reader.readIdentityCard(key)
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
            let result = try await reader.readIdentityCard(.qr(citizen.qrText))
            #expect(result.citizen.number == citizen.number && result.verdicts.hashes.isPassed)
        }
        await reader.close()
    }

    @Test("a card that leaves after any command is told as removed, and the next reading works")
    func removedAnywhere() async throws {
        let citizen = SyntheticCitizen.nguyenVanA
        let (device, _, reader) = try await bench(citizen)
        let total = try await reader.readIdentityCard(.qr(citizen.qrText)).commands
        for index in 0..<total {
            _ = try await device.apply(["remove", "--after-apdu", String(index)])
            #expect(await failure(reader, .qr(citizen.qrText)) == .removed, "after command \(index)")
            #expect(await failure(reader, .qr(citizen.qrText)) == .noCard, "after command \(index)")
            try await device.insert(citizen)
            let result = try await reader.readIdentityCard(.qr(citizen.qrText))
            #expect(result.citizen.number == citizen.number, "after command \(index)")
        }
        await reader.close()
    }

    @Test("time extensions and stale frames don't disturb a reading", arguments: [["slow", "3"], ["stale"]])
    func slow(_ fault: [String]) async throws {
        let (device, _, reader) = try await bench(.roChamLan)
        _ = try await device.apply(fault)
        #expect(await failure(reader, .qr(SyntheticCitizen.roChamLan.qrText)) == nil)
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
