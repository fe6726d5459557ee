import Foundation

/// What a process may use. One that runs others' code on papers from outside takes these limits upon itself before it
/// begins, so that it ends by itself even when nobody watches it.
public struct ProcessLimits: Sendable {
    /// Of private memory.
    public var memoryBytes: Int
    /// Of the longest file.
    public var fileBytes: Int
    /// Of work, not of waiting.
    public var seconds: Int

    public init(memoryBytes: Int, fileBytes: Int, seconds: Int) {
        self.memoryBytes = memoryBytes
        self.fileBytes = fileBytes
        self.seconds = seconds
    }

    /// Limits this process, for good. It leaves no core dump, which would hold an applicant's papers, and its files are
    /// for nobody else to read.
    public func enter() {
        Self.limit(RLIMIT_DATA, to: memoryBytes)
        Self.limit(RLIMIT_FSIZE, to: fileBytes)
        Self.limit(RLIMIT_CPU, to: seconds)
        Self.limit(RLIMIT_CORE, to: 0)
        // A file that grows too long is an error to be told, not a death.
        signal(SIGXFSZ, SIG_IGN)
        umask(0o077)
    }

    private static func limit(_ resource: __rlimit_resource, to value: Int) {
        let value = rlim_t(max(0, value))
        var limit = rlimit(rlim_cur: value, rlim_max: value)
        setrlimit(__rlimit_resource_t(resource.rawValue), &limit)
    }
}
