import DocumentScanner
import Peripherals

/// A document scanner that also says which one it is.
public protocol ReportingScanner: DocumentScanning {
    func report() async -> DeviceReport
}

extension SANEScanner: ReportingScanner {}

/// Asks the scanner now and then, and at once when somebody wants to know; never makes anybody wait for a scanner that
/// hangs.
actor ScannerWatch {
    private let scanner: any ReportingScanner
    private let interval: Duration
    private let patience: Duration
    nonisolated let reports = LatestValue(DeviceReport(ScannerCondition.unknown))
    private var asking: Task<DeviceReport, Never>?

    /// - Parameters:
    ///   - interval: between two looks at a scanner that nobody asks about. Each look starts a process.
    ///   - patience: how long `report` waits for a fresh answer before it gives the last one.
    init(_ scanner: any ReportingScanner, interval: Duration, patience: Duration = .seconds(4)) {
        self.scanner = scanner
        self.interval = interval
        self.patience = patience
    }

    /// Looks until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            _ = await ask().value
            // Ends early when the task is cancelled.
            try? await Task.sleep(for: interval)
        }
    }

    func report() async -> DeviceReport {
        let fresh = ask()
        let patience = patience
        let (answers, answer) = AsyncStream.makeStream(of: Void.self)
        let waiting = Task {
            _ = await fresh.value
            answer.yield()
        }
        let timer = Task {
            try await Task.sleep(for: patience)
            answer.yield()
        }
        for await _ in answers { break }
        waiting.cancel()
        timer.cancel()
        return reports.value
    }

    private func ask() -> Task<DeviceReport, Never> {
        if let asking { return asking }
        let task = Task {
            let report = await scanner.report()
            reports.set(report)
            asking = nil
            return report
        }
        asking = task
        return task
    }
}
