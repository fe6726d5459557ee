import CLibUSB
import Synchronization

/// One asynchronous libusb transfer, from submission to its callback on the event thread.
///
/// Keeps neither the device nor the context alive: whoever waits for `run` does, and the callback always comes.
final class LibUSBTransfer: Sendable {
    typealias Outcome = Result<(bytes: [UInt8], moved: Int), USBError>

    enum Kind: Sendable {
        case control(USBSetup)
        /// Bulk or interrupt, with the endpoint's address.
        case data(UInt8, USBEndpoint.Kind)
    }

    private enum Phase {
        case idle
        case running(Pointer, CheckedContinuation<Outcome, Never>)
        case ended
    }

    /// `@unchecked Sendable`: used under the lock until the callback, then by the callback alone, which frees it.
    private struct Pointer: @unchecked Sendable {
        let transfer: UnsafeMutablePointer<libusb_transfer>
    }

    private struct State {
        var phase = Phase.idle
        var isTakenBack = false
    }

    private let kind: Kind
    private let state = Mutex(State())

    init(_ kind: Kind) {
        self.kind = kind
    }

    private var isDeviceToHost: Bool {
        switch kind {
        case .control(let setup): setup.isDeviceToHost
        case .data(let endpoint, _): endpoint & 0x80 != 0
        }
    }

    /// Submits and waits for the end. A cancelled task, a deadline and `cancel` all end it early.
    /// - Parameter out: what goes to the device.
    /// - Parameter maximum: how many bytes may come from it.
    ///
    /// Runs on the device's thread, as does a cancellation: the kernel lets one caller at a time at a device.
    func run(
        on handle: LibUSBHandle, of device: isolated LibUSBDevice, out: [UInt8], maximum: Int, deadline: Duration
    ) async -> Outcome {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                submit(handle, out: out, maximum: maximum, deadline: deadline, continuation)
            }
        } onCancel: {
            Task { await device.cancel(self) }
        }
    }

    func cancel() {
        state.withLock { state in
            state.isTakenBack = true
            // Refused when it has just ended, which is as good.
            if case .running(let pointer, _) = state.phase { _ = libusb_cancel_transfer(pointer.transfer) }
        }
    }

    private func submit(
        _ handle: LibUSBHandle, out: [UInt8], maximum: Int, deadline: Duration,
        _ continuation: CheckedContinuation<Outcome, Never>
    ) {
        var payload = out
        if isDeviceToHost { payload = [UInt8](repeating: 0, count: maximum) }
        if case .control(let setup) = kind { payload = setup.bytes + payload }
        guard let transfer = libusb_alloc_transfer(0) else {
            continuation.resume(returning: .failure(.failed("no memory for a transfer")))
            return
        }
        let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: max(payload.count, 1))
        buffer.initialize(from: payload, count: payload.count)
        transfer.pointee.dev_handle = handle.pointer
        transfer.pointee.buffer = buffer
        transfer.pointee.length = Int32(payload.count)
        transfer.pointee.timeout = deadline.wholeMilliseconds
        transfer.pointee.callback = { transfer in
            guard let transfer, let user = transfer.pointee.user_data else { return }
            Unmanaged<LibUSBTransfer>.fromOpaque(user).takeRetainedValue().finish(transfer)
        }
        switch kind {
        case .control:
            transfer.pointee.endpoint = 0
            transfer.pointee.type = UInt8(LIBUSB_TRANSFER_TYPE_CONTROL.rawValue)
        case .data(let endpoint, let type):
            transfer.pointee.endpoint = endpoint
            transfer.pointee.type =
                UInt8((type == .interrupt ? LIBUSB_TRANSFER_TYPE_INTERRUPT : LIBUSB_TRANSFER_TYPE_BULK).rawValue)
        }
        let retained = Unmanaged.passRetained(self)
        transfer.pointee.user_data = retained.toOpaque()
        // The lock is held over the submission, so that the callback and `cancel` find the phase set.
        let pointer = Pointer(transfer: transfer)
        let failure: USBError? = state.withLock { state in
            guard !state.isTakenBack else { return .cancelled }
            let result = libusb_submit_transfer(pointer.transfer)
            if let error = USBError.of(libusb: result, doing: "submitting a transfer") { return error }
            state.phase = .running(pointer, continuation)
            return nil
        }
        if let failure {
            retained.release()
            buffer.deallocate()
            libusb_free_transfer(transfer)
            continuation.resume(returning: .failure(failure))
        }
    }

    /// On the event thread.
    private func finish(_ transfer: UnsafeMutablePointer<libusb_transfer>) {
        let phase = state.withLock { state in
            defer { state.phase = .ended }
            return state.phase
        }
        let outcome = outcome(transfer.pointee)
        transfer.pointee.buffer.deallocate()
        libusb_free_transfer(transfer)
        if case .running(_, let continuation) = phase { continuation.resume(returning: outcome) }
    }

    private func outcome(_ transfer: libusb_transfer) -> Outcome {
        let moved = Int(transfer.actual_length)
        var start = 0
        if case .control(let setup) = kind { start = setup.bytes.count }
        let bytes = isDeviceToHost ? Array(UnsafeBufferPointer(start: transfer.buffer + start, count: moved)) : []
        switch transfer.status {
        case LIBUSB_TRANSFER_COMPLETED: return .success((bytes, moved))
        // What came before the end is not thrown away.
        case LIBUSB_TRANSFER_TIMED_OUT:
            return bytes.isEmpty ? .failure(.timedOut(transferred: moved)) : .success((bytes, moved))
        case LIBUSB_TRANSFER_CANCELLED: return bytes.isEmpty ? .failure(.cancelled) : .success((bytes, moved))
        case LIBUSB_TRANSFER_STALL: return .failure(.stalled)
        case LIBUSB_TRANSFER_NO_DEVICE: return .failure(.disconnected)
        case LIBUSB_TRANSFER_OVERFLOW: return .failure(.overflow)
        default: return .failure(.failed("the transfer ended with libusb status \(transfer.status.rawValue)"))
        }
    }
}

extension Duration {
    /// At least 1, since libusb takes 0 as "no limit".
    fileprivate var wholeMilliseconds: UInt32 {
        let (seconds, attoseconds) = components
        guard seconds >= 0 else { return 1 }
        let milliseconds = min(seconds, 86_400) * 1_000 + attoseconds / 1_000_000_000_000_000
        return UInt32(clamping: max(1, milliseconds))
    }
}
