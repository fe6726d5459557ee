import Foundation
import Logging
import Peripherals
import USB

/// An office printer behind a queue of CUPS. Owns the conversation with that queue, on a thread of its own.
///
/// ```swift
/// let printer = CUPSOfficePrinter(queue: "office")
/// async let watching: Void = printer.run()
/// let outcome = await printer.print(slip, job: UUID()) { step in … }
/// ```
public actor CUPSOfficePrinter: DocumentPrinting {
    public struct Timings: Sendable {
        /// Between two glances at the queue's events while nothing is printed, and while something is.
        public var idle: Duration
        public var working: Duration
        var look: QueueWatch.Limits
        var job: DocumentWatch.Limits

        public init(idle: Duration = .seconds(2), working: Duration = .milliseconds(500)) {
            self.init(idle: idle, working: working, look: .init(), job: .init())
        }

        init(idle: Duration, working: Duration, look: QueueWatch.Limits, job: DocumentWatch.Limits) {
            self.idle = idle
            self.working = working
            self.look = look
            self.job = job
        }
    }

    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }
    private nonisolated let thread = DeviceThread(name: "office-printer")

    let queue: CUPSQueue
    let timings: Timings
    let logger: Logger
    let start = ContinuousClock.now
    nonisolated let state = LatestValue(OfficePrinterCondition.unknown)
    /// Changes with the condition.
    public nonisolated let reports = LatestValue(DeviceReport(OfficePrinterCondition.unknown))
    let turnstile = Turnstile()
    var watch: QueueWatch
    var latest: QueueWatch.View?

    public init(
        server: CUPSServer = .local, queue: String, timings: Timings = Timings(),
        logger: Logger = Logger(label: "office-printer")
    ) {
        self.queue = CUPSQueue(server: server, name: queue)
        self.timings = timings
        self.logger = logger
        watch = QueueWatch(self.queue, limits: timings.look, logger: logger)
    }

    // MARK: Watching

    public nonisolated func condition() async -> OfficePrinterCondition { state.value }

    public nonisolated func conditions() -> AsyncStream<OfficePrinterCondition> { state.watch() }

    public nonisolated func report() async -> DeviceReport { reports.value }

    /// Takes out of the queue what an earlier process of the kiosk left there, then watches until the task is cancelled.
    public func run() async {
        var isSwept = false
        while !Task.isCancelled {
            if !isSwept { isSwept = await sweep() }
            _ = glance(isWorking: false)
            do {
                try await Task.sleep(for: timings.idle)
            } catch {
                break
            }
        }
        watch.end()
    }

    /// A document of a visit that is over must never come out.
    private func sweep() async -> Bool {
        await turnstile.enter()
        defer { turnstile.leave() }
        return queue.sweep(logger)
    }

    /// - Returns: nil when CUPS does not answer.
    func glance(isWorking: Bool) -> QueueWatch.View? {
        do throws(IPPFault) {
            for view in try watch.glance(at: .now - start, isWorking: isWorking) { note(view) }
        } catch {
            lose(error)
        }
        return latest
    }

    func note(_ view: QueueWatch.View) {
        latest = view
        tell(view.condition)
    }

    func lose(_ fault: IPPFault) {
        latest = nil
        watch.forget()
        tell(OfficePrinterCondition(fault))
    }

    func tell(_ condition: OfficePrinterCondition) {
        if condition != state.value {
            logger.notice(
                "Office printer",
                metadata: [
                    "condition": "\(condition.code)", "reasons": "\(latest?.queue.reasons ?? [])",
                ])
        }
        state.set(condition)
        reports.set(DeviceReport(condition, product: latest?.queue.model, port: "cups:\(queue.name)"))
    }

    /// What a technician should change at the queue although it prints.
    public func advice() -> [DeviceAdvice] { latest.map { DeviceAdvice.list($0.queue, queue: queue.name) } ?? [] }
}
