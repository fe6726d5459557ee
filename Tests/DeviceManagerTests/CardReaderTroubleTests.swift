import DeviceTestSupport
import Logging
import Peripherals
import Simulator
import SmartCard
import Testing
import USB

@testable import DeviceManager

/// What the technician reads about a card reader, and that the kiosk comes back by itself.
@Suite("Card reader in trouble", .timeLimit(.minutes(1)))
struct CardReaderTroubleTests {
    private static let issuer = try? SimulatedIssuer()
    private let citizen = SyntheticCitizen.nguyenVanA

    private struct Bench {
        let device: CCIDReaderDevice
        let bus: BenchBus
        let manager: DeviceManager

        func report(_ condition: String) async throws -> DeviceReport {
            for await reports in manager.reportChanges() {
                if let report = reports.first(where: { $0.role == .cardReader && $0.condition == condition }) {
                    return report
                }
            }
            throw CancellationError()
        }
    }

    private func withBench(
        _ model: CCIDReaderModel = .standard, selection: DeviceSelection = .automatic, busy holder: String? = nil,
        patienceMs: Int = 60_000, _ body: (Bench) async throws -> Void
    ) async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let device = CCIDReaderDevice(model: model, issuer: try #require(Self.issuer), makesCardsWait: false)
        try await device.insert(citizen)
        let bus = BenchBus(device)
        await bus.setHolder(holder)
        let profile = CCIDReaderProfile(
            firstAnswerMs: min(patienceMs, 10_000), statusMs: patienceMs, pollIntervalMs: 5, patienceMs: patienceMs,
            removalGraceMs: 5)
        let manager = DeviceManager(
            bus: bus, selection: selection, backOff: .init(first: .milliseconds(5), longest: .milliseconds(20)),
            readerProfile: { _ in profile }, logger: logger)
        let running = Task { await manager.run() }
        do {
            try await body(Bench(device: device, bus: bus, manager: manager))
        } catch {
            Issue.record(error)
        }
        running.cancel()
        await running.value
    }

    private func reads(_ bench: Bench) async throws -> Bool {
        _ = try await bench.report("ready")
        for await presence in bench.manager.cardReader.presence() where presence == .present { break }
        return try await bench.manager.cardReader.readWhole(.qr(citizen.qrText)).citizen.number == citizen.number
    }

    @Test(
        "every make of reader gives the whole card, whatever its slots, its level and the size of its messages",
        arguments: CCIDReaderModel.all.filter { $0 != .tpdu })
    func everyModel(_ model: CCIDReaderModel) async throws {
        try await withBench(model) { bench in
            let isRead = try await reads(bench)
            #expect(isRead, "\(model.name)")
        }
    }

    @Test("8: the technician reads that pcscd holds the reader and both ways out; freed, it is served at once")
    func busy() async throws {
        try await withBench(busy: "pcscd") { bench in
            let report = try await bench.report("busy")
            #expect(report.remedy.hasPrefix("pcscd holds the card reader"))
            #expect(report.remedy.contains("pcscd.socket") && report.remedy.contains("reader: pcsc"))
            await bench.bus.setHolder(nil)
            #expect(try await reads(bench))
        }
    }

    @Test("a reader at TPDU level is told as not supported, with the ways out")
    func tpdu() async throws {
        try await withBench(.tpdu) { bench in
            let report = try await bench.report("not-supported")
            #expect(report.remedy.contains("reader: pcsc") && report.product != nil)
        }
    }

    @Test("5: a reader that answers nothing any more is opened anew until it does")
    func dead() async throws {
        try await withBench(.polled, patienceMs: 300) { bench in
            #expect(try await reads(bench))
            await bench.bus.ignoreResets()
            _ = try await bench.device.apply(["deaf"])
            _ = try await bench.report("fault")
            _ = try await bench.device.apply(["healthy"])
            #expect(try await reads(bench))
        }
    }

    @Test("9: the reader that the settings name by its serial number is found again at another port")
    func moved() async throws {
        let selection = DeviceSelection(cardReader: DeviceSelector(serial: CCIDReaderModel.standard.serial))
        try await withBench(selection: selection) { bench in
            #expect(try await reads(bench))
            #expect(try await bench.report("ready").port == "1-1")
            await bench.bus.unplug()
            _ = try await bench.report("absent")
            await bench.bus.plug(at: "1-3.2")
            #expect(try await reads(bench))
            #expect(try await bench.report("ready").port == "1-3.2")
        }
    }
}

/// A bus with one device, which another program may hold.
private actor BenchBus: USBBus {
    private let device: CCIDReaderDevice
    private var port: String? = "1-1"
    private var plugs: UInt64 = 1
    private var holder: String?
    private var ignoresResets = false
    private var opened: InMemoryUSBDevice?
    private var watchers: [AsyncStream<Set<USBDeviceInfo>>.Continuation] = []

    init(_ device: CCIDReaderDevice) { self.device = device }

    func setHolder(_ holder: String?) { self.holder = holder }

    func ignoreResets() async {
        ignoresResets = true
        await opened?.ignoreResets()
    }

    func unplug() async {
        port = nil
        await opened?.unplug()
        tell()
    }

    func plug(at port: String) {
        self.port = port
        plugs += 1
        tell()
    }

    private func tell() { for watcher in watchers { watcher.yield(set) } }

    private var set: Set<USBDeviceInfo> {
        guard let port else { return [] }
        var info = USBDeviceInfo(device.descriptors)
        info.port = port
        info.generation = plugs
        return [info]
    }

    func devices() async throws(USBError) -> Set<USBDeviceInfo> { set }

    nonisolated func deviceSets() -> AsyncStream<Set<USBDeviceInfo>> {
        let (stream, continuation) = AsyncStream.makeStream(of: Set<USBDeviceInfo>.self)
        Task { await self.add(continuation) }
        return stream
    }

    private func add(_ watcher: AsyncStream<Set<USBDeviceInfo>>.Continuation) {
        watchers.append(watcher)
        watcher.yield(set)
    }

    func open(_ info: USBDeviceInfo) async throws(USBError) -> any USBDevice {
        guard set.contains(info) else { throw .notFound }
        let device = InMemoryUSBDevice(device, info: info)
        await device.refuseClaims(holder.map { .busy($0) })
        if ignoresResets { await device.ignoreResets() }
        opened = device
        return device
    }
}
