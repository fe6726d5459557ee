import NIOCore
import NIOPosix

/// Sends commands to a running rig.
public enum RigClient {
    /// Sends one command and waits for its answer.
    /// - Throws: `FaultError` when no rig answers at the path.
    public static func send(_ words: [String], to path: String) async throws -> RigWire.Answer {
        let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>
        do {
            channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(unixDomainSocketPath: path) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                    }
                }
        } catch {
            throw FaultError("no kiosk-sim listens at \(path); start it: kiosk-sim serve --control \(path)")
        }
        let request = ByteBuffer(bytes: try RigWire.line(words))
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(request)
            var splitter = LineSplitter()
            for try await bytes in inbound {
                guard let lines = splitter.add(bytes.readableBytesView) else { break }
                if let line = lines.first, let answer = RigWire.answer(line) { return answer }
            }
            throw FaultError("kiosk-sim closed the connection without an answer")
        }
    }
}
