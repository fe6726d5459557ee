import Peripherals
import Testing

@testable import SANEScanning

@Suite("Whether a scanner has time for a scan")
struct ScannerReadinessTests {
    /// - Returns: what was told, and the error.
    private func wait(
        _ conditions: [ScannerCondition], isCancelled: Bool = false
    ) -> (told: [ScannerCondition], error: ScanError?, asked: Int) {
        var asked = 0
        var told: [ScannerCondition] = []
        let readiness = ScannerReadiness(
            patienceSeconds: 0.01, intervalSeconds: 0.001,
            condition: {
                defer { asked += 1 }
                return asked < conditions.count ? conditions[asked] : conditions.last ?? .unknown
            }, isCancelled: { isCancelled })
        do throws(ScanError) {
            try readiness.wait { told.append($0) }
            return (told, nil, asked)
        } catch {
            return (told, error, asked)
        }
    }

    @Test(
        "every condition but busy and warming up is left to the scan itself, which is not kept waiting",
        arguments: ScannerCondition.allCases.filter { $0 != .busy && $0 != .warmingUp })
    func others(_ condition: ScannerCondition) {
        let (told, error, asked) = wait([condition])
        #expect(told.isEmpty && error == nil && asked == 1)
    }

    @Test("one that is ready in time is told once for each thing it was waited for")
    func inTime() {
        let (told, error, _) = wait([.busy, .busy, .warmingUp, .warmingUp, .ready])
        #expect(told == [.busy, .warmingUp] && error == nil)
    }

    @Test("one that is not ready in time is what it was last", arguments: [ScannerCondition.busy, .warmingUp])
    func tooLate(_ condition: ScannerCondition) {
        let (told, error, asked) = wait([condition])
        #expect(told == [condition] && error == .device(condition) && asked == 11)
    }

    @Test("who no longer wants the scan does not wait")
    func cancelled() {
        let (_, error, asked) = wait([.busy], isCancelled: true)
        #expect(error == .cancelled && asked == 1)
    }
}
