import CLibUSB
import Foundation
import Logging
import Synchronization

/// A libusb context with its event thread and hotplug callback.
///
/// `@unchecked Sendable`: the pointer never changes, and libusb locks a context itself (libusb manual, "Multi-threaded
/// applications").
final class LibUSBContext: @unchecked Sendable {
    let pointer: OpaquePointer
    private let shared: Shared
    private var hotplug: libusb_hotplug_callback_handle = 0
    private let hasHotplug: Bool

    /// What the event thread and the hotplug callback see; keeps neither the context nor a device alive.
    private final class Shared: Sendable {
        let isEnded = Atomic<Bool>(false)
        let ended = DispatchSemaphore(value: 0)
        let listeners = Mutex<[Int: AsyncStream<Void>.Continuation]>([:])

        func announce() {
            for listener in listeners.withLock({ Array($0.values) }) { listener.yield() }
        }
    }

    init(logger: Logger) throws(USBError) {
        var context: OpaquePointer?
        let result = libusb_init(&context)
        guard result == 0, let context else {
            throw .busUnavailable("libusb cannot start (\(LibUSBContext.text(result))); is /dev/bus/usb there?")
        }
        pointer = context
        let shared = Shared()
        self.shared = shared
        hasHotplug = libusb_has_capability(LIBUSB_CAP_HAS_HOTPLUG.rawValue) != 0
        let events = EventThread(context: context, shared: shared)
        let thread = Thread { events.run() }
        thread.name = "libusb"
        thread.start()
        if hasHotplug {
            let both = LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED.rawValue | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT.rawValue
            let status = libusb_hotplug_register_callback(
                context, Int32(both), 0, LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY,
                { _, _, _, user in
                    if let user { Unmanaged<Shared>.fromOpaque(user).takeUnretainedValue().announce() }
                    return 0
                },
                Unmanaged.passUnretained(shared).toOpaque(), &hotplug)
            if status != 0 { logger.error("libusb gives no hotplug events: \(Self.text(status))") }
        } else {
            logger.error("this libusb has no hotplug events; devices plugged in later are not seen")
        }
    }

    /// Ending waits for the event thread, and that may wait for a device: never on the thread that lets go, which may be
    /// one of the cooperative pool.
    deinit {
        let ending = Ending(context: pointer, hotplug: hasHotplug ? hotplug : nil, shared: shared)
        Thread.detachNewThread { ending.run() }
    }

    /// A tick after each arrival and departure.
    func changes() -> AsyncStream<Void> {
        let shared = shared
        return AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let key = shared.listeners.withLock { listeners in
                let key = (listeners.keys.max() ?? 0) + 1
                listeners[key] = continuation
                return key
            }
            continuation.onTermination = { _ in shared.listeners.withLock { $0[key] = nil } }
        }
    }

    /// `@unchecked Sendable`: made by one thread and used by the other from then on only.
    private struct Ending: @unchecked Sendable {
        let context: OpaquePointer
        let hotplug: libusb_hotplug_callback_handle?
        let shared: Shared

        func run() {
            if let hotplug { libusb_hotplug_deregister_callback(context, hotplug) }
            shared.isEnded.store(true, ordering: .releasing)
            libusb_interrupt_event_handler(context)
            shared.ended.wait()
            libusb_exit(context)
        }
    }

    static func text(_ code: Int32) -> String {
        String(cString: libusb_error_name(code))
    }

    /// `@unchecked Sendable`: made by one thread and used by the other from then on only.
    private final class EventThread: @unchecked Sendable {
        let context: OpaquePointer
        let shared: Shared

        init(context: OpaquePointer, shared: Shared) {
            self.context = context
            self.shared = shared
        }

        func run() {
            while !shared.isEnded.load(ordering: .acquiring) {
                libusb_handle_events_completed(context, nil)
            }
            shared.ended.signal()
        }
    }
}

/// A counted reference to a libusb device; while it is held, no other device has its pointer.
///
/// `@unchecked Sendable`: the pointer never changes, and libusb counts references atomically.
final class LibUSBDeviceReference: @unchecked Sendable {
    let pointer: OpaquePointer
    let context: LibUSBContext

    init(_ pointer: OpaquePointer, context: LibUSBContext) {
        self.pointer = libusb_ref_device(pointer)
        self.context = context
    }

    deinit { libusb_unref_device(pointer) }
}

/// An open device handle. Closing may wait for the kernel to take transfers back.
///
/// `@unchecked Sendable`: the pointer never changes, and libusb locks a handle itself.
final class LibUSBHandle: @unchecked Sendable {
    let pointer: OpaquePointer
    private let device: LibUSBDeviceReference
    private let isClosed = Atomic<Bool>(false)

    init(_ pointer: OpaquePointer, device: LibUSBDeviceReference) {
        self.pointer = pointer
        self.device = device
    }

    /// Closes on this thread. Nobody may use the handle any more.
    func close() {
        guard !isClosed.exchange(true, ordering: .acquiringAndReleasing) else { return }
        libusb_close(pointer)
    }

    /// For a device that nobody closed: on a thread of its own, since this one may be of the cooperative pool.
    deinit {
        guard !isClosed.load(ordering: .acquiring) else { return }
        let last = LibUSBHandle(pointer, device: device)
        Thread.detachNewThread { last.close() }
    }
}

extension USBError {
    /// What a libusb call's result means; nil for success.
    static func of(libusb code: Int32, doing what: String) -> USBError? {
        guard code < 0 else { return nil }
        return switch libusb_error(code) {
        case LIBUSB_ERROR_ACCESS: .accessDenied("\(what): no permission; install the udev rules and replug the device")
        case LIBUSB_ERROR_NO_DEVICE: .disconnected
        case LIBUSB_ERROR_NOT_FOUND: .notFound
        case LIBUSB_ERROR_BUSY: .busy(nil)
        case LIBUSB_ERROR_TIMEOUT: .timedOut(transferred: 0)
        case LIBUSB_ERROR_OVERFLOW: .overflow
        case LIBUSB_ERROR_PIPE: .stalled
        default: .failed("\(what): \(LibUSBContext.text(code))")
        }
    }
}
