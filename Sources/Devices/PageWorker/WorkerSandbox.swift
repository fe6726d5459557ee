import Foundation

/// Limits that `kiosk-page` sets for itself before it looks at a picture.
public enum WorkerSandbox {
    /// Bytes of private memory: A3 at 600 dpi in colour is 209 MB, and some steps hold a copy.
    private static let memoryLimit: rlim_t = 1 << 30
    /// Bytes of the largest file.
    private static let fileLimit: rlim_t = 1 << 30

    /// - Parameter seconds: of processor time; the deadline of the daemon comes before, this is for a daemon that is gone.
    public static func enter(seconds: rlim_t) {
        limit(RLIMIT_DATA, memoryLimit)
        limit(RLIMIT_FSIZE, fileLimit)
        limit(RLIMIT_CPU, seconds)
        // A core dump would hold an applicant's papers.
        limit(RLIMIT_CORE, 0)
        // A file that grows too large is an error to be told, not a death.
        signal(SIGXFSZ, SIG_IGN)
        umask(0o077)
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

    private static func limit(_ resource: __rlimit_resource, _ value: rlim_t) {
        var limit = rlimit(rlim_cur: value, rlim_max: value)
        setrlimit(__rlimit_resource_t(resource.rawValue), &limit)
    }
}
