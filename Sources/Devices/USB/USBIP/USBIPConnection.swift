import NIOCore
import NIOPosix

/// One TCP connection to a USB/IP server: first one request and its reply, then, if a device was imported, its
/// transfers. Runs on the channel's own event loop, so what is sent goes out in the order in which it was asked for.
actor USBIPConnection {
    /// How long a server may take to connect, to answer a request, or to confirm an unlink.
    static let patience = Duration.seconds(2)

    private let channel: any Channel
    private let executor: any SerialExecutor
    private var buffer: ArraySlice<UInt8> = []
    private var isImported = false
    private var isClosed = false
    private var reply: CheckedContinuation<Result<USBIPReply, USBError>, Never>?
    private var replyTimer: Scheduled<Void>?
    private var sequence: UInt32 = 0
    private var pending: [UInt32: PendingURB] = [:]
    /// The unlink's own sequence number, and the one of the transfer that it takes back.
    private var unlinks: [UInt32: UInt32] = [:]
    private var onClose: (@Sendable () -> Void)?

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private init(channel: any Channel) {
        self.channel = channel
        executor = channel.eventLoop.executor
    }

    static func connect(host: String, port: Int) async throws(USBError) -> USBIPConnection {
        do {
            return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(TimeAmount(patience))
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .channelOption(.allowRemoteHalfClosure, value: true)
                .connect(host: host, port: port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let connection = USBIPConnection(channel: channel)
                        try channel.pipeline.syncOperations.addHandler(ClientHandler(connection: connection))
                        return connection
                    }
                }
        } catch {
            throw .busUnavailable("no USB/IP server answers at \(host):\(port); start it, or correct `bus` (\(error))")
        }
    }

    /// Sends one request and waits for its reply. After an import the connection carries transfers.
    func ask(_ request: USBIPRequest) async throws(USBError) -> USBIPReply {
        guard !isClosed, reply == nil, !isImported else { throw .disconnected }
        let result = await withCheckedContinuation { continuation in
            reply = continuation
            replyTimer = schedule(Self.patience) { $0.fail(.busUnavailable("the USB/IP server does not answer")) }
            send(request.bytes)
        }
        return try result.get()
    }

    /// One transfer. For the device-to-host direction `length` is the most that may come back.
    /// - Returns: what came, and how many bytes moved.
    func transfer(
        _ device: UInt32, endpoint: UInt8, setup: USBSetup = USBSetup(bytes: []), length: Int, data: [UInt8] = [],
        deadline: Duration
    ) async throws(USBError) -> (bytes: [UInt8], moved: Int) {
        guard !isClosed, isImported else { throw .disconnected }
        guard !Task.isCancelled else { throw .cancelled }
        guard length <= USBIP.transferLimit else { throw .failed("a transfer of \(length) bytes is too long") }
        let seqnum = nextSequence()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let timer = schedule(deadline) { $0.takeBack(seqnum, .timedOut(transferred: 0), device) }
                let isIn = endpoint & 0x80 != 0
                pending[seqnum] = PendingURB(
                    continuation: continuation, maximum: isIn ? length : 0, timer: timer)
                send(
                    USBIPCommand.submit(
                        USBIPSubmit(
                            seqnum: seqnum, deviceID: device, endpoint: endpoint, length: length, setup: setup,
                            data: data)
                    ).bytes)
            }
        } onCancel: {
            Task { await self.takeBack(seqnum, .cancelled, device) }
        }
        return try result.get()
    }

    /// Calls `action` once when the connection ends, whoever ends it; at once if it has ended.
    func whenClosed(_ action: @escaping @Sendable () -> Void) {
        if isClosed { action() } else { onClose = action }
    }

    /// Says that nothing more will be sent, and waits until the server has let the device go and closed its side.
    func close() async {
        guard !isClosed else { return }
        let timer = schedule(Self.patience) { $0.channel.close(promise: nil) }
        channel.close(mode: .output, promise: nil)
        // The future fails only where the loop itself ends; the connection is over in both cases.
        try? await channel.closeFuture.get()
        timer.cancel()
    }

    // MARK: On the event loop

    fileprivate func receive(_ bytes: ByteBuffer) {
        buffer.append(contentsOf: bytes.readableBytesView)
        do {
            while !isClosed, try step() {}
        } catch {
            fail(.failed("USB/IP: \(error.what)"))
        }
        if buffer.isEmpty { buffer = [] }
    }

    /// Takes one message off the buffer; false when none is complete.
    private func step() throws(USBIPFormatError) -> Bool {
        guard isImported else {
            guard let message = try USBIPReply.decode(from: &buffer) else { return false }
            if case .imported = message { isImported = true }
            replyTimer?.cancel()
            reply?.resume(returning: .success(message))
            reply = nil
            return true
        }
        let result = try USBIPResult.decode(from: &buffer) { [pending] seqnum in pending[seqnum]?.maximum }
        switch result {
        case .submit(let seqnum, let status, let actualLength, let data):
            let urb = pending.removeValue(forKey: seqnum)
            urb?.finish(USBError.of(urbStatus: status, moved: actualLength), bytes: data, moved: actualLength)
        case .unlink(let seqnum, _):
            guard let target = unlinks.removeValue(forKey: seqnum) else {
                throw USBIPFormatError("an unlink of nothing")
            }
            // Still pending: it was taken back in time. Else its own result came first, and stands.
            let urb = pending.removeValue(forKey: target)
            urb?.finish(urb?.reason ?? .cancelled, bytes: [], moved: 0)
        case nil:
            return false
        }
        return true
    }

    private func takeBack(_ seqnum: UInt32, _ reason: USBError, _ device: UInt32) {
        guard !isClosed, pending[seqnum] != nil, pending[seqnum]?.reason == nil else { return }
        let unlink = nextSequence()
        unlinks[unlink] = seqnum
        pending[seqnum]?.reason = reason
        pending[seqnum]?.timer.cancel()
        pending[seqnum]?.timer = schedule(Self.patience) { $0.fail(.disconnected) }
        send(USBIPCommand.unlink(seqnum: unlink, deviceID: device, target: seqnum).bytes)
    }

    /// The connection is of no use any more: everybody who waits is told, and it is closed.
    fileprivate func fail(_ error: USBError) {
        guard !isClosed else { return }
        isClosed = true
        channel.close(promise: nil)
        replyTimer?.cancel()
        reply?.resume(returning: .failure(error))
        reply = nil
        let waiting = pending
        pending = [:]
        unlinks = [:]
        for urb in waiting.values { urb.finish(urb.reason ?? .disconnected, bytes: [], moved: 0) }
        onClose?()
        onClose = nil
    }

    private func send(_ bytes: [UInt8]) {
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    private func nextSequence() -> UInt32 {
        sequence &+= 1
        return sequence
    }

    private func schedule(
        _ delay: Duration, _ action: @escaping @Sendable (isolated USBIPConnection) -> Void
    ) -> Scheduled<Void> {
        channel.eventLoop.scheduleTask(in: TimeAmount(delay)) { [weak self] in
            self?.assumeIsolated { action($0) }
        }
    }
}

