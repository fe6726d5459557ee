import Foundation

/// Limits that a scan process sets for itself before libsane loads code of many vendors.
public enum ScanSandbox {
    /// Bytes of private memory: one page of A4 at 600 dpi, its copy while growing, the back end's own, and room.
    private static let memoryLimit: rlim_t = 1 << 30

    /// Seconds of work, not of waiting: sixty pages of A4 at 600 dpi need a third of it. A back end that spins ends here
    /// even when nobody watches it.
    private static let secondsOfWork: rlim_t = 300

    /// Bytes of one file: a page at its most, encoded.
    private static let fileLimit: rlim_t = 256 << 20

    public static func enter() {
        limit(RLIMIT_DATA, to: memoryLimit)
        limit(RLIMIT_CPU, to: secondsOfWork)
        limit(RLIMIT_FSIZE, to: fileLimit)
        // A core dump would hold an applicant's papers.
        limit(RLIMIT_CORE, to: 0)
        umask(0o077)
    }

    private static func limit(_ resource: __rlimit_resource, to value: rlim_t) {
        var limit = rlimit(rlim_cur: value, rlim_max: value)
        setrlimit(__rlimit_resource_t(resource.rawValue), &limit)
    }

    /// Keeps the standard output for events: back ends that print there print to the standard error instead.
    ///
    /// - Returns: the descriptor to which events go.
    public static func claimOutput() -> Int32 {
        let events = dup(STDOUT_FILENO)
        guard events >= 0, dup2(STDERR_FILENO, STDOUT_FILENO) >= 0 else { return STDOUT_FILENO }
        return events
    }
}
