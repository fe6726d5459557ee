import Dispatch
import Foundation
import Synchronization

/// A thread of its own that runs an actor's jobs one after the other, for actors that call blocking C functions: the
/// cooperative pool never waits for a device.
///
/// ```swift
/// actor Driver {
///     private let thread = DeviceThread(name: "printer")
///     nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }
/// }
/// ```
/// The thread ends after the executor is released.
public final class DeviceThread: SerialExecutor {
    private let inbox = Inbox()

    public init(name: String) {
        let inbox = inbox
        let thread = Thread { inbox.run() }
        thread.name = name
        thread.start()
    }

    deinit { inbox.end() }

    public func enqueue(_ job: consuming ExecutorJob) {
        inbox.add(UnownedJob(job), for: asUnownedSerialExecutor())
    }

    /// What the thread and the executor share; the thread does not keep the executor alive.
    private final class Inbox: Sendable {
        private struct Contents {
            var jobs: [(UnownedJob, UnownedSerialExecutor)] = []
            var isEnded = false
        }

        private let contents = Mutex(Contents())
        private let arrived = DispatchSemaphore(value: 0)

        func add(_ job: UnownedJob, for executor: UnownedSerialExecutor) {
            contents.withLock { $0.jobs.append((job, executor)) }
            arrived.signal()
        }

        func end() {
            contents.withLock { $0.isEnded = true }
            arrived.signal()
        }

        func run() {
            while true {
                arrived.wait()
                let next = contents.withLock { $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }
                if let (job, executor) = next {
                    job.runSynchronously(on: executor)
                } else if contents.withLock({ $0.isEnded }) {
                    return
                }
            }
        }
    }
}
