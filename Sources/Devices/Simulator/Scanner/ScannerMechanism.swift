/// The scanner's inside: feeder, glass, sensors and the one job that it runs. No I/O and no clock.
struct ScannerMechanism: Sendable {
    enum Order: Equatable, Sendable {
        case created(job: Int)
        /// 503: another job runs.
        case busy
        /// 409: nothing to scan, or the mechanism cannot move; the status says why.
        case refused
    }

    enum Page: Equatable, Sendable {
        case sheet(PaperSheet, position: Int, area: ScanArea)
        /// 404: the job has no more pages, or there is no such job.
        case none
        /// 409: the sheet did not arrive; the status says why.
        case stopped
    }

    /// A fault that happens in the middle of a batch.
    private enum Trouble: Equatable, Sendable {
        case jam
        case coverOpen
    }

    private struct Job: Sendable {
        var number: Int
        var settings: ESCLScanSettings
        var delivered = 0
    }

    /// What people put into the feeder, again and again when `refills`.
    private var stack: [PaperSheet]
    private var feeder: [PaperSheet]
    private let refills: Bool
    /// Somebody took everything out: no refill until somebody loads again.
    private var isEmptied = false
    private var job: Job?
    private var lastNumber = 0
    private var pending: (trouble: Trouble, after: Int)?

    private(set) var isJammed = false
    private(set) var isCoverOpen = false
    var isBusy = false

    init(stack: [PaperSheet], refills: Bool) {
        self.stack = stack
        self.feeder = stack
        self.refills = refills
    }

    var state: String {
        isBusy || job.map { $0.delivered > 0 || $0.settings.source == .feeder } ?? false ? "Processing" : "Idle"
    }

    var feederState: String {
        if isCoverOpen { return "ScannerAdfDoorOpen" }
        if isJammed { return "ScannerAdfJam" }
        return feeder.isEmpty && !(refills && !isEmptied && job == nil) ? "ScannerAdfEmpty" : "ScannerAdfLoaded"
    }

    mutating func order(_ settings: ESCLScanSettings) -> Order {
        if isBusy { return .busy }
        // One host: an order while a job stands open means that the host has forgotten that job.
        job = nil
        if settings.source == .feeder {
            if refills, !isEmptied { feeder = stack }
            if isJammed || isCoverOpen || feeder.isEmpty { return .refused }
        }
        lastNumber += 1
        job = Job(number: lastNumber, settings: settings)
        return .created(job: lastNumber)
    }

    mutating func next(of number: Int) -> Page {
        guard var current = job, current.number == number else { return .none }
        if let pending, current.settings.source == .feeder, current.delivered >= pending.after {
            self.pending = nil
            set(pending.trouble)
        }
        if isJammed || isCoverOpen, current.settings.source == .feeder {
            job = nil
            return .stopped
        }
        let sheet: PaperSheet
        switch current.settings.source {
        case .platen:
            guard current.delivered == 0 else {
                job = nil
                return .none
            }
            sheet = stack.first ?? .blank
        case .feeder:
            guard !feeder.isEmpty else {
                job = nil
                return .none
            }
            sheet = feeder.removeFirst()
        }
        let position = current.delivered
        current.delivered += 1
        job = current
        return .sheet(sheet, position: position, area: current.settings.area)
    }

    func isRunning(_ number: Int) -> Bool { job?.number == number }

    mutating func cancel(_ number: Int) -> Bool {
        guard job?.number == number else { return false }
        job = nil
        return true
    }

    mutating func load(_ sheets: [PaperSheet]) {
        stack = sheets
        feeder = sheets
        isEmptied = false
    }

    mutating func empty() {
        feeder = []
        isEmptied = true
    }

    mutating func jam(after pages: Int?) { trouble(.jam, after: pages) }

    mutating func openCover(after pages: Int?) { trouble(.coverOpen, after: pages) }

    mutating func closeCover() {
        isCoverOpen = false
        pending = nil
    }

    /// Everything is well again, and the sheets lie in the feeder as before.
    mutating func clear() {
        isJammed = false
        isCoverOpen = false
        isBusy = false
        pending = nil
        job = nil
        if !isEmptied { feeder = stack }
    }

    private mutating func trouble(_ trouble: Trouble, after pages: Int?) {
        if let pages {
            pending = (trouble, pages)
        } else {
            set(trouble)
        }
    }

    private mutating func set(_ trouble: Trouble) {
        switch trouble {
        case .jam: isJammed = true
        case .coverOpen: isCoverOpen = true
        }
    }
}
