import Foundation
import Logging
import Peripherals

/// The document scanner, driven through `kiosk-scan` and libsane. The daemon itself never calls libsane: a back end
/// that crashes or hangs takes only its own process with it.
///
/// One job runs at a time; a second waits for the first. Every job is a new process, so nothing can stick from the
/// one before.
public actor SANEScanner: DocumentScanning {
    private struct Status {
        var condition: ScannerCondition
        var device: FoundScanner?
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
    private var known: (status: Status, at: ContinuousClock.Instant)?
    private var asking: Task<Status, Never>?

    public init(_ setup: ScannerSetup, logger: Logger = Logger(label: "scanner")) {
        self.setup = setup
        self.process = ScannerProcess(program: setup.program, saneConfig: setup.saneConfig, limits: setup.limits)
        self.logger = logger
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
        let device = scanning ? known?.status.device : await status().device
        let condition = await condition()
        return DeviceReport(
            condition, product: device?.product, port: device?.name)
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
        let (pages, continuation) = AsyncThrowingStream.makeStream(of: ScannedPage.self)
        let cancellation = ScanCancellation()
        continuation.onTermination = { reason in
            if case .cancelled = reason { cancellation.cancel() }
        }
        Task { await self.start(directory, cancellation, continuation) }
        return pages
    }

    public nonisolated func writePDF(_ pages: [ScannedPage], title: String, to file: URL) async throws(ScanError) {
        try await DocumentPDF(title: title).write(pages, to: file)
    }

    private func start(
        _ directory: URL, _ cancellation: ScanCancellation,
        _ pages: AsyncThrowingStream<ScannedPage, any Error>.Continuation
    ) async {
        let job = enqueue { await self.scan(into: directory, cancellation, pages) }
        if let error = await job.value {
            pages.finish(throwing: error)
        } else {
            pages.finish()
        }
    }

    private func scan(
        into directory: URL, _ cancellation: ScanCancellation,
        _ pages: AsyncThrowingStream<ScannedPage, any Error>.Continuation
    ) async -> ScanError? {
        begin()
        defer { end() }
        let request = ScanRequest(
            job: .scan, device: setup.device, settings: setup.settings, directory: directory.path)
        do throws(ScanError) {
            try await process.run(request, cancellation: cancellation) { action in
                switch action {
                case .page(let file, let width, let height, let resolution):
                    let page = ScannedPage(
                        file: directory.appendingPathComponent(file), width: width, height: height,
                        resolution: resolution)
                    pages.yield(page)
                case .opened: await self.note(.ready)
                case .condition(let condition): await self.note(condition)
                case .allow, .found, .stop, .kill, .over: break
                }
            }
            return nil
        } catch {
            logger.warning("scan ended", metadata: ["code": "\(error.code)"])
            return error
        }
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
            try await process.run(ScanRequest(job: .status, device: setup.device)) { await answer.append($0) }
        } catch {
            switch error {
            case .device(let condition): return Status(condition: condition)
            case .timedOut, .diskFull, .cancelled, .failed:
                logger.warning("scanner status unknown", metadata: ["code": "\(error.code)"])
                return Status(condition: .unknown)
            }
        }
        var status = Status(condition: .unknown)
        for action in await answer.items {
            switch action {
            case .opened(let device): status.device = device
            case .condition(let condition): status.condition = condition
            case .allow, .found, .page, .stop, .kill, .over: break
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
