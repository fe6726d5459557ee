import Foundation

/// Limits that a scan process sets for itself before libsane loads code of many vendors.
public enum ScanSandbox {
    /// Bytes of private memory: one page of A4 at 600 dpi, its copy while growing, the back end's own, and room.
    private static let memoryLimit: rlim_t = 1 << 30

    public static func enter() {
        var memory = rlimit(rlim_cur: memoryLimit, rlim_max: memoryLimit)
        setrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &memory)
        // A core dump would hold an applicant's papers.
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        umask(0o077)
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
