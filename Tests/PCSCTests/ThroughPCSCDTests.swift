import DeviceManager
import Foundation
import IdentityCard
import Logging
import Peripherals
import Simulator
import SmartCard
import Testing
import USB

@testable import PCSC

/// The simulator's chip on vpcd, read through pcscd. One pcscd at a time: libpcsclite knows one socket a process.
@Suite("Through pcscd", .serialized, .timeLimit(.minutes(2)))
struct ThroughPCSCDTests {
    private static let issuer = try? SimulatedIssuer()
    private let citizen = SyntheticCitizen.nguyenVanA

    private func chip() throws -> SimulatedChip { try SimulatedChip(citizen, issuer: try #require(Self.issuer)) }

    private struct Rig {
        let card: VPCDCard
        let daemon: PrivatePCSCD
        let reader: PCSCReader

        /// Waits until pcscd says so.
        func wait(for condition: PCSCCondition.Kind) async {
            for await now in await reader.conditions() where now.kind == condition { return }
        }
    }

    private func withRig(_ body: (Rig) async throws -> Void) async throws {
        let card = try VPCDCard()
        let daemon = try PrivatePCSCD(cardPort: card.port)
        let reader = PCSCReader(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let rig = Rig(card: card, daemon: daemon, reader: reader)
        do {
            try await body(rig)
        } catch {
            Issue.record(error)
        }
        await reader.close()
        daemon.stop()
        card.close()
    }

    private func failure(_ reader: PCSCReader) async -> CardReadError? {
        do throws(CardReadError) {
            _ = try await reader.readIdentityCard(.qr(citizen.qrText))
            return nil
        } catch {
            return error
        }
    }

    /// One command to the card: GET CHALLENGE.
    private func attempt(
        _ card: any CardChannel, _ deadline: Duration
    ) async -> Result<APDU.Response, SmartCardError> {
        do throws(SmartCardError) {
            return .success(
                try await card.transmit(APDU.Command(ins: 0x84, p1: 0, p2: 0, le: 8), deadline: deadline))
        } catch {
            return .failure(error)
        }
    }

    @Test("a whole identity card is read, several times, each time after a cold start")
    func reads() async throws {
        try await withRig { rig in
            await rig.wait(for: .empty)
            #expect(await failure(rig.reader) == .noCard)
            rig.card.insert(try chip())
            await rig.wait(for: .present)
            for _ in 0..<2 {
                let resets = rig.card.resets
                let result = try await rig.reader.readIdentityCard(.qr(citizen.qrText))
                #expect(result.citizen.number == citizen.number)
                #expect(result.access == .paceCAN)
                #expect(rig.card.resets > resets)
            }
            let facts = try await rig.reader.withCard { card in
                (await card.answerToReset, await card.maximumCommandLength)
            }
            #expect(facts.0 == VPCDCard.answerToReset)
            // Debian's vpcd does not say how long an APDU may be: short ones work everywhere.
            #expect(facts.1 == 261)
            rig.card.remove()
            await rig.wait(for: .empty)
            #expect(await failure(rig.reader) == .noCard)
        }
    }

    @Test("a card taken away after any command: removed, or less once the holder is known; the next reading works")
    func removed() async throws {
        try await withRig { rig in
            var commands = 0
            var isWhole = false
            while !isWhole {
                rig.card.insert(try chip())
                await rig.wait(for: .present)
                rig.card.remove(afterCommands: commands)
                var holder: CardReadResult?
                for await event in rig.reader.identityCardEvents(.qr(citizen.qrText), needs: []) {
                    switch event {
                    case .progress: break
                    case .holder(let result): holder = result
                    case .failed(let error): #expect(error == .removed && holder == nil, "after \(commands) commands")
                    case .finished(let result):
                        #expect(holder?.citizen == result.citizen, "after \(commands) commands")
                        isWhole = result.photograph != nil
                    }
                }
                // Each of the first commands, then some: the rest are pieces of the photograph.
                commands += commands < 20 ? 1 : 16
                rig.card.remove()
                await rig.wait(for: .empty)
            }
            #expect(commands > 20)
            rig.card.remove(afterCommands: .max)
            rig.card.insert(try chip())
            await rig.wait(for: .present)
            #expect(await failure(rig.reader) == nil)
        }
    }

    @Test("a command that pcscd does not give back costs its deadline and no more; the next session works")
    func silent() async throws {
        try await withRig { rig in
            rig.card.insert(try chip())
            await rig.wait(for: .present)
            rig.card.hold()
            let outcomes = try await rig.reader.withCard { card in
                [await attempt(card, .milliseconds(50)), await attempt(card, .milliseconds(50))]
            }
            #expect(outcomes == [.failure(.timedOut), .failure(.removed)])
            rig.card.release()
            #expect(await failure(rig.reader) == nil)
        }
    }

    @Test("a cancelled reading ends at once, whatever pcscd does, and the next one works")
    func cancelled() async throws {
        try await withRig { rig in
            rig.card.insert(try chip())
            await rig.wait(for: .present)
            rig.card.hold()
            let reader = rig.reader
            let (sent, send) = AsyncStream.makeStream(of: Void.self)
            let session = Task {
                try await reader.withCard { card in
                    send.yield()
                    return await attempt(card, .seconds(3600))
                }
            }
            for await _ in sent { break }
            session.cancel()
            #expect(try await session.value == .failure(.cancelled))
            rig.card.release()
            #expect(await failure(reader) == nil)
        }
    }

    @Test("without pcscd the condition says so; when it comes, is killed and comes again, reading goes on")
    func restarted() async throws {
        PrivatePCSCD.prepare()
        let card = try VPCDCard()
        card.insert(try chip())
        let reader = PCSCReader(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        var conditions = await reader.conditions().makeAsyncIterator()
        #expect(await conditions.next() == .noService)
        #expect(await failure(reader) == .noReader)

        let first = try PrivatePCSCD(cardPort: card.port)
        while let now = await conditions.next(), now.kind != .present {}
        #expect(await failure(reader) == nil)

        card.hold()
        let cut = try await reader.withCard { channel in
            async let answer = attempt(channel, .seconds(3600))
            first.kill()
            return await answer
        }
        #expect(throws: SmartCardError.self) { try cut.get() }
        card.release()
        while let now = await conditions.next(), now != .noService {}

        let second = try PrivatePCSCD(cardPort: card.port)
        while let now = await conditions.next(), now.kind != .present {}
        #expect(await failure(reader) == nil)
        await reader.close()
        second.stop()
        card.close()
    }
}

/// The kiosk's own way to such a reader.
extension ThroughPCSCDTests {
    @Test("the device manager serves the reader of pcscd, and says what to do when pcscd is missing")
    func manager() async throws {
        PrivatePCSCD.prepare()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let manager = DeviceManager(
            bus: NoBus(), pcsc: { PCSCReader(logger: logger) }, logger: logger)
        let running = Task { await manager.run() }
        let missing = try await report("no-service", manager)
        #expect(!missing.ready && missing.remedy.contains("systemctl enable --now pcscd.socket"))

        let card = try VPCDCard()
        let daemon = try PrivatePCSCD(cardPort: card.port)
        let ready = try await report("ready", manager)
        #expect(ready.product == "Virtual PCD 00 00")
        card.insert(try chip())
        for await presence in manager.cardReader.presence() where presence == .present { break }
        #expect(try await manager.cardReader.readWhole(.qr(citizen.qrText)).citizen.number == citizen.number)
        running.cancel()
        await running.value
        daemon.stop()
        card.close()
    }

    private func report(_ condition: String, _ manager: DeviceManager) async throws -> DeviceReport {
        for await reports in manager.reportChanges() {
            if let report = reports.first(where: { $0.role == .cardReader && $0.condition == condition }) {
                return report
            }
        }
        throw CancellationError()
    }
}

/// Nothing is plugged in.
private struct NoBus: USBBus {
    func devices() async throws(USBError) -> Set<USBDeviceInfo> { [] }
    func deviceSets() -> AsyncStream<Set<USBDeviceInfo>> { AsyncStream { $0.yield([]) } }
    func open(_ device: USBDeviceInfo) async throws(USBError) -> any USBDevice { throw .notFound }
}

extension PCSCCondition {
    enum Kind { case noService, noReader, empty, present }

    var kind: Kind {
        switch self {
        case .noService: .noService
        case .noReader: .noReader
        case .ready(_, hasCard: false): .empty
        case .ready(_, hasCard: true): .present
        }
    }
}
