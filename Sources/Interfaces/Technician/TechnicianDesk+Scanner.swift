import Control
import Peripherals

/// The document scanner.
extension TechnicianDesk {
    public func scannerStatus() async throws -> ScannerStatusCommand.Reply {
        // What it can do first: that the status comes after it is the newer one.
        let summary = await devices.scanner.summary()
        let reports = await devices.reports.reports()
        return ScannerStatusCommand.Reply(
            device: reports.first { $0.role == .documentScanner } ?? DeviceReport(ScannerCondition.absent),
            summary: summary)
    }

    public func testScan(_ command: ScanTestCommand) async throws -> ScanTestCommand.Reply {
        try await refuseWhileInUse()
        return try await scans.test(try Self.checked(command.choices))
    }

    public func scanDocument(_ command: ScanDocumentCommand) async throws -> ScanDocumentCommand.Reply {
        try await refuseWhileInUse()
        return try await scans.document(try Self.checked(command.choices))
    }

    public func fetchScan(_ command: ScanFetchCommand) async throws -> ScanFetchCommand.Reply {
        try await scans.piece(command)
    }

    private static func checked(_ choices: ScanChoices) throws(ControlFault) -> ScanChoices {
        guard let resolution = choices.resolution, !ScanChoices.resolutions.contains(resolution) else { return choices }
        throw ControlFault(
            code: "bad-resolution", message: "No scanner is asked for \(resolution) dots per inch.",
            remedy: "Give --resolution from \(ScanChoices.resolutions.lowerBound) to "
                + "\(ScanChoices.resolutions.upperBound).")
    }
}
