/// The scanner's inside: feeder, glass, sensors and the one job that it runs. No I/O and no clock.
struct ScannerMechanism: Sendable {
    enum Order: Equatable, Sendable {
        case created(job: Int)
        /// 503: another job runs, or the lamp is cold.
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
        /// 503: not now.
        case busy
        /// No answer, until it is well again.
        case silent
        /// It has just been switched off.
        case off
    }

    private struct Job: Sendable {
        var number: Int
        var settings: ESCLScanSettings
        var delivered = 0
        /// The back of the sheet whose front was delivered last.
        var back: PaperSheet?
    }

    /// What people put into the feeder, again and again when `refills`.
    private var stack: [LoadedSheet]
    private var feeder: [LoadedSheet]
    private let refills: Bool
    /// Somebody took everything out: no refill until somebody loads again.
    private var isEmptied = false
    private var job: Job?
    private var lastNumber = 0
    /// What happens in the middle of a batch.
    private var pending: (trouble: ScannerTrouble, after: Int)?
    private(set) var troubles: Set<ScannerTrouble> = []

    init(stack: [LoadedSheet], refills: Bool) {
        self.stack = stack
        self.feeder = stack
        self.refills = refills
    }

    func has(_ trouble: ScannerTrouble) -> Bool { troubles.contains(trouble) }

    /// `pwg:State`
    var state: String {
        if has(.warmingUp) { return "Testing" }
        let isMoving = job.map { $0.delivered > 0 || $0.settings.source == .feeder } ?? false
        return has(.busy) || isMoving ? "Processing" : "Idle"
    }

    /// `scan:AdfState`
    var feederState: String {
        if has(.coverOpen) { return "ScannerAdfDoorOpen" }
        if has(.jam) { return "ScannerAdfJam" }
        if has(.doubleFeed) { return "ScannerAdfMultipickDetected" }
        return feeder.isEmpty && !(refills && !isEmptied && job == nil) ? "ScannerAdfEmpty" : "ScannerAdfLoaded"
    }

    private var isStuck: Bool { has(.jam) || has(.coverOpen) || has(.doubleFeed) }

    mutating func order(_ settings: ESCLScanSettings) -> Order {
        if has(.busy) || has(.warmingUp) { return .busy }
        // One host: an order while a job stands open means that the host has forgotten that job.
        job = nil
        if settings.source == .feeder {
            if refills, !isEmptied { feeder = stack }
            if isStuck || feeder.isEmpty { return .refused }
        }
        lastNumber += 1
        job = Job(number: lastNumber, settings: settings)
        return .created(job: lastNumber)
    }

    mutating func next(of number: Int) -> Page {
        guard let current = job, current.number == number else { return .none }
        if let pending, current.delivered >= pending.after, hasNext(current) {
            self.pending = nil
            troubles.insert(pending.trouble)
        }
        if has(.lost) {
            job = nil
            return .off
        }
        if has(.silent) { return .silent }
        if has(.busy) || has(.warmingUp) { return .busy }
        if isStuck, current.settings.source == .feeder {
            job = nil
            return .stopped
        }
        guard let sheet = take(for: current) else {
            job = nil
            return .none
        }
        job?.delivered += 1
        return .sheet(sheet, position: current.delivered, area: current.settings.area)
    }

    private func hasNext(_ job: Job) -> Bool {
        job.settings.source == .platen ? job.delivered == 0 : job.back != nil || !feeder.isEmpty
    }

    private mutating func take(for current: Job) -> PaperSheet? {
        guard hasNext(current) else { return nil }
        switch current.settings.source {
        case .platen: return stack.first?.front ?? .blank
        case .feeder:
            if let back = current.back {
                job?.back = nil
                return back
            }
            let sheet = feeder.removeFirst()
            if current.settings.isDuplex { job?.back = sheet.back }
            return sheet.front
        }
    }

    func isRunning(_ number: Int) -> Bool { job?.number == number }

    mutating func cancel(_ number: Int) -> Bool {
        guard job?.number == number else { return false }
        job = nil
        return true
    }

    mutating func load(_ sheets: [LoadedSheet]) {
        stack = sheets
        feeder = sheets
        isEmptied = false
    }

    mutating func empty() {
        feeder = []
        isEmptied = true
    }

    /// - Parameter pages: nil for at once.
    mutating func trouble(_ trouble: ScannerTrouble, after pages: Int?) {
        if let pages {
            pending = (trouble, pages)
        } else {
            troubles.insert(trouble)
        }
    }

    mutating func end(_ trouble: ScannerTrouble) {
        troubles.remove(trouble)
        if pending?.trouble == trouble { pending = nil }
    }

    /// Everything is well again, and the sheets lie in the feeder as before.
    mutating func clear() {
        troubles = []
        pending = nil
        job = nil
        if !isEmptied { feeder = stack }
    }
}

/// A sheet in the feeder: what is on its two sides.
struct LoadedSheet: Sendable, Equatable {
    var front: PaperSheet
    var back = PaperSheet.blank
}
