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
    public internal(set) var identity: IEEE1284ID?
    /// With the way of proof that was learnt.
    public internal(set) var capabilities: PrinterCapabilities
    let lookup: PrinterLookup?
    private let template: TicketTemplate
    let timings: Timings
    let logger: Logger
    let state = LatestValue(PrinterCondition.unknown)
    let link: PrinterLink?
    private nonisolated let late = Broadcast<UUID>()
    private nonisolated let spoken = Broadcast<PrinterExchange>()
    private let turnstile = Turnstile()
    var isOpen = false
    var isGone = false
    var past: PrinterMemory
    /// Whether automatic status was switched on.
    var tellsFaults = false
    /// What has to be sent before the next job.
    var leftover = Leftover.none

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

    /// What an error of the bus means for the printer's condition.
    @discardableResult
    func note(_ error: USBError) -> PrinterCondition {
        let condition = PrinterCondition(error)
        if condition == .absent { isGone = true }
        if condition != state.value { logger.notice("Ticket printer: \(error)") }
        state.set(condition)
        return condition
    }
}
