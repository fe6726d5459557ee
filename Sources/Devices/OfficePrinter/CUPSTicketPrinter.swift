import Foundation
import Logging
import Peripherals
import USB

/// A ticket printer that sits behind a queue of CUPS: the ticket's ESC/POS goes through it byte for byte.
///
/// Nobody asks the printer through CUPS, so a ticket is at best *transmitted*. A job that does not get through within
/// the limit is taken out of the queue: old tickets never come out later.
public actor CUPSTicketPrinter: TicketPrinting {
    /// A ticket as the printer takes it.
    public struct Encoded: Sendable {
        public var bytes: [UInt8]
        /// What it takes of the roll, with feed and cut.
        public var millimetres: Double

        public init(bytes: [UInt8], millimetres: Double) {
            self.bytes = bytes
            self.millimetres = millimetres
        }
    }

    public struct Timings: Sendable {
        /// Between two glances at the queue's events while nothing is printed, and while something is.
        public var idle: Duration
        public var working: Duration
        /// For one ticket to get through.
        public var job: Duration

        public init(
            idle: Duration = .seconds(2), working: Duration = .milliseconds(100), job: Duration = .seconds(20)
        ) {
            self.idle = idle
            self.working = working
            self.job = job
        }
    }

    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }
    private nonisolated let thread = DeviceThread(name: "ticket-queue")

    let queue: CUPSQueue
    private let dots: Int
    private let dotsPerInch: Int
    let encode: @Sendable (TicketContent) throws -> Encoded
    let timings: Timings
    let logger: Logger
    let start = ContinuousClock.now
    nonisolated let state = LatestValue(PrinterCondition.unknown)
    /// Changes with the condition.
    public nonisolated let reports = LatestValue(DeviceReport(PrinterCondition.unknown))
    private nonisolated let spoken = Broadcast<PrinterExchange>()
    let turnstile = Turnstile()
    var watch: QueueWatch
    var latest: QueueWatch.View?

    /// - Parameters:
    ///   - dots: in a row, and `dotsPerInch`, as `encode` draws.
    ///   - encode: draws a ticket and makes ESC/POS of it.
    public init(
        server: CUPSServer = .local, queue: String, dots: Int, dotsPerInch: Int, timings: Timings = Timings(),
        logger: Logger = Logger(label: "ticket-printer"),
        encode: @escaping @Sendable (TicketContent) throws -> Encoded
    ) {
        self.queue = CUPSQueue(server: server, name: queue)
        self.dots = dots
        self.dotsPerInch = dotsPerInch
        self.encode = encode
        self.timings = timings
        self.logger = logger
        watch = QueueWatch(self.queue, logger: logger)
    }

    public nonisolated func condition() async -> PrinterCondition { state.value }

    public nonisolated func conditions() -> AsyncStream<PrinterCondition> { state.watch() }

    /// Never tells one: CUPS can't.
    public nonisolated func lateProofs() -> AsyncStream<UUID> { AsyncStream { $0.finish() } }

    public nonisolated func exchanges() -> AsyncStream<PrinterExchange> { spoken.listen() }

    public func summary() -> PrinterSummary? {
        latest.map { PrinterSummary(product: $0.queue.model, proof: .none, dots: dots, dotsPerInch: dotsPerInch) }
    }

    /// Takes out of the queue what an earlier process of the kiosk left there, then watches until the task is cancelled.
    public func run() async {
        var isSwept = false
        while !Task.isCancelled {
            if !isSwept { isSwept = await sweep() }
            glance()
            await resumeIfEmpty()
            do {
                try await Task.sleep(for: timings.idle)
            } catch {
                break
            }
        }
        watch.end()
    }

    // MARK: The queue

    private func sweep() async -> Bool {
        await turnstile.enter()
        defer { turnstile.leave() }
        return queue.sweep(logger)
    }

    /// A queue that an error stopped is opened again once nothing is left in it that could come out.
    private func resumeIfEmpty() async {
        guard let view = latest, view.queue.isStoppedByError else { return }
        await turnstile.enter()
        defer { turnstile.leave() }
        resume()
    }

    func resume() {
        do throws(IPPFault) {
            guard try queue.openJobs().isEmpty else { return }
            try queue.resume()
            say("Resume-Printer", bytes: 0)
            note(try watch.look(at: .now - start))
        } catch {
            logger.warning("The queue could not be resumed", metadata: ["error": "\(error)"])
        }
    }

    func glance() {
        do throws(IPPFault) {
            for view in try watch.glance(at: .now - start) { note(view) }
        } catch {
            lose(error)
        }
    }

    func note(_ view: QueueWatch.View) {
        if view.queue != latest?.queue {
            let reasons = view.queue.reasons.map(\.description).joined(separator: " ")
            say(
                "printer-state \(view.queue.state) \(reasons.isEmpty ? "none" : reasons)", bytes: 0, isFromPrinter: true
            )
        }
        latest = view
        tell(PrinterCondition(view.condition, hasLowPaper: view.queue.has(.mediaLow)))
    }

    func lose(_ fault: IPPFault) {
        latest = nil
        watch.forget()
        tell(PrinterCondition(OfficePrinterCondition(fault), hasLowPaper: false))
    }

    private func tell(_ condition: PrinterCondition) {
        state.set(condition)
        reports.set(DeviceReport(condition, product: latest?.queue.model, port: "cups:\(queue.name)"))
    }

    func say(_ text: String, bytes: Int, isFromPrinter: Bool = false) {
        spoken.send(PrinterExchange(isFromPrinter: isFromPrinter, text: text, bytes: bytes))
    }
}
