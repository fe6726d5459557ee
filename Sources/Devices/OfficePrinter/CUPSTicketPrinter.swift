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

    private let queue: CUPSQueue
    private let dots: Int
    private let dotsPerInch: Int
    private let encode: @Sendable (TicketContent) throws -> Encoded
    private let timings: Timings
    private let logger: Logger
    private let start = ContinuousClock.now
    private nonisolated let state = LatestValue(PrinterCondition.unknown)
    /// Changes with the condition.
    public nonisolated let reports = LatestValue(DeviceReport(PrinterCondition.unknown))
    private nonisolated let spoken = Broadcast<PrinterExchange>()
    private let turnstile = Turnstile()
    private var watch: QueueWatch
    private var latest: QueueWatch.View?

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

    // MARK: A ticket

    /// Goes on when the caller's task is cancelled, as any ticket does.
    public func print(_ ticket: TicketContent, job: UUID, journal: @escaping PrintJournal) async -> PrintOutcome {
        await Task {
            await self.turnstile.enter()
            defer { self.turnstile.leave() }
            let outcome = await self.perform(ticket, job: job, journal)
            if outcome != .transmitted {
                self.logger.warning("A ticket did not get through", metadata: ["outcome": "\(outcome)"])
            }
            return outcome
        }.value
    }

    private func perform(_ ticket: TicketContent, job: UUID, _ journal: PrintJournal) async -> PrintOutcome {
        let encoded: Encoded
        do {
            encoded = try encode(ticket)
            note(try watch.look(at: .now - start))
        } catch let error as IPPFault {
            lose(error)
            return .refused(state.value)
        } catch {
            logger.error("The ticket was not drawn", metadata: ["error": "\(error)"])
            return .refused(.unknown)
        }
        if let view = latest, view.queue.isStoppedByError { resume() }
        guard let view = latest, view.mayTakeJob, view.queue.state != .stopped else { return .refused(state.value) }
        do {
            try await journal(.sending(millimetres: encoded.millimetres))
        } catch {
            logger.error("The ticket's step could not be kept", metadata: ["error": "\(error)"])
            return .refused(.unknown)
        }
        do throws(IPPFault) {
            let id = try queue.submit(Data(encoded.bytes), as: .raw, job: job)
            say("Print-Job \(CUPSQueue.Format.raw.rawValue): job \(id)", bytes: encoded.bytes.count)
            let outcome = await follow(id, journal)
            try queue.purge(id)
            return outcome
        } catch {
            lose(error)
            guard case .broken = error else { return .refused(state.value) }
            return .failed(state.value)
        }
    }

    private func follow(_ id: Int, _ journal: PrintJournal) async -> PrintOutcome {
        do {
            try await journal(.awaitingProof)
        } catch {
            logger.error("The ticket's step could not be kept", metadata: ["error": "\(error)"])
        }
        let sent = ContinuousClock.now
        while true {
            do throws(IPPFault) {
                guard let job = try queue.job(id) else { return .failed(.unknown) }
                glance()
                say("job \(id): \(job.state)", bytes: 0, isFromPrinter: true)
                if job.state == .completed { return .transmitted }
                let isStuck = latest?.queue.state == .stopped || ContinuousClock.now - sent >= timings.job
                if job.state.isOver || isStuck { return try takeOut(id) }
            } catch {
                lose(error)
                return .failed(state.value)
            }
            // Not cancelled with anybody's visit: this is the driver's own task.
            do { try await Task.sleep(for: timings.working) } catch { return .failed(.unknown) }
        }
    }

    private func takeOut(_ id: Int) throws(IPPFault) -> PrintOutcome {
        let why = state.value.isReady ? PrinterCondition.offline : state.value
        try queue.cancel(id)
        let job = try queue.job(id)
        if job?.state == .completed { return .transmitted }
        return job?.hasBegun == false ? .refused(why) : .failed(why)
    }

    // MARK: The queue

    private func sweep() async -> Bool {
        await turnstile.enter()
        defer { turnstile.leave() }
        do throws(IPPFault) {
            for job in try queue.openJobs() {
                try queue.purge(job.id)
                logger.notice("A ticket left from before was taken out of the queue", metadata: ["job": "\(job.id)"])
            }
            return true
        } catch {
            return error == .notFound
        }
    }

    /// A queue that an error stopped is opened again once nothing is left in it that could come out.
    private func resumeIfEmpty() async {
        guard let view = latest, view.queue.isStoppedByError else { return }
        await turnstile.enter()
        defer { turnstile.leave() }
        resume()
    }

    private func resume() {
        do throws(IPPFault) {
            guard try queue.openJobs().isEmpty else { return }
            try queue.resume()
            say("Resume-Printer", bytes: 0)
            note(try watch.look(at: .now - start))
        } catch {
            logger.warning("The queue could not be resumed", metadata: ["error": "\(error)"])
        }
    }

    private func glance() {
        do throws(IPPFault) {
            for view in try watch.glance(at: .now - start) { note(view) }
        } catch {
            lose(error)
        }
    }

    private func note(_ view: QueueWatch.View) {
        if view.queue != latest?.queue {
            let reasons = view.queue.reasons.map(\.description).joined(separator: " ")
            say(
                "printer-state \(view.queue.state) \(reasons.isEmpty ? "none" : reasons)", bytes: 0, isFromPrinter: true
            )
        }
        latest = view
        tell(PrinterCondition(view.condition, hasLowPaper: view.queue.has(.mediaLow)))
    }

    private func lose(_ fault: IPPFault) {
        latest = nil
        watch.forget()
        tell(PrinterCondition(OfficePrinterCondition(fault), hasLowPaper: false))
    }

    private func tell(_ condition: PrinterCondition) {
        state.set(condition)
        reports.set(DeviceReport(condition, product: latest?.queue.model, port: "cups:\(queue.name)"))
    }

    private func say(_ text: String, bytes: Int, isFromPrinter: Bool = false) {
        spoken.send(PrinterExchange(isFromPrinter: isFromPrinter, text: text, bytes: bytes))
    }
}

extension PrinterCondition {
    /// What a ticket printer's condition is called when CUPS tells it.
    init(_ condition: OfficePrinterCondition, hasLowPaper: Bool) {
        self =
            switch condition {
            case .ready: .ready
            case .suppliesLow: hasLowPaper ? .paperNearEnd : .ready
            case .unknown: .unknown
            case .absent: .absent
            case .noService: .noService
            case .accessDenied: .accessDenied
            case .paused, .stopped: .queueStopped
            case .offline, .outputFull: .offline
            case .paperOut, .paperNeeded: .paperOut
            case .jam: .cutterJam
            case .coverOpen: .coverOpen
            case .tonerOut, .fault: .fault
            }
    }
}
