import Foundation
import HostSystem

/// What a worker does to itself before it looks at a picture.
public enum WorkerSandbox {
    /// Memory: A3 at 600 dpi in colour is 209 MB, and some steps hold a copy. Processor time of a job: the deadline of the
    /// daemon comes before, this is for a daemon that is gone.
    @discardableResult
    public static func enter(jobs: Int = 1) -> ProcessLimits {
        let limits = ProcessLimits(memoryBytes: 1 << 30, fileBytes: 1 << 30, seconds: 300, jobs: jobs)
        limits.enter()
        return limits
    }

    /// Lets everything else on the machine go first: an applicant at the screen before the text of an earlier page.
    public static func stepBack() {
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
    }
}
