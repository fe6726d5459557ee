import Foundation

/// Ends this process when it is told to, or when whoever started it has gone.
///
/// A signal (SIGTERM, SIGINT) or the end of the standard input stops libsane first, so that the scanner hears of it;
/// a back end that does not come back within `grace` is left behind together with the process.
public struct ScanLeash: Sendable {
    let cancel = SANECancel()
    private let grace: TimeInterval

    /// - Parameter grace: seconds from the wish to stop to the end of the process.
    public init(grace: TimeInterval = 1.5) {
        self.grace = grace
    }

    /// Watches for signals. To be called before any other thread exists, since the signals are blocked in this one and
    /// all that it starts.
    public func watchSignals() {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        let watched = signals
        Thread.detachNewThread {
            var watched = watched
            var signal: Int32 = 0
            sigwait(&watched, &signal)
            pull()
        }
    }

    /// Watches the standard input; its end means that nobody wants the pages any more.
    public func watchInput() {
        Thread.detachNewThread {
            var byte: UInt8 = 0
            while true {
                let count = read(STDIN_FILENO, &byte, 1)
                if count == 0 || (count < 0 && errno != EINTR) { break }
            }
            pull()
        }
    }

    private func pull() {
        // The back end may hang even in `sane_cancel`: the end comes from another thread.
        expire(code: 3)
        cancel.request()
    }

    /// Ends the process after `grace`, if it has not ended by itself.
    func expire(code: Int32) {
        Thread.detachNewThread {
            Thread.sleep(forTimeInterval: grace)
            _exit(code)
        }
    }
}
