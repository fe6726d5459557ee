import Logging
import NIOCore
import USB

/// One client's connection: requests first; after an import, the transfers of that device. Runs on the channel's own
/// event loop; the devices themselves run on the cooperative pool.
actor USBIPServerConnection {
    private enum Phase {
        case requests
        /// A request is being answered; what arrives meanwhile waits in the buffer.
        case answering
        case imported(USBIPServer.Export)
        case closed
    }

    private let channel: any Channel
    private let executor: any SerialExecutor
    private let server: USBIPServer
    private let logger: Logger
    private var phase = Phase.requests
    private var buffer: ArraySlice<UInt8> = []
    private var queues = TransferQueues()
    private var running: [UInt32: Task<Void, Never>] = [:]
    private var requests: StandardRequests?

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(channel: any Channel, server: USBIPServer, logger: Logger) {
        self.channel = channel
        executor = channel.eventLoop.executor
        self.server = server
        self.logger = logger
    }

    /// The device is pulled out, or the client has gone: nothing is answered any more.
    ///
    /// The device is free for the next client before this side is closed, so that a client that waits for the end can
    /// import it again at once.
    func close() async {
        guard case let .imported(export) = phase else {
            phase = .closed
            channel.close(promise: nil)
            return
        }
        phase = .closed
        for task in running.values { task.cancel() }
        for task in running.values { await task.value }
        running = [:]
        await server.release(export)
        channel.close(promise: nil)
    }

    fileprivate func receive(_ bytes: ByteBuffer) {
        buffer.append(contentsOf: bytes.readableBytesView)
        work()
    }

    private func work() {
        do throws(USBIPFormatError) {
            loop: while true {
                switch phase {
                case .requests:
                    guard let request = try USBIPRequest.decode(from: &buffer) else { break loop }
                    phase = .answering
                    Task { await answer(request) }
                case .imported(let export):
                    guard let command = try USBIPCommand.decode(from: &buffer) else { break loop }
                    handle(command, export)
                case .answering, .closed:
                    break loop
                }
            }
        } catch {
            logger.warning("a USB/IP client is cut off: \(error.what)")
            Task { await close() }
        }
        if buffer.isEmpty { buffer = [] }
    }

    private func answer(_ request: USBIPRequest) async {
        switch request {
        case .deviceList:
            send(USBIPReply.deviceList(await server.records()).bytes)
            if case .answering = phase { phase = .requests }
        case .importDevice(let busID):
            switch await server.importDevice(busID, for: self) {
            case .success(let export):
                guard case .answering = phase else {
                    await server.release(export)
                    return
                }
                requests = export.requests
                phase = .imported(export)
                send(USBIPReply.imported(export.record).bytes)
            case .failure(let refusal):
                send(USBIPReply.refused(.replyImport, refusal.status).bytes)
                if case .answering = phase { phase = .requests }
            }
        }
        work()
    }

    // MARK: Transfers

    private func handle(_ command: USBIPCommand, _ export: USBIPServer.Export) {
        switch command {
        case .submit(let submit):
            if let submit = queues.add(submit) { start(submit, export) }
        case .unlink(let seqnum, _, let target):
            switch queues.unlink(target, by: seqnum) {
            case .removed: send(USBIPResult.unlink(seqnum: seqnum, status: USBIP.URBStatus.connectionReset).bytes)
            case .cancel: running[target]?.cancel()
            case .tooLate: send(USBIPResult.unlink(seqnum: seqnum, status: USBIP.URBStatus.ok).bytes)
            }
        }
    }

    private func start(_ submit: USBIPSubmit, _ export: USBIPServer.Export) {
        running[submit.seqnum] = Task {
            let outcome = await perform(submit, export.device)
            finish(submit, outcome, export)
        }
    }

    private enum Outcome {
        case done([UInt8])
        case failed(Int32)
        case cancelled
    }

    private func perform(_ submit: USBIPSubmit, _ device: any VirtualUSBDevice) async -> Outcome {
        let endpoint = submit.endpoint
        do {
            if endpoint & 0x7F == 0 { return .done(try await control(submit, device)) }
            guard requests?.has(endpoint: endpoint) == true, requests?.isHalted(endpoint) == false else {
                return .failed(USBIP.URBStatus.stall)
            }
            guard submit.isDeviceToHost else {
                try await device.receive(endpoint: endpoint, submit.data)
                return .done([])
            }
            let bytes = try await device.send(endpoint: endpoint, maximum: submit.length)
            return bytes.count <= submit.length ? .done(bytes) : .failed(USBIP.URBStatus.overflow)
        } catch is USBStall {
            if endpoint & 0x7F != 0 { requests?.halt(endpoint) }
            return .failed(USBIP.URBStatus.stall)
        } catch is CancellationError {
            return .cancelled
        } catch {
            logger.warning("a simulated device failed: \(error)")
            return .failed(USBIP.URBStatus.protocolError)
        }
    }

    private func control(_ submit: USBIPSubmit, _ device: any VirtualUSBDevice) async throws -> [UInt8] {
        switch requests?.answer(submit.setup) {
        case .done(let bytes): return Array(bytes.prefix(submit.length))
        case .stall, nil: throw USBStall()
        case .reset:
            await device.reset()
            return []
        case .device:
            let bytes = try await device.control(submit.setup, data: submit.data)
            return submit.setup.isDeviceToHost ? Array(bytes.prefix(submit.length)) : []
        }
    }

    private func finish(_ submit: USBIPSubmit, _ outcome: Outcome, _ export: USBIPServer.Export) {
        guard case .imported = phase else { return }
        running[submit.seqnum] = nil
        let (unlink, next) = queues.finished(submit)
        switch outcome {
        case .done(let bytes):
            let moved = submit.isDeviceToHost ? bytes.count : submit.data.count
            send(
                USBIPResult.submit(seqnum: submit.seqnum, status: USBIP.URBStatus.ok, actualLength: moved, data: bytes)
                    .bytes)
        case .failed(let status):
            send(USBIPResult.submit(seqnum: submit.seqnum, status: status, actualLength: 0, data: []).bytes)
        case .cancelled where unlink == nil:
            let status = USBIP.URBStatus.protocolError
            send(USBIPResult.submit(seqnum: submit.seqnum, status: status, actualLength: 0, data: []).bytes)
        case .cancelled:
            break
        }
        if let unlink {
            // In time: the transfer has no result of its own. Too late: its result went out just now.
            var status = USBIP.URBStatus.ok
            if case .cancelled = outcome { status = USBIP.URBStatus.connectionReset }
            send(USBIPResult.unlink(seqnum: unlink, status: status).bytes)
        }
        if let next { start(next, export) }
    }

    private func send(_ bytes: [UInt8]) {
        channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }
}

/// Hands what arrives to the connection, on the event loop they share.
final class USBIPServerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let connection: USBIPServerConnection

    init(connection: USBIPServerConnection) { self.connection = connection }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        connection.assumeIsolated { $0.receive(bytes) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent { end() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { end() }

    private func end() {
        let connection = connection
        Task { await connection.close() }
    }
}
