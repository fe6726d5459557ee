import Foundation
import HostSystem

/// What a scan process does before libsane loads code of many vendors.
public enum ScanSandbox {
    /// Memory: one page of A4 at 600 dpi, its copy while growing, the back end's own, and room. File: a page at its most,
    /// encoded. Seconds: sixty pages of A4 at 600 dpi need a third of it.
    private static let limits = ProcessLimits(memoryBytes: 1 << 30, fileBytes: 256 << 20, seconds: 300)

    public static func enter() { limits.enter() }

    /// Keeps the standard output for events: back ends that print there print to the standard error instead.
    ///
    /// - Returns: the descriptor to which events go.
    public static func claimOutput() -> Int32 {
        let events = dup(STDOUT_FILENO)
        guard events >= 0, dup2(STDERR_FILENO, STDOUT_FILENO) >= 0 else { return STDOUT_FILENO }
        return events
    }
}
