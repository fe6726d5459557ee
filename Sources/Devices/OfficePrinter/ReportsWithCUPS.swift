import Peripherals

/// The reports of all devices, with those of the printers behind CUPS.
public struct ReportsWithCUPS: DeviceReporting {
    private let others: any DeviceReporting
    /// In the place of the others' reports of the same role, or at the end.
    private let printers: [LatestValue<DeviceReport>]

    public init(_ others: any DeviceReporting, tickets: CUPSTicketPrinter?, office: CUPSOfficePrinter?) {
        self.others = others
        printers = [tickets?.reports, office?.reports].compactMap { $0 }
    }

    public func reports() async -> [DeviceReport] { Self.join(await others.reports(), printers) }

    public func reportChanges() async -> AsyncStream<[DeviceReport]> {
        let base = await others.reportChanges()
        let (stream, continuation) = AsyncStream.makeStream(
            of: [DeviceReport].self, bufferingPolicy: .bufferingNewest(16))
        let latest = LatestValue<[DeviceReport]>([])
        let printers = printers
        let task = Task {
            await withDiscardingTaskGroup { group in
                group.addTask { for await reports in base { latest.set(reports) } }
                group.addTask {
                    for await reports in latest.watch() { continuation.yield(Self.join(reports, printers)) }
                }
                for printer in printers {
                    group.addTask {
                        for await _ in printer.watch() { continuation.yield(Self.join(latest.value, printers)) }
                    }
                }
            }
        }
        continuation.onTermination = { _ in task.cancel() }
        return stream
    }

    private static func join(_ others: [DeviceReport], _ printers: [LatestValue<DeviceReport>]) -> [DeviceReport] {
        var reports = others
        for report in printers.map(\.value) {
            if let index = reports.firstIndex(where: { $0.role == report.role }) {
                reports[index] = report
            } else {
                reports.append(report)
            }
        }
        return reports
    }
}
