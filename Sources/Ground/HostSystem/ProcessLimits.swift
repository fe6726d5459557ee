import Foundation

/// What a process may use. One that runs others' code on papers from outside takes these limits upon itself before it
/// begins, so that it ends by itself even when nobody watches it.
public struct ProcessLimits: Sendable {
    /// Of private memory.
    public var memoryBytes: Int
    /// Of the longest file.
    public var fileBytes: Int
    /// Of work, not of waiting; of each job.
    public var seconds: Int
    /// That the process will do, one after the other.
    public var jobs: Int

    public init(memoryBytes: Int, fileBytes: Int, seconds: Int, jobs: Int = 1) {
        self.memoryBytes = memoryBytes
        self.fileBytes = fileBytes
        self.seconds = seconds
        self.jobs = jobs
    }

    /// Limits this process, for good. It leaves no core dump, which would hold an applicant's papers, and its files are
    /// for nobody else to read.
    public func enter() {
        Self.limit(RLIMIT_DATA, to: memoryBytes)
        Self.limit(RLIMIT_FSIZE, to: fileBytes)
        // A second more for each: the kernel counts whole ones.
        Self.limit(RLIMIT_CPU, to: seconds, atMost: (seconds + 1) * jobs)
        Self.limit(RLIMIT_CORE, to: 0)
        // A file that grows too long is an error to be told, not a death.
        signal(SIGXFSZ, SIG_IGN)
        umask(0o077)
    }

    /// Gives the job that begins now its seconds, whatever the earlier ones took: the kernel counts those of the process.
    public func beginJob() {
        var used = timespec()
        guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) == 0 else { return }
        let most = (seconds + 1) * jobs
        Self.limit(RLIMIT_CPU, to: min(used.tv_sec + 1 + seconds, most), atMost: most)
    }

    private static func limit(_ resource: __rlimit_resource, to value: Int, atMost most: Int? = nil) {
        let value = rlim_t(max(0, value))
        var limit = rlimit(rlim_cur: value, rlim_max: most.map { rlim_t(max(0, $0)) } ?? value)
        setrlimit(__rlimit_resource_t(resource.rawValue), &limit)
    }
}
