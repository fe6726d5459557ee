import CSANE
import DocumentScanner
import Foundation
import Peripherals
import Synchronization

/// libsane in this process. All calls but `cancel` come from one thread.
struct SANELibrary: ~Copyable {
    init() throws(ScanError) {
        var version: SANE_Int = 0
        let status = sane_init(&version, nil)
        guard status == SANE_STATUS_GOOD else {
            throw SANEStatus.error(status, at: .open, pages: 0) ?? .failed("libsane cannot start")
        }
    }

    deinit { sane_exit() }

    /// Searches for scanners; takes seconds with some back ends.
    func devices() throws(ScanError) -> [FoundScanner] {
        var list: UnsafeMutablePointer<UnsafePointer<SANE_Device>?>?
        let status = sane_get_devices(&list, SANE_Bool(SANE_FALSE))
        guard status == SANE_STATUS_GOOD, let list else {
            throw SANEStatus.error(status, at: .open, pages: 0) ?? .device(.absent)
        }
        var found: [FoundScanner] = []
        // SANE ends the list with a null; more than this is a broken back end.
        while found.count < 1000, let device = list[found.count]?.pointee {
            found.append(
                FoundScanner(
                    name: Self.text(device.name), vendor: Self.text(device.vendor), model: Self.text(device.model),
                    type: Self.text(device.type)))
        }
        return found
    }

    static func text(_ pointer: UnsafePointer<CChar>?) -> String {
        pointer.map { String(cString: $0) } ?? ""
    }
}

/// Stops whatever libsane does, from another thread.
///
/// `sane_cancel` is the one call that SANE allows at any moment, even in a signal handler (SANE Standard 1.06, 4.3.11).
final class SANECancel: Sendable {
    private struct State {
        var requested = false
        /// The bits of the open `SANE_Handle`; nil before opening and from closing on.
        var handle: UInt?
    }
    private let state = Mutex(State())

    var isRequested: Bool { state.withLock { $0.requested } }

    func request() {
        state.withLock { state in
            state.requested = true
            // Under the lock, so that the handle cannot be closed in the meantime.
            if let handle = state.handle.flatMap(SANE_Handle.init(bitPattern:)) { sane_cancel(handle) }
        }
    }

    func opened(_ handle: SANE_Handle) { state.withLock { $0.handle = UInt(bitPattern: handle) } }

    func closing() { state.withLock { $0.handle = nil } }
}
