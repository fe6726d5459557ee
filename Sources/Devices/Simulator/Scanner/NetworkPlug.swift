import NIOCore
import NIOPosix
import Synchronization

/// The network cable of the simulated scanner: passes connections on to its server, and can be pulled in the middle of
/// one, as a server that stops by itself cannot.
final class NetworkPlug: Sendable {
    private struct State {
        var listener: (any Channel)?
        var clients: [ObjectIdentifier: any Channel] = [:]
    }
    private let state = Mutex(State())

    /// - Parameters:
    ///   - port: of the loopback; 0 for any that is free.
    ///   - server: the port of the server behind it.
    /// - Returns: the port.
    func plugIn(_ port: Int, to server: Int) async throws -> Int {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { client in
                self.add(client)
                // Nothing is read from the client before this is done.
                return ClientBootstrap(group: client.eventLoop).connect(host: "127.0.0.1", port: server)
                    .flatMapThrowing { channel in
                        let (near, far) = Splice.pair()
                        try client.pipeline.syncOperations.addHandler(near)
                        try channel.pipeline.syncOperations.addHandler(far)
                    }
            }
            .bind(host: "127.0.0.1", port: port).get()
        state.withLock { $0.listener = listener }
        return listener.localAddress?.port ?? 0
    }

    /// Nobody listens any more, and every connection ends.
    func pullOut() async {
        let (listener, clients) = state.withLock { state in
            defer { state = State() }
            return (state.listener, Array(state.clients.values))
        }
        // One that is closed already is as good.
        try? await listener?.close()
        for client in clients { try? await client.close() }
    }

    private func add(_ client: any Channel) {
        let key = ObjectIdentifier(client)
        state.withLock { $0.clients[key] = client }
        client.closeFuture.whenComplete { _ in self.state.withLock { $0.clients[key] = nil } }
    }
}

/// One end of a pair of connections: what comes in here goes out there. Both live on one event loop.
private final class Splice: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private weak var other: Splice?
    private var context: ChannelHandlerContext?

    static func pair() -> (Splice, Splice) {
        let (near, far) = (Splice(), Splice())
        near.other = far
        far.other = near
        return (near, far)
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        other = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let there = other?.context else { return }
        there.writeAndFlush(Self.wrapOutboundOut(Self.unwrapInboundIn(data)), promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        other?.context?.close(promise: nil)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
