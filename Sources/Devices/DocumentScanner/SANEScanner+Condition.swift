import Foundation
import Peripherals

/// What is wrong with the scanner: what a running scan says, or what it says when it is asked.
extension SANEScanner {
    /// What is wrong with the scanner now. While a scan runs, what that scan says; otherwise the scanner is asked, at
    /// most once in `statusLifetime`.
    public func condition() async -> ScannerCondition {
        while scanning {
            if let liveCondition { return liveCondition }
            // The limits of a scan bound this: it says something, or it ends.
            await withCheckedContinuation { waiting.append($0) }
        }
        return await status().condition
    }

    /// The scanner as a technician sees it.
    public func report() async -> DeviceReport {
        let condition = await condition()
        let status = scanning ? known?.status : await status()
        let device = status?.device ?? (condition == .absent ? nil : memory.scanner)
        var report = DeviceReport(
            condition, product: device?.product, usbID: device?.usbID, serial: device?.serial,
            port: device.map { $0.port ?? $0.name })
        if condition == .absent, let other = status?.others.first { report.remedy = Self.remedy(other) }
        return report
    }

    private static func remedy(_ other: FoundScanner) -> String {
        let place = other.port ?? other.address ?? other.name
        let serial = other.serial.map { ", serial number \($0)," } ?? ""
        return "Switch the kiosk's scanner on. If \(other.product)\(serial) at \(place) is to be used instead, name it "
            + "under scanner: in kiosk.yaml."
    }

    // MARK: While a scan runs

    func begin() {
        generation += 1
        known = nil
        scanning = true
        liveCondition = nil
    }

    func end() {
        generation += 1
        known = nil
        scanning = false
        wake()
    }

    func note(_ condition: ScannerCondition) {
        liveCondition = condition
        wake()
    }

    private func wake() {
        let woken = waiting
        waiting = []
        for one in woken { one.resume() }
    }

    // MARK: Asking

    private func status() async -> Status {
        if let known, clock.now - known.at < setup.statusLifetime { return known.status }
        if let asking { return await asking.value }
        let asked = generation
        let job = jobs.enqueue { await self.ask() }
        asking = job
        let status = await job.value
        if asking == job { asking = nil }
        // An answer from before a scan says nothing about the scanner after it.
        guard asked == generation else { return await self.status() }
        known = (status, clock.now)
        return status
    }

    private func ask() async -> Status {
        let answer = Collected<ScanSupervision.Action>()
        do throws(ScanError) {
            try await process.run(request(.status)) { await answer.append($0) }
        } catch {
            switch error {
            case .device(let condition):
                var others: [FoundScanner] = []
                for case .found(let other) in await answer.items { others.append(other) }
                return Status(condition: condition, others: others)
            case .timedOut, .diskFull, .cancelled, .failed:
                logger.warning("scanner status unknown", metadata: ["code": "\(error.code)"])
                return Status(condition: .unknown)
            }
        }
        var status = Status(condition: .unknown)
        for action in await answer.items {
            switch action {
            case .opened(let device):
                status.device = device
                learn(device)
            case .condition(let condition): status.condition = condition
            case .allow, .found, .page, .abilities, .stop, .kill, .over: break
            }
        }
        return status
    }
}
