import Logging
import NIOCore
import NIOPosix
import Testing
import USB

@Suite("A USB/IP server that breaks the protocol")
struct HostileServerTests {
    /// Answers whatever comes first with these bytes, then closes.
    static func serve(_ answer: [UInt8]) async throws -> any Channel {
        try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Answering(answer: answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    final class Answering: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        let answer: [UInt8]
        init(answer: [UInt8]) { self.answer = answer }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let channel = context.channel
            channel.writeAndFlush(ByteBuffer(bytes: answer)).whenComplete { _ in channel.close(promise: nil) }
        }
    }

    @Test(
        "is an error of the bus, never a crash and never a wait without end",
        arguments: [
            // closes at once; another version; a request as a reply; a refusal; four billion devices; half a list
            [], [0x01, 0x06, 0, 5, 0, 0, 0, 0], [0x01, 0x11, 0x80, 5, 0, 0, 0, 0], [0x01, 0x11, 0, 5, 0, 0, 0, 1],
            [0x01, 0x11, 0, 5, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF], [0x01, 0x11, 0, 5, 0, 0, 0, 0, 0, 0, 0, 1, 0x2F],
        ] as [[UInt8]])
    func hostile(_ answer: [UInt8]) async throws {
        let server = try await Self.serve(answer)
        let bus = USBIPBus(host: "127.0.0.1", port: server.localAddress?.port ?? 0, logger: .quiet)
        await #expect(throws: USBError.self) { try await bus.devices() }
        try await server.close()
    }
}
