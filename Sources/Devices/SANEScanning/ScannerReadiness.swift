import DocumentScanner
import Foundation
import Peripherals

/// Looks before a scan whether a driverless scanner has time for it. sane-airscan repeats an order that is answered by
/// 503 up to thirty times, a second apart, and says nothing meanwhile; an applicant is told after five.
///
/// Only before the first order: from then on "Processing" is the scanner's word for this very scan.
struct ScannerReadiness {
    /// A scanner that has just ended a batch, or whose lamp is nearly warm, needs this at the most.
    var patienceSeconds = 5.0
    var intervalSeconds = 0.25
    let condition: () -> ScannerCondition
    let isCancelled: () -> Bool

    /// Blocks until the scanner is neither busy nor cold.
    /// - Parameter tell: hears what is waited for.
    func wait(_ tell: (ScannerCondition) -> Void) throws(ScanError) {
        var told: ScannerCondition?
        for _ in 0...Int(patienceSeconds / intervalSeconds) {
            let condition = condition()
            guard condition == .busy || condition == .warmingUp else { return }
            guard !isCancelled() else { throw .cancelled }
            if condition != told { tell(condition) }
            told = condition
            Thread.sleep(forTimeInterval: intervalSeconds)
        }
        throw told.map(ScanError.device) ?? .cancelled
    }
}
