import Foundation
import Logging
import Peripherals
import USB

/// A ticket printer that speaks ESC/POS on a USB printer-class interface. Owns its device.
///
/// ```swift
/// let printer = ESCPOSPrinter(try await bus.open(info))
/// async let end = printer.run()          // watches the paper until the device is gone
/// let outcome = await printer.print(ticket)
/// ```
public actor ESCPOSPrinter: TicketPrinting {
    public struct Timings: Sendable {
        /// Between two looks at an idle printer.
        public var poll: Duration
        /// For the answer to a status request.
        public var answer: Duration
        /// For one piece of a job before asking why it does not move.
        public var write: Duration
        /// One spell of waiting for the proof before asking how the printer is.
        public var listen: Duration
        /// For an answer by which the printer shows what it can.
        public var learn: Duration
        /// For a printer to say that it has forgotten what it has not printed.
        public var forget: Duration
        public var job: PrintJob.Limits

        public init(
            poll: Duration = .seconds(1), answer: Duration = .milliseconds(500), write: Duration = .seconds(2),
            listen: Duration = .milliseconds(300), learn: Duration = .milliseconds(1500),
            forget: Duration = .milliseconds(300),
            job: PrintJob.Limits = PrintJob.Limits()
        ) {
            self.poll = poll
            self.answer = answer
            self.write = write
            self.listen = listen
            self.learn = learn
            self.forget = forget
            self.job = job
        }
    }

    public nonisolated let info: USBDeviceInfo
    /// What the printer says of itself, once it was asked.
    public private(set) var identity: IEEE1284ID?
    /// With the way of proof that was learnt.
    public private(set) var capabilities: PrinterCapabilities
    private let lookup: PrinterLookup?
    private let template: TicketTemplate
    private let timings: Timings
    private let logger: Logger
    private let state = LatestValue(PrinterCondition.unknown)
    private let link: PrinterLink?
    private nonisolated let late = Broadcast<UUID>()
    private nonisolated let spoken = Broadcast<PrinterExchange>()
    private let turnstile = Turnstile()
    private var isOpen = false
    private var isGone = false
    private var past: PrinterMemory
    /// Whether automatic status was switched on.
    private var tellsFaults = false
    /// What has to be sent before the next job.
    private var leftover = Leftover.none

    /// Whether this driver serves the device: a class-7 interface with a bulk endpoint towards the printer.
    public static func matches(_ info: USBDeviceInfo) -> Bool { PrinterPort(info) != nil }

    /// - Parameters:
    ///   - lookup: what the printer can do, asked again when it has told its IEEE 1284 id; goes before `capabilities`.
    ///   - past: what is known of the printer's past.
    public init(
        _ device: any USBDevice, capabilities: PrinterCapabilities = .standard, lookup: PrinterLookup? = nil,
        template: TicketTemplate = .standard, timings: Timings = Timings(),
        past: PrinterMemory = PrinterMemory(), logger: Logger = Logger(label: "ticket-printer")
    ) {
        self.info = device.info
        self.capabilities = lookup?(device.info, nil) ?? capabilities
        self.lookup = lookup
        self.template = template
        self.timings = timings
        self.logger = logger
        self.past = past
        self.link = PrinterPort(device.info).map { [state, late, spoken] in
            PrinterLink(
                device, port: $0, answerDeadline: timings.answer, state: state, late: late, spoken: spoken)
        }
    }

    /// Goes on with what was known of the printer when it was plugged in before. Call it before `run`.
    public func adopt(_ past: PrinterMemory) { self.past = past }

    /// What the next driver of this printer should know.
    public func memory() -> PrinterMemory { past }

    public func condition() -> PrinterCondition { state.value }

    public nonisolated func conditions() -> AsyncStream<PrinterCondition> { state.watch() }

    public func report() -> DeviceReport {
        DeviceReport(
            state.value, product: identity?.product ?? info.productName, usbID: info.usbID, serial: info.serial,
            port: info.port)
    }

    /// Claims the printer and watches its condition until it is gone or the task is cancelled; then lets go of the
    /// device. A printer that another program holds is tried again at each poll.
    /// - Returns: the condition at the end, `.absent` when the device is gone.
    @discardableResult
    public func run() async -> PrinterCondition {
        while !Task.isCancelled, !isGone {
            await exclusively { await $0.look() }
            await idle()
        }
        await exclusively { printer in
            await printer.link?.close()
            printer.isOpen = false
            printer.isGone = true
            printer.state.set(.absent)
        }
        return state.value
    }

    /// Prints one ticket and waits for its proof. Goes on when the caller's task is cancelled: half a ticket helps
    /// nobody.
    public func print(_ ticket: TicketContent, job: UUID, journal: @escaping PrintJournal) async -> PrintOutcome {
        await Task { [template] in
            await exclusively { printer in
                await printer.perform(job, journal) { try TicketDrawing(paper: $0, template: template).draw(ticket) }
            }
        }.value
    }

    /// Prints one picture as a ticket: cut off, with proof.
    public func print(
        _ bitmap: MonochromeBitmap, job: UUID = UUID(), journal: @escaping PrintJournal = { _ in }
    ) async -> PrintOutcome {
        await exclusively { await $0.perform(job, journal) { _ in bitmap } }
    }

    public nonisolated func lateProofs() -> AsyncStream<UUID> { late.listen() }

    public nonisolated func exchanges() -> AsyncStream<PrinterExchange> { spoken.listen() }

    public func summary() async -> PrinterSummary? {
        guard isOpen, !isGone, let link else { return nil }
        let sawNearEnd = await link.sawNearEnd
        let proof: PrinterSummary.Proof =
            switch capabilities.proof {
            case .fence: .fence
            case .status: .status
            case .idle: .idle
            case .none: .none
            case .learn: .unknown
            }
        return PrinterSummary(
            product: identity?.product ?? info.productName, proof: proof, dots: capabilities.paper.dots,
            dotsPerInch: capabilities.paper.dotsPerInch,
            hasNearEndSensor: capabilities.hasNearEndSensor ?? (sawNearEnd ? true : nil))
    }

    // MARK: One at a time

    private func exclusively<Result: Sendable>(
        _ body: (isolated ESCPOSPrinter) async -> Result
    ) async -> Result {
        await turnstile.enter()
        defer { turnstile.leave() }
        return await body(self)
    }

    /// One look at an idle printer: open it if need be, ask how it is, clear up what a job left, learn what it can.
    private func look() async {
        guard await ensureOpen(), await askStatus().condition.isReady else { return }
        await clearUp()
        if capabilities.proof == .learn { await learnProof() }
        await hearFaults()
    }

    /// Has a fault told at once, before the first ticket too. Where proof is a bare byte or the automatic status itself,
    /// nothing may come unasked.
    private func hearFaults() async {
        guard let link, !tellsFaults, capabilities.proof == .fence, capabilities.automaticStatus else { return }
        do {
            try await link.write(ESCPOS.automaticStatus(true), deadline: timings.write)
            tellsFaults = true
        } catch {
            note(error)
        }
    }

    /// Until the next look: sooner when the printer says something by itself.
    private func idle() async {
        if let link, isOpen, !link.isSilent {
            await link.news(within: timings.poll)
        } else {
            do { try await Task.sleep(for: timings.poll) } catch { return }
        }
    }

    private func clearUp() async {
        guard let link, !leftover.isEmpty else { return }
        do {
            try await link.write(leftover.bytes, deadline: timings.write)
            leftover = .none
        } catch .timedOut(let transferred) {
            leftover.sent(transferred)
        } catch {
            note(error)
        }
    }

    private func ensureOpen() async -> Bool {
        guard !isGone else { return false }
        guard let link else {
            state.set(.fault)
            return false
        }
        guard !isOpen else { return true }
        do {
            identity = try await link.open()
            isOpen = true
            if let lookup { capabilities = lookup(info, identity) }
            await meet(link)
            if link.isSilent { capabilities.proof = .none }
            logger.info(
                "Ticket printer opened", metadata: ["product": "\(identity?.product ?? info.productName ?? "?")"])
            return true
        } catch {
            note(error)
            return false
        }
    }

    /// What a job of an earlier process or plugging left: a printer that is well prints it to its end, one that is not
    /// must forget it.
    private func meet(_ link: PrinterLink) async {
        leftover = .ofEarlierProcess(capabilities, isOnPaper: past.mayHangOut)
        if await !askStatus().condition.isReady { _ = await link.forget(within: timings.forget) }
    }

    private func askStatus() async -> (condition: PrinterCondition, answers: [ESCPOSAnswer]) {
        guard let link else { return (.fault, []) }
        do {
            let (condition, others) = try await link.askStatus()
            return (condition, others)
        } catch {
            return (note(error), [])
        }
    }

    /// Finds out which fence the printer echoes. Nothing is printed: what a printer without `GS ( H` takes for text is
    /// thrown away by `ESC @`.
    private func learnProof() async {
        guard let link, !link.isSilent else {
            capabilities.proof = .none
            return
        }
        do {
            let id = past.takeFence()
            if try await link.asks(ESCPOS.fence(id), deadline: timings.learn, answer: { $0 == .fence(id) }) {
                capabilities.proof = .fence
            } else if try await link.asks(
                ESCPOS.initialise + ESCPOS.automaticStatus(false) + ESCPOS.paperSensorStatus, deadline: timings.learn,
                answer: { if case .requested = $0 { true } else { false } })
            {
                capabilities.proof = .status
            } else if capabilities.automaticStatus,
                try await link.asks(
                    ESCPOS.automaticStatus(false) + ESCPOS.idleReports, deadline: timings.learn,
                    count: ESCPOS.idleReportCount, answer: { if case .automatic = $0 { true } else { false } })
            {
                capabilities.proof = .idle
            } else if try await link.askStatus().condition.isReady {
                capabilities.proof = .none
            }
            logger.info("Ticket printer's proof of printing", metadata: ["proof": "\(capabilities.proof.rawValue)"])
        } catch {
            note(error)
        }
    }

    // MARK: A job

    /// The picture of a job on this paper.
    private typealias Draw = @Sendable (PaperWidth) throws -> MonochromeBitmap

    private func perform(_ id: UUID, _ journal: PrintJournal, draw: @escaping Draw) async -> PrintOutcome {
        guard await ensureOpen(), let link else { return .refused(state.value) }
        if capabilities.proof == .learn {
            let condition = await askStatus().condition
            guard condition.isReady else { return .refused(condition) }
            await clearUp()
            await learnProof()
        }
        // The printer is asked while the ticket is drawn: the applicant waits for both.
        async let drawing = drawn(on: capabilities.paper, draw)
        var asked: (condition: PrinterCondition, answers: [ESCPOSAnswer])? = await askStatus()
        guard let bitmap = await drawing else { return .refused(.unknown) }
        let fence = past.takeFence()
        var job = PrintJob(bitmap, capabilities: capabilities, fence: fence, limits: timings.job)
        let clock = ContinuousClock()
        let start = clock.now
        var step = job.begin()
        while true {
            let event: PrintJob.Event
            switch step {
            case .ended(let outcome):
                return await finish(job, id, fence, outcome)
            case .askStatus:
                let (condition, answers) = if let asked { asked } else { await askStatus() }
                asked = nil
                event = isGone ? .lost(.absent) : .status(condition, answers: answers)
            case .record(let next): event = await record(next, in: journal)
            case .send(let bytes): event = await send(bytes, over: link)
            case .findCause:
                let (condition, answers) = await link.findCause()
                if let condition { state.set(condition) }
                event = .cause(condition, answers: answers)
            case .listen:
                do {
                    event = .answers(try await link.answers(within: timings.listen))
                } catch {
                    event = .lost(note(error))
                }
            }
            step = job.handle(event, at: clock.now - start)
        }
    }

    /// Off the actor; nil when there is no picture.
    private nonisolated func drawn(on paper: PaperWidth, _ draw: Draw) async -> MonochromeBitmap? {
        do {
            return try draw(paper)
        } catch {
            logger.error("The ticket was not drawn: \(error)")
            return nil
        }
    }

    private func record(_ step: PrintStep, in journal: PrintJournal) async -> PrintJob.Event {
        do {
            try await journal(step)
            return .recorded
        } catch {
            logger.error("A print job's step was not written down: \(error)")
            return .notRecorded
        }
    }

    private func send(_ bytes: [UInt8], over link: PrinterLink) async -> PrintJob.Event {
        do {
            if !leftover.isEmpty {
                try await link.write(leftover.bytes, deadline: timings.write)
                leftover = .none
            }
            try await link.write(bytes, deadline: timings.write)
            return .sent
        } catch .timedOut(let transferred) {
            // While something was left over nothing of the job itself has moved.
            guard leftover.isEmpty else {
                leftover.sent(transferred)
                return .blocked(transferred: 0)
            }
            return .blocked(transferred: transferred)
        } catch {
            return .lost(note(error))
        }
    }

    /// What a failed job left in the printer's memory must not come out after the repair, and what hangs out must not
    /// hang on the next ticket. If the printer prints the rest nevertheless, its echo is waited for.
    private func finish(_ job: PrintJob, _ id: UUID, _ fence: FenceID, _ outcome: PrintOutcome) async -> PrintOutcome {
        let condition: PrinterCondition
        switch outcome {
        case .failed(let why), .refused(let why): condition = why
        case .printed:
            past.mayHangOut = false
            await link?.settled()
            return outcome
        case .transmitted:
            past.mayHangOut = false
            return outcome
        }
        guard let link, job.hasSent || !leftover.isEmpty else {
            state.set(condition)
            return outcome
        }
        if case .failed = outcome, capabilities.proof == .fence, await link.remember(id, fence: fence) {
            past.mayHangOut = false
            return .printed
        }
        logger.warning("A ticket has no proof of printing", metadata: ["condition": "\(condition.code)"])
        state.set(condition)
        leftover.leave(job, end: ESCPOS.end(capabilities.cut))
        past.mayHangOut = true
        if !isGone { _ = await link.forget(within: timings.forget) }
        return outcome
    }

    /// What an error of the bus means for the printer's condition.
    @discardableResult
    private func note(_ error: USBError) -> PrinterCondition {
        let condition = PrinterCondition(error)
        if condition == .absent { isGone = true }
        if condition != state.value { logger.notice("Ticket printer: \(error)") }
        state.set(condition)
        return condition
    }
}
