import Foundation
import Synchronization

/// The lines of a worker's standard input, read on a thread of its own: when the input ends, the process ends at once, also in
/// the middle of a job. Nobody wants the result any more.
final class RequestLines: Sendable {
    private let waiting = Mutex<[String]>([])
    private let arrived = DispatchSemaphore(value: 0)
    /// The daemon asks for one job at a time.
    private static let waitingLimit = 2
    /// A number, a space.
    private static let lengthLimit = PageJob.lengthLimit + 32

    init() {
        Thread.detachNewThread { self.read() }
    }

    /// Waits for a line on the calling thread.
    /// - Parameter time: nil for as long as it takes.
    /// - Returns: nil when none came in time.
    func next(within time: DispatchTimeInterval?) -> String? {
        guard arrived.wait(timeout: time.map { .now() + $0 } ?? .distantFuture) == .success else { return nil }
        return waiting.withLock { $0.removeFirst() }
    }

    private func read() -> Never {
        var line: [UInt8] = []
        var bytes = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(STDIN_FILENO, &bytes, bytes.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { _exit(3) }
            var rest = bytes[..<count]
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                line += rest[..<end]
                hand(String(decoding: line, as: UTF8.self))
                line = []
                rest = rest[(end + 1)...]
            }
            line += rest
            guard line.count <= Self.lengthLimit else { _exit(3) }
        }
    }

    private func hand(_ line: String) {
        let count = waiting.withLock { lines in
            lines.append(line)
            return lines.count
        }
        guard count <= Self.waitingLimit else { _exit(3) }
        arrived.signal()
    }
}
