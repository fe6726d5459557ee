import Foundation

/// Why an input device of the kernel cannot be read.
enum EventDeviceError: Error, Sendable, Equatable {
    /// It is not there, or not any more.
    case gone
    case accessDenied(String)
    /// Another program has grabbed it.
    case busy
    /// The system's words, for the log.
    case failed(String)
}

/// An input device of the kernel (`/dev/input/event*`), grabbed: while it is open, its keys reach nobody else.
///
/// Reading blocks a thread of its own; cancelling the stream of `bytes()` ends it and lets go of the device.
final class EventDevice: Sendable {
    private let descriptor: Int32
    /// A pipe whose other end wakes the reading thread.
    private let wake: (read: Int32, write: Int32)

    /// `_IOW('E', 0x90, int)` (`linux/input.h`).
    static let grabRequest: UInt = 0x4004_4590
    private static let eventsAtOnce = 64

    /// Opens and grabs.
    convenience init(path: String) throws(EventDeviceError) {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.error(errno, path) }
        guard ioctl(descriptor, Self.grabRequest, 1) == 0 else {
            let reason = errno
            close(descriptor)
            throw Self.error(reason, "grabbing " + path)
        }
        try self.init(descriptor: descriptor)
    }

    /// - Parameter descriptor: open for reading; this object closes it.
    init(descriptor: Int32) throws(EventDeviceError) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            let reason = errno
            close(descriptor)
            throw Self.error(reason, "making a pipe")
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        self.descriptor = descriptor
        wake = (ends[0], ends[1])
    }

    deinit {
        // Closing the device ends the grab.
        close(descriptor)
        close(wake.read)
        close(wake.write)
    }

    /// What the device sends, until it is gone; the last element then says why. To be called once.
    func bytes() -> AsyncStream<Result<[UInt8], EventDeviceError>> {
        let (stream, continuation) = AsyncStream.makeStream(of: Result<[UInt8], EventDeviceError>.self)
        continuation.onTermination = { [self] _ in
            var byte: UInt8 = 0
            // Fails only when the pipe is full, and then the thread is awake.
            _ = write(wake.write, &byte, 1)
        }
        let thread = Thread { [self] in
            pump(continuation)
            continuation.finish()
        }
        thread.name = "keyboard reader"
        thread.start()
        return stream
    }

    private func pump(_ continuation: AsyncStream<Result<[UInt8], EventDeviceError>>.Continuation) {
        var buffer = [UInt8](repeating: 0, count: KeyTypist.eventSize * Self.eventsAtOnce)
        while true {
            var polled = [
                pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: wake.read, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&polled, 2, -1) >= 0 || errno == EINTR else { return }
            if polled[1].revents != 0 { return }
            guard polled[0].revents != 0 else { continue }
            let count = read(descriptor, &buffer, buffer.count)
            if count > 0 {
                continuation.yield(.success([UInt8](buffer[..<count])))
            } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
                continuation.yield(.failure(count == 0 ? .gone : Self.error(errno, "reading keys")))
                return
            }
        }
    }

    private static func error(_ code: Int32, _ what: String) -> EventDeviceError {
        switch code {
        case ENOENT, ENODEV, ENXIO: .gone
        case EACCES, EPERM: .accessDenied(what)
        case EBUSY: .busy
        default: .failed(what + ": " + String(cString: strerror(code)))
        }
    }
}
