import Foundation
import Logging
import Peripherals

/// The document scanner, driven through `kiosk-scan` and libsane. The daemon itself never calls libsane: a back end
/// that crashes or hangs takes only its own process with it.
///
/// One job runs at a time; a second waits for the first. Every job is a new process, so nothing can stick from the
/// one before.
public actor SANEScanner: DocumentScanning {
    struct Status {
        var condition: ScannerCondition
        var device: FoundScanner?
        /// Scanners that are there while the kiosk's own is absent.
        var others: [FoundScanner] = []
    }

    let setup: ScannerSetup
    let process: ScannerProcess
    let logger: Logger
    let clock = ContinuousClock()

    var jobs = JobLine()
    /// Counts the scans; an answer about the condition belongs to the number under which it was asked.
    var generation = 0
    var scanning = false
    /// What the running scan says about the device; nil until it said something.
    var liveCondition: ScannerCondition?
    /// Those who want to know the condition while the running scan has not said anything.
    var waiting: [CheckedContinuation<Void, Never>] = []
    var memory: ScannerMemory
    var lastScan: ScannerSummary.LastScan?
    private var described: (device: FoundScanner, abilities: ScannerAbilities)?
    var known: (status: Status, at: ContinuousClock.Instant)?
    var asking: Task<Status, Never>?

    public init(_ setup: ScannerSetup, logger: Logger = Logger(label: "scanner")) {
        self.setup = setup
        self.process = ScannerProcess(program: setup.program, saneConfig: setup.saneConfig, limits: setup.limits)
        self.logger = logger
        memory = ScannerMemory(setup.memory)
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
        await jobs.enqueue { () async -> Void in
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
        let job = jobs.enqueue { () async -> ScanError? in
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

    func request(
        _ job: ScanRequest.Job, _ directory: URL? = nil, _ choices: ScanChoices = ScanChoices()
    ) -> ScanRequest {
        ScanRequest(
            job: job, device: setup.device, past: memory.scanner, settings: setup.settings.with(choices),
            directory: directory?.path)
    }

    func learn(_ device: FoundScanner) {
        guard memory.remember(device) else { return }
        logger.notice(
            "document scanner", metadata: ["product": "\(device.product)", "port": "\(device.port ?? device.name)"])
    }
}
