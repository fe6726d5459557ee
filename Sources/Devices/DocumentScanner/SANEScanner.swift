import Foundation
import HostSystem
import Logging
import Peripherals
import Synchronization

/// The document scanner, driven through `kiosk-scan` and libsane. The daemon itself never calls libsane: a back end
/// that crashes or hangs takes only its own process with it.
///
/// One job runs at a time; a second waits for the first. Every job is a new process, so nothing can stick from the
/// one before.
public actor SANEScanner: DocumentScanning {
    private struct Status {
        var condition: ScannerCondition
        var device: FoundScanner?
        /// Scanners that are there while the kiosk's own is absent.
        var others: [FoundScanner] = []
    }

    private let setup: ScannerSetup
    private let process: ScannerProcess
    private let logger: Logger
    private let clock = ContinuousClock()

    /// The end of the job that was queued last; the next one waits for it.
    private var lastJob: Task<Void, Never>?
    /// Counts the scans; an answer about the condition belongs to the number under which it was asked.
    private var generation = 0
    private var scanning = false
    /// What the running scan says about the device; nil until it said something.
    private var liveCondition: ScannerCondition?
    /// Those who want to know the condition while the running scan has not said anything.
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var memory: ScannerMemory
    private var lastScan: ScannerSummary.LastScan?
    private var described: (device: FoundScanner, abilities: ScannerAbilities)?
    private var known: (status: Status, at: ContinuousClock.Instant)?
    private var asking: Task<Status, Never>?

    public init(_ setup: ScannerSetup, logger: Logger = Logger(label: "scanner")) {
        self.setup = setup
        self.process = ScannerProcess(program: setup.program, saneConfig: setup.saneConfig, limits: setup.limits)
        self.logger = logger
        memory = ScannerMemory(setup.memory)
    }

    /// What is wrong with the scanner now. While a scan runs, what that scan says; otherwise the scanner is asked, at
    /// most once in `statusLifetime`.
    public func condition() async -> ScannerCondition {
        while scanning {
            if let liveCondition { return liveCondition }
            // The limits of a scan bound this: it says something, or it ends.
            await withCheckedContinuation { waiting.append($0) }
        }
        return await status().condition
    }

    /// The scanner as a technician sees it.
    public func report() async -> DeviceReport {
        let condition = await condition()
        let status = scanning ? known?.status : await status()
        let device = status?.device ?? (condition == .absent ? nil : memory.scanner)
        var report = DeviceReport(
            condition, product: device?.product, usbID: device?.usbID, serial: device?.serial,
            port: device.map { $0.port ?? $0.name })
        if condition == .absent, let other = status?.others.first { report.remedy = Self.remedy(other) }
        return report
    }

    private static func remedy(_ other: FoundScanner) -> String {
        let place = other.port ?? other.address ?? other.name
        let serial = other.serial.map { ", serial number \($0)," } ?? ""
        return "Switch the kiosk's scanner on. If \(other.product)\(serial) at \(place) is to be used instead, name it "
            + "under scanner: in kiosk.yaml."
    }

    public func summary() async -> ScannerSummary? {
        // While a scan runs, the scanner is that scan's; what it said before is still true.
        if !scanning { await describe() }
        return described.map { device, abilities in
            ScannerSummary(
                product: device.product, name: device.name, serial: device.serial, port: device.port,
                address: device.address, abilities: abilities, lastScan: lastScan)
        }
    }

    private func describe() async {
        let answer = Collected<ScanSupervision.Action>()
        let request = request(.describe)
        let process = process
        await enqueue { () async -> Void in
            // What goes wrong here is told by the condition.
            try? await process.run(request) { await answer.append($0) }
        }.value
        var device: FoundScanner?
        var abilities: ScannerAbilities?
        for action in await answer.items {
            if case .opened(let it) = action { device = it }
            if case .abilities(let it) = action { abilities = it }
        }
        described = nil
        guard let device, let abilities else { return }
        learn(device)
        described = (device, abilities)
    }

    /// All scanners that SANE finds.
    public func devices() async throws(ScanError) -> [FoundScanner] {
        let found = Collected<FoundScanner>()
        let process = process
        let job = enqueue { () async -> ScanError? in
            do throws(ScanError) {
                try await process.run(ScanRequest(job: .list)) { action in
                    if case .found(let device) = action { await found.append(device) }
                }
                return nil
            } catch {
                return error
            }
        }
        if let error = await job.value { throw error }
        return await found.items
    }

    public nonisolated func scan(into directory: URL) -> AsyncThrowingStream<ScannedPage, any Error> {
        scan(into: directory, choices: ScanChoices())
    }

    public nonisolated func scan(
        into directory: URL, choices: ScanChoices
    ) -> AsyncThrowingStream<ScannedPage, any Error> {
        let (pages, continuation) = AsyncThrowingStream.makeStream(of: ScannedPage.self)
        let cancellation = ScanCancellation()
        continuation.onTermination = { reason in
            if case .cancelled = reason { cancellation.cancel() }
        }
        Task { await self.start(directory, choices, cancellation, continuation) }
        return pages
    }

    private func start(
        _ directory: URL, _ choices: ScanChoices, _ cancellation: ScanCancellation,
        _ pages: AsyncThrowingStream<ScannedPage, any Error>.Continuation
    ) async {
        let job = enqueue { await self.scan(into: directory, choices, cancellation, pages) }
        if let error = await job.value {
            pages.finish(throwing: error)
        } else {
            pages.finish()
        }
    }

    private func scan(
        into directory: URL, _ choices: ScanChoices, _ cancellation: ScanCancellation,
        _ pages: AsyncThrowingStream<ScannedPage, any Error>.Continuation
    ) async -> ScanError? {
        begin()
        let started = clock.now
        let count = Mutex(0)
        var outcome: ScanError?
        do throws(ScanError) {
            try await process.run(request(.scan, directory, choices), cancellation: cancellation) { action in
                switch action {
                case .page(let file, let width, let height, let resolution):
                    let page = ScannedPage(
                        file: directory.appendingPathComponent(file), width: width, height: height,
                        resolution: resolution)
                    count.withLock { $0 += 1 }
                    pages.yield(page)
                case .opened(let device):
                    await self.learn(device)
                    await self.note(.ready)
                case .condition(let condition): await self.note(condition)
                case .allow, .found, .abilities, .stop, .kill, .over: break
                }
            }
        } catch {
            outcome = error
            logger.warning("scan ended", metadata: ["code": "\(error.code)", "pages": "\(count.withLock { $0 })"])
        }
        Self.removePartials(in: directory)
        lastScan = ScannerSummary.LastScan(
            endedAt: Date().formatted(.iso8601), pages: count.withLock { $0 },
            milliseconds: Int((clock.now - started) / .milliseconds(1)), error: outcome?.code)
        end()
        return outcome
    }

    private func request(
        _ job: ScanRequest.Job, _ directory: URL? = nil, _ choices: ScanChoices = ScanChoices()
    ) -> ScanRequest {
        ScanRequest(
            job: job, device: setup.device, past: memory.scanner, settings: setup.settings.with(choices),
            directory: directory?.path)
    }

    /// A process that was killed while it wrote leaves a part of a page, which is nobody's.
    private static func removePartials(in directory: URL) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        for name in names where name.hasPrefix(".page-") && DurableFile.isUnfinished(name) {
            unlink(directory.appendingPathComponent(name).path)
        }
    }

    private func learn(_ device: FoundScanner) {
        guard memory.remember(device) else { return }
        logger.notice(
            "document scanner", metadata: ["product": "\(device.product)", "port": "\(device.port ?? device.name)"])
    }

    private func begin() {
        generation += 1
        known = nil
        scanning = true
        liveCondition = nil
    }

    private func end() {
        generation += 1
        known = nil
        scanning = false
        wake()
    }

    private func note(_ condition: ScannerCondition) {
        liveCondition = condition
        wake()
    }

    private func wake() {
        let woken = waiting
        waiting = []
        for one in woken { one.resume() }
    }

    private func status() async -> Status {
        if let known, clock.now - known.at < setup.statusLifetime { return known.status }
        if let asking { return await asking.value }
        let asked = generation
        let job = enqueue { await self.ask() }
        asking = job
        let status = await job.value
        if asking == job { asking = nil }
        // An answer from before a scan says nothing about the scanner after it.
        guard asked == generation else { return await self.status() }
        known = (status, clock.now)
        return status
    }

    private func ask() async -> Status {
        let answer = Collected<ScanSupervision.Action>()
        do throws(ScanError) {
            try await process.run(request(.status)) { await answer.append($0) }
        } catch {
            switch error {
            case .device(let condition):
                var others: [FoundScanner] = []
                for case .found(let other) in await answer.items { others.append(other) }
                return Status(condition: condition, others: others)
            case .timedOut, .diskFull, .cancelled, .failed:
                logger.warning("scanner status unknown", metadata: ["code": "\(error.code)"])
                return Status(condition: .unknown)
            }
        }
        var status = Status(condition: .unknown)
        for action in await answer.items {
            switch action {
            case .opened(let device):
                status.device = device
                learn(device)
            case .condition(let condition): status.condition = condition
            case .allow, .found, .page, .abilities, .stop, .kill, .over: break
            }
        }
        return status
    }

    /// Runs `work` after everything that was queued before.
    private func enqueue<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) -> Task<Value, Never> {
        let previous = lastJob
        // Not a child of the caller: a process that was started is always seen to its end.
        let job = Task.detached {
            await previous?.value
            return await work()
        }
        lastJob = Task.detached { _ = await job.value }
        return job
    }
}

/// Values from several tasks in the order in which they came.
private actor Collected<Item: Sendable> {
    private(set) var items: [Item] = []

    func append(_ item: Item) { items.append(item) }
}
