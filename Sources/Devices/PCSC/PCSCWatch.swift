import Foundation
import Logging
import Synchronization

/// Watches pcscd's readers on a thread of its own, and pcscd itself: it may be missing, stop, and come back.
final class PCSCWatch: Sendable {
    /// How long one wait for a change lasts; also bounds how late `end` is noticed when it comes between two waits.
    private static let look = Duration.seconds(1)
    private static let retry = 0.5

    private struct Shared {
        var isEnded = false
        var context: PCSCContext?
    }

    private let shared = Mutex(Shared())
    private let wakeUp = DispatchSemaphore(value: 0)
    private let logger: Logger

    init(logger: Logger) { self.logger = logger }

    /// Tells every list of states that differs from the one before; nil when pcscd is not there.
    func run(_ tell: @escaping @Sendable ([PCSCReaderState]?) -> Void) {
        let thread = Thread { [self] in
            while !isEnded { visit(tell) }
        }
        thread.name = "pcsc watch"
        thread.start()
    }

    func end() {
        let context = shared.withLock { shared in
            shared.isEnded = true
            return shared.context
        }
        context?.cancel()
        wakeUp.signal()
    }

    private var isEnded: Bool { shared.withLock(\.isEnded) }

    /// One life of pcscd.
    private func visit(_ tell: @Sendable ([PCSCReaderState]?) -> Void) {
        do throws(PCSCError) {
            let context = try PCSCContext()
            shared.withLock { $0.context = context }
            defer {
                shared.withLock { $0.context = nil }
                context.release()
            }
            try follow(context, tell)
        } catch {
            guard !isEnded else { return }
            logger.debug("pcscd is not there: \(error.doing)", metadata: ["code": "\(error.code)"])
            tell(nil)
            _ = wakeUp.wait(timeout: .now() + Self.retry)
        }
    }

    private func follow(
        _ context: PCSCContext, _ tell: @Sendable ([PCSCReaderState]?) -> Void
    ) throws(PCSCError) {
        var known: [PCSCReaderState] = []
        while !isEnded {
            let names = try context.readers()
            if names.isEmpty { tell([]) }
            let asked = names.map { name in known.first { $0.name == name } ?? PCSCReaderState(name: name) }
            do throws(PCSCError) {
                let now = try context.waitForChange(asked, within: Self.look)
                known = now ?? asked
                if let now { tell(now) }
            } catch {
                // Pulled out between the list and the question.
                guard error.code == PCSCError.unknownReader else { throw error }
                known = []
            }
        }
    }
}
