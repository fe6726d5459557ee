import Foundation
import HostSystem

/// What `kiosk-page` does to itself before it looks at a picture.
public enum WorkerSandbox {
    /// Memory: A3 at 600 dpi in colour is 209 MB, and some steps hold a copy.
    /// - Parameter seconds: of processor time; the deadline of the daemon comes before, this is for a daemon that is gone.
    public static func enter(seconds: Int) {
        ProcessLimits(memoryBytes: 1 << 30, fileBytes: 1 << 30, seconds: seconds).enter()
    }

    /// Lets everything else on the machine go first: an applicant at the screen before the text of an earlier page.
    public static func stepBack() {
        setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
    }

    /// Ends this process when its standard input ends: nobody wants the result any more.
    public static func endWithInput() {
        Thread.detachNewThread {
            var byte: UInt8 = 0
            while true {
                let count = read(STDIN_FILENO, &byte, 1)
                if count == 0 || (count < 0 && errno != EINTR) { _exit(3) }
            }
        }
    }
}
