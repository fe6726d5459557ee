import DeviceTestSupport
import Simulator
import Testing
import USB

@testable import SmartCard

/// The driver against the simulator's reader, byte for byte, without a bus in between.
@Suite("CCID reader", .timeLimit(.minutes(1)))
struct CCIDReaderTests {
    private static let issuer = try? SimulatedIssuer()

    private struct Bench {
        let device: CCIDReaderDevice
        let usb: InMemoryUSBDevice
        let reader: CCIDReader
    }

    private func bench(card: Bool = true, withoutInterrupt: Bool = false, _ faults: [String]...) async throws -> Bench {
        let device = CCIDReaderDevice(issuer: try #require(Self.issuer), makesCardsWait: false)
        if card { try await device.insert(.nguyenVanA) }
        for fault in faults { _ = try await device.apply(fault) }
        let usb = InMemoryUSBDevice(
            device, info: USBDeviceInfo(device.descriptors, withoutInterrupt: withoutInterrupt))
        let profile = CCIDReaderProfile(
            firstAnswerMs: 10_000, statusMs: 3_600_000, pollIntervalMs: 5, patienceMs: 3_600_000, removalGraceMs: 5)
        return Bench(
            device: device, usb: usb, reader: try await CCIDReader(device: usb, profile: profile))
    }

    private let identifier = APDU.Command(cla: 0xFF, ins: 0xCA, p1: 0, p2: 0, le: 256)

    /// Asks for the identifier: what came of it, in one word.
    private func ask(
        _ reader: CCIDReader, deadline: Duration = .seconds(30)
    ) async -> Result<Int, SmartCardError> {
        do throws(SmartCardError) {
            return try await reader.withCard { card in
                do throws(SmartCardError) {
                    return .success(try await card.exchange(identifier, deadline: deadline).data.count)
                } catch {
                    return .failure(error)
                }
            }
        } catch {
            return .failure(error)
        }
    }

    @Test("a card is powered up, answers, and is powered down again; the next session begins afresh")
    func sessions() async throws {
        let bench = try await bench()
        for _ in 0..<3 { #expect(await ask(bench.reader) == .success(4)) }
        let atr = try await bench.reader.withCard { await $0.answerToReset }
        #expect(atr.starts(with: [0x3B, 0x85, 0x80, 0x01]) && atr.dropFirst().reduce(0, ^) == 0)
        await bench.reader.close()
    }

    @Test("without a card: no card, and the reader stays usable")
    func noCard() async throws {
        let bench = try await bench(card: false)
        #expect(await ask(bench.reader) == .failure(.noCard))
        try await bench.device.insert(.nguyenVanA)
        #expect(await ask(bench.reader) == .success(4))
        await bench.reader.close()
    }

    @Test("presence is told at once, then at each change, by interrupt or by polling", arguments: [false, true])
    func presence(withoutInterrupt: Bool) async throws {
        let bench = try await bench(card: false, withoutInterrupt: withoutInterrupt)
        var presences = await bench.reader.presences().makeAsyncIterator()
        #expect(await presences.next() == false)
        try await bench.device.insert(.nguyenVanA)
        #expect(await presences.next() == true)
        await bench.device.remove()
        #expect(await presences.next() == false)
        await bench.usb.unplug()
        // Whatever the driver does next, it notices: the interrupt transfer ends with the card's next move.
        try await bench.device.insert(.nguyenVanA)
        #expect(await presences.next() == nil)
        await bench.reader.close()
    }

    @Test(
        "faults that a reader recovers from by itself",
        arguments: [["slow", "5"], ["stale"], ["no-slot-change"]])
    func harmless(_ fault: [String]) async throws {
        let bench = try await bench(fault)
        #expect(await ask(bench.reader) == .success(4))
        await bench.reader.close()
    }

    @Test("a silent reader is aborted; a deaf one is reset; the next session works", arguments: ["silent", "deaf"])
    func silent(_ fault: String) async throws {
        let bench = try await bench()
        let outcome = try await bench.reader.withCard { card -> Result<APDU.Response, SmartCardError> in
            _ = try? await bench.device.apply([fault])
            do throws(SmartCardError) {
                return .success(try await card.exchange(identifier, deadline: .milliseconds(30)))
            } catch {
                return .failure(error)
            }
        }
        #expect(throws: SmartCardError.self) { try outcome.get() }
        _ = try await bench.device.apply(["healthy"])
        #expect(await ask(bench.reader) == .success(4))
        await bench.reader.close()
    }

    @Test("a halted endpoint or a garbage frame costs one session, not two", arguments: ["stall", "garbage"])
    func broken(_ fault: String) async throws {
        let bench = try await bench()
        _ = try await bench.device.apply([fault])
        if case .success = await ask(bench.reader) { Issue.record("expected a failure") }
        #expect(await ask(bench.reader) == .success(4))
        await bench.reader.close()
    }

    @Test("a card that leaves in the middle is told as removed, and a channel of an earlier session is dead")
    func removed() async throws {
        let bench = try await bench(["remove", "--after-apdu", "1"])
        let kept = try await bench.reader.withCard { card -> any CardChannel in
            let first = try? await card.exchange(identifier, deadline: .seconds(1))
            #expect(first?.status == .success)
            await #expect(throws: SmartCardError.removed) { try await card.exchange(identifier, deadline: .seconds(1)) }
            return card
        }
        try await bench.device.insert(.nguyenVanA)
        #expect(await ask(bench.reader) == .success(4))
        await #expect(throws: SmartCardError.removed) { try await kept.exchange(identifier, deadline: .seconds(1)) }
        await bench.reader.close()
    }

    @Test("a reader that is silent while its card leaves does not hold the next applicant up")
    func silentRemoval() async throws {
        let bench = try await bench()
        let outcome = try await bench.reader.withCard { card -> Result<APDU.Response, SmartCardError> in
            _ = try? await bench.device.apply(["silent"])
            let removal = Task {
                // The command must be on its way: presence changes only matter to a running one.
                while await !bench.device.isHoldingBack { await Task.yield() }
                await bench.device.remove()
            }
            defer { removal.cancel() }
            do throws(SmartCardError) {
                return .success(try await card.exchange(identifier, deadline: .seconds(3600)))
            } catch {
                return .failure(error)
            }
        }
        #expect(outcome == .failure(.removed))
        _ = try await bench.device.apply(["healthy"])
        try await bench.device.insert(.nguyenVanA)
        #expect(await ask(bench.reader) == .success(4))
        await bench.reader.close()
    }

    @Test("a reader pulled out is gone for good")
    func unplugged() async throws {
        let bench = try await bench()
        await bench.usb.unplug()
        #expect(await ask(bench.reader) == .failure(.readerGone))
        #expect(await ask(bench.reader) == .failure(.readerGone))
        for await _ in await bench.reader.presences() { Issue.record("a reader that is gone has no presence") }
        await bench.reader.close()
        #expect(await bench.usb.isClosed)
    }

    @Test("sessions asked for at the same time run one after the other")
    func concurrent() async throws {
        let bench = try await bench()
        let outcomes = await withTaskGroup(of: Result<Int, SmartCardError>.self) { group in
            for _ in 0..<8 { group.addTask { await ask(bench.reader, deadline: .seconds(5)) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.allSatisfy { $0 == .success(4) })
        await bench.reader.close()
    }

    @Test("a cancelled session ends soon, and the next one works")
    func cancelled() async throws {
        let bench = try await bench()
        let (stream, started) = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            try await bench.reader.withCard { card -> Result<APDU.Response, SmartCardError> in
                _ = try? await bench.device.apply(["silent"])
                started.yield()
                do throws(SmartCardError) {
                    return .success(try await card.exchange(identifier, deadline: .seconds(3600)))
                } catch {
                    return .failure(error)
                }
            }
        }
        for await _ in stream { break }
        task.cancel()
        #expect(try await task.value == .failure(.cancelled))
        _ = try await bench.device.apply(["healthy"])
        #expect(await ask(bench.reader) == .success(4))
        await bench.reader.close()
    }

    @Test("contact readers at TPDU level are refused with a word that helps")
    func contactReader() async throws {
        let device = CCIDReaderDevice(issuer: try #require(Self.issuer))
        var info = USBDeviceInfo(device.descriptors)
        #expect(CCIDReader.matches(info))
        info.interfaces[0].classDescriptors[0][42] = 1
        await #expect(throws: SmartCardError.self) { try await CCIDReader(device: OnlyInfo(info: info)) }
        info.interfaces[0].classDescriptors = []
        #expect(!CCIDReader.matches(info))
    }
}

/// A device that is only looked at.
private struct OnlyInfo: USBDevice {
    let info: USBDeviceInfo
    func claim(interface: UInt8) async throws(USBError) {}
    func release(interface: UInt8) async {}
    func control(_ setup: USBSetup, data: [UInt8], deadline: Duration) async throws(USBError) -> [UInt8] { [] }
    func read(endpoint: UInt8, maximum: Int, deadline: Duration) async throws(USBError) -> [UInt8] { [] }
    func write(endpoint: UInt8, _ bytes: [UInt8], deadline: Duration) async throws(USBError) {}
    func clearHalt(endpoint: UInt8) async throws(USBError) {}
    func reset() async throws(USBError) {}
    func close() async {}
}
