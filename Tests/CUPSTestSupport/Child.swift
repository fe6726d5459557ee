import Foundation
import Synchronization

/// A program that runs beside the test and ends with this object.
///
/// Not Foundation's `Process`: that one hands its blocked signals down, and cupsd would never hear that it should end.
public final class Child: Sendable {
    /// nil when it has ended and was waited for.
    private let pid: Mutex<pid_t?>

    init(_ program: String, _ arguments: [String], environment: [String: String] = [:], log: URL) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log.path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // It outlives pipes of other tests, whose readers would wait for its end. A number that is not open is no error.
        for descriptor in 3..<Int32(Self.descriptors) { posix_spawn_file_actions_addclose(&actions, descriptor) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        let variables = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"].merging(environment) { $1 }
        var child: pid_t = 0
        let status = Self.withStrings([program] + arguments) { argv in
            Self.withStrings(variables.map { "\($0)=\($1)" }) {
                posix_spawn(&child, program, &actions, &attributes, argv, $0)
            }
        }
        guard status == 0 else { throw CUPSRig.Fault.notUp(program, log: String(cString: strerror(status))) }
        pid = Mutex(child)
    }

    /// Open files of this process have lower numbers.
    private static var descriptors: UInt {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return UInt(min(limit.rlim_cur, 4096))
    }

    private static func withStrings<Result>(
        _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        let copies = strings.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        var pointers = copies + [nil]
        return pointers.withUnsafeMutableBufferPointer { buffer in
            // Never empty: the last is nil.
            guard let base = buffer.baseAddress else { preconditionFailure("no list") }
            return body(base)
        }
    }

    /// Asks it to end, and waits until it has; one that does not listen is killed.
    func end() { stop(SIGTERM) }

    /// As when the power is cut.
    func kill() { stop(SIGKILL) }

    private func stop(_ signal: Int32, patience: Duration = .seconds(10)) {
        pid.withLock { pid in
            guard let child = pid else { return }
            pid = nil
            Glibc.kill(child, signal)
            if Wait.until({ waitpid(child, nil, WNOHANG) == child }, for: patience) { return }
            Glibc.kill(child, SIGKILL)
            waitpid(child, nil, 0)
        }
    }

    // Nobody waits long for a program that the test did not end itself.
    deinit { stop(SIGTERM, patience: .milliseconds(500)) }
}
