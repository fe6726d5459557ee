import Foundation
import Logging
import Peripherals
import TicketPrinter
import USB

/// The ticket printer that the queue holds on to, whichever printer is plugged in.
actor TicketPrinterFront: TicketPrinting, RoleFront {
    private let logger: Logger
    private let make: @Sendable (any USBDevice, Logger) -> ESCPOSPrinter
    private nonisolated let state = FrontState<PrinterCondition>()
    private nonisolated let late = Broadcast<UUID>()
    private nonisolated let spoken = Broadcast<PrinterExchange>()
    private var printer: ESCPOSPrinter?
    /// What was known of the printer when it was plugged out; nil before the first.
    private var past: PrinterMemory?

    init(make: @escaping @Sendable (any USBDevice, Logger) -> ESCPOSPrinter, logger: Logger) {
        self.make = make
        self.logger = logger
    }

    // MARK: TicketPrinting

    func condition() -> PrinterCondition { state.condition }

    nonisolated func conditions() -> AsyncStream<PrinterCondition> { state.conditions.watch() }

    func print(_ ticket: TicketContent, job: UUID, journal: @escaping PrintJournal) async -> PrintOutcome {
        guard let printer else { return .refused(state.condition.isReady ? .unknown : state.condition) }
        return await printer.print(ticket, job: job, journal: journal)
    }

    nonisolated func lateProofs() -> AsyncStream<UUID> { late.listen() }

    nonisolated func exchanges() -> AsyncStream<PrinterExchange> { spoken.listen() }

    func summary() async -> PrinterSummary? { await printer?.summary() }

    // MARK: RoleFront

    nonisolated var reports: LatestValue<DeviceReport> { state.reports }

    func serve(_ device: any USBDevice) async -> Bool {
        let printer = make(device, logger)
        let info = device.info
        if let past { await printer.adopt(past) }
        self.printer = printer
        let wasReady = await withTaskGroup(of: Bool.self) { group in
            let conditions = printer.conditions()
            group.addTask {
                var wasReady = false
                for await condition in conditions {
                    wasReady = wasReady || condition.isReady
                    self.state.set(condition, info, product: await printer.report().product)
                }
                return wasReady
            }
            // Whoever listens here goes on listening when another printer is plugged in.
            group.addTask {
                for await job in printer.lateProofs() { self.late.send(job) }
                return false
            }
            group.addTask {
                for await exchange in printer.exchanges() { self.spoken.send(exchange) }
                return false
            }
            let end = await printer.run()
            group.cancelAll()
            var wasReady = false
            for await part in group { wasReady = wasReady || part }
            self.state.set(end, info)
            return wasReady
        }
        self.printer = nil
        past = await printer.memory()
        return wasReady
    }

    nonisolated func refuse(_ error: USBError, _ info: USBDeviceInfo) { state.set(PrinterCondition(error), info) }

    nonisolated func vacate() { state.set(.absent, nil) }
}
