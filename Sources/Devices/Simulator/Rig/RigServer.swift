import Foundation
import Logging
import NIOCore
import NIOPosix

/// Listens on the rig's control socket, a Unix socket that only its owner may use.
public actor RigServer {
    nonisolated let path: String
    private let rig: SimulatorRig
    private let logger: Logger
    private var listener: Task<Void, any Error>?

    public init(path: String, rig: SimulatorRig, logger: Logger) {
        self.path = path
        self.rig = rig
        self.logger = logger
    }

    public func start() async throws {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        let rig = rig
        let logger = logger
        listener = Task {
            try await channel.executeThenClose { clients in
                try await withThrowingDiscardingTaskGroup { group in
                    for try await client in clients {
                        group.addTask {
                            do {
                                try await Self.serve(client, rig)
                            } catch {
                                logger.debug("a control client left: \(error)")
                            }
                        }
                    }
                }
            }
        }
    }

    public func stop() async {
        listener?.cancel()
        // It ends because it was cancelled; how does not matter.
        _ = await listener?.result
        listener = nil
        _ = unlink(path)
    }

    private static func serve(_ client: NIOAsyncChannel<ByteBuffer, ByteBuffer>, _ rig: SimulatorRig) async throws {
        try await client.executeThenClose { inbound, outbound in
            var splitter = LineSplitter()
            for try await bytes in inbound {
                guard let lines = splitter.add(bytes.readableBytesView) else { return }
                for line in lines {
                    let answer = await answer(line, rig)
                    try await outbound.write(ByteBuffer(bytes: try RigWire.line(answer)))
                }
            }
        }
    }

    private static func answer(_ line: [UInt8], _ rig: SimulatorRig) async -> RigWire.Answer {
        guard let words = RigWire.words(line) else {
            return RigWire.Answer(ok: false, text: "a line is a JSON array of words, for example [\"list\"]")
        }
        do {
            return RigWire.Answer(ok: true, text: try await rig.run(words))
        } catch {
            return RigWire.Answer(ok: false, text: "\(error)")
        }
    }
}