/// A transfer that the server has not answered yet.
private struct PendingURB {
    let continuation: CheckedContinuation<Result<(bytes: [UInt8], moved: Int), USBError>, Never>
    /// The most bytes that may come back.
    let maximum: Int
    var timer: Scheduled<Void>
    /// Why it is being taken back, if it is.
    var reason: USBError?

    func finish(_ error: USBError?, bytes: [UInt8], moved: Int) {
        timer.cancel()
        if let error {
            continuation.resume(returning: .failure(error))
        } else {
            continuation.resume(returning: .success((bytes, moved)))
        }
    }
}

/// Hands what arrives to the connection, on the event loop they share.
private final class ClientHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let connection: USBIPConnection

    init(connection: USBIPConnection) { self.connection = connection }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        connection.assumeIsolated { $0.receive(bytes) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // The server closed its side: the device was pulled out, or it has answered our own closing.
        if case ChannelEvent.inputClosed? = event as? ChannelEvent {
            connection.assumeIsolated { $0.fail(.disconnected) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        connection.assumeIsolated { $0.fail(.disconnected) }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        connection.assumeIsolated { $0.fail(.disconnected) }
    }
}

extension USBError {
    /// What a status of a URB means; nil for success.
    static func of(urbStatus status: Int32, moved: Int) -> USBError? {
        switch status {
        case USBIP.URBStatus.ok: nil
        case USBIP.URBStatus.stall: .stalled
        case USBIP.URBStatus.overflow: .overflow
        case USBIP.URBStatus.noDevice, USBIP.URBStatus.shutdown: .disconnected
        case USBIP.URBStatus.connectionReset, USBIP.URBStatus.unlinked: .cancelled
        default: .failed("the transfer ended with status \(status) after \(moved) bytes")
        }
    }
}
