import NIOCore
import NIOPosix
import Synchronization

/// A TCP proxy that forwards `bytes` bytes from its client, in all, then cuts that connection both ways. Later
/// connections pass.
final class CuttingProxy: Sendable {
    let port: Int
    private let channel: any Channel

    /// Shared by all of a proxy's connections.
    fileprivate final class Budget: Sendable {
        private let left: Mutex<Int?>
        init(_ bytes: Int) { left = Mutex(bytes) }

        /// How many of `count` bytes still pass; nil when all do.
        func take(_ count: Int) -> Int? {
            left.withLock { left in
                guard let have = left else { return nil }
                if have >= count {
                    left = have - count
                    return nil
                }
                left = nil
                return have
            }
        }
    }

    init(to target: Int, cutAfter bytes: Int) async throws {
        let budget = Budget(bytes)
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { inbound in
                ClientBootstrap(group: inbound.eventLoop).connect(host: "127.0.0.1", port: target).flatMapThrowing {
                    outbound in
                    try inbound.pipeline.syncOperations.addHandler(Relay(to: outbound, budget: budget))
                    try outbound.pipeline.syncOperations.addHandler(Relay(to: inbound, budget: nil))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    func close() async throws { try await channel.close() }
}

private final class Relay: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let partner: any Channel
    private let budget: CuttingProxy.Budget?

    init(to partner: any Channel, budget: CuttingProxy.Budget?) {
        self.partner = partner
        self.budget = budget
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        guard let budget, let passing = budget.take(buffer.readableBytes) else {
            partner.writeAndFlush(buffer, promise: nil)
            return
        }
        let partner = partner
        let channel = context.channel
        if let part = buffer.readSlice(length: passing) {
            partner.writeAndFlush(part).whenComplete { _ in
                partner.close(promise: nil)
                channel.close(promise: nil)
            }
        }
    }

    func channelInactive(context: ChannelHandlerContext) { partner.close(promise: nil) }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
