import Foundation
import NIOCore
import NIOPosix

/// Asks the daemon. One connection a question.
public struct ControlClient: Sendable {
    public var socketPath: String

    public init(socketPath: String) { self.socketPath = socketPath }

    /// - Throws: `ControlFault` with code `no-daemon` when nobody listens, or whatever the daemon answers.
    public func ask<Command: ControlCommand>(_ command: Command) async throws -> Command.Reply {
        let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>
        do {
            channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connect(unixDomainSocketPath: socketPath) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                    }
                }
        } catch {
            throw Self.fault(error, at: socketPath)
        }
        let answer = try await channel.executeThenClose { inbound, outbound -> [UInt8] in
            let call = ControlWire.Call(command: Command.name, arguments: command)
            try await outbound.write(ByteBuffer(bytes: try ControlWire.encode(call)))
            var lines = LineSplitter(limit: ControlWire.lineLimit)
            for try await buffer in inbound {
                if let line = try lines.feed(buffer.readableBytesView).first { return line }
            }
            throw ControlFault(
                code: "no-daemon", message: "kioskd closed the connection without an answer.",
                remedy: "See the log: journalctl -u kioskd.")
        }
        let decoded = try ControlWire.decode(ControlWire.Answer<Command.Reply>.self, from: answer)
        if let fault = decoded.fault { throw fault }
        guard let result = decoded.result else {
            throw ControlFault(
                code: "bad-answer", message: "kioskd answered neither a result nor a fault.",
                remedy: "Use the kioskctl that came with this kioskd.")
        }
        return result
    }

    /// Why nobody could be asked.
    static func fault(_ error: any Error, at socketPath: String) -> ControlFault {
        if let error = error as? IOError, [EACCES, EPERM].contains(error.errnoCode) {
            return ControlFault(
                code: "not-allowed", message: "This user may not use \(socketPath).",
                remedy: "Use sudo, or add the user to the group of control.group in kiosk.yaml.")
        }
        return ControlFault(
            code: "no-daemon", message: "No kioskd answers at \(socketPath).",
            remedy: "Start it (systemctl start kioskd), or name its socket with --socket.")
    }
}
