import Foundation
import Glibc
import Logging
import NIOCore
import NIOPosix

/// Serves `kioskctl` on a Unix socket. Each connection is asked who it is (SO_PEERCRED) before a line is read.
public struct ControlServer: Sendable {
    public var socketPath: String
    public var policy: PeerPolicy
    public var service: any ControlService
    public var logger: Logger

    public init(socketPath: String, policy: PeerPolicy, service: any ControlService, logger: Logger) {
        self.socketPath = socketPath
        self.policy = policy
        self.service = service
        self.logger = logger
    }

    /// Serves until the task is cancelled. `onReady` is called when the socket takes connections.
    /// - Throws: `ControlFault` when the socket cannot be made.
    public func run(onReady: @Sendable () -> Void = {}) async throws {
        let server = try await bind()
        // The group may connect; who it is, is checked for every connection all the same.
        chmod(socketPath, 0o660)
        if let group = policy.group { chown(socketPath, uid_t.max, group) }
        onReady()
        try await withThrowingDiscardingTaskGroup { group in
            try await server.executeThenClose { connections in
                for try await connection in connections {
                    group.addTask { await serve(connection) }
                }
            }
        }
    }

    private func bind() async throws(ControlFault) -> NIOAsyncChannel<NIOAsyncChannel<ByteBuffer, ByteBuffer>, Never> {
        do {
            return try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .bind(unixDomainSocketPath: socketPath, cleanupExistingSocketFile: true) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                    }
                }
        } catch {
            throw ControlFault(
                code: "no-socket", message: "The control socket \(socketPath) cannot be made.",
                remedy: "Check control.socket in kiosk.yaml, and that the service may write to its folder.")
        }
    }

    private static let strangersLineLimit = 4096

    private static let notAllowed = ControlFault(
        code: "not-allowed", message: "This user may not control the kiosk.",
        remedy: "Use sudo, or add the user to the group of control.group in kiosk.yaml.")

    private func serve(_ connection: NIOAsyncChannel<ByteBuffer, ByteBuffer>) async {
        do {
            try await connection.executeThenClose { inbound, outbound in
                let isAdmitted = try await isAdmitted(connection.channel)
                // A stranger is answered, after one question: a connection that closes under the question tells nothing.
                var lines = LineSplitter(limit: isAdmitted ? ControlWire.lineLimit : Self.strangersLineLimit)
                for try await buffer in inbound {
                    for line in try lines.feed(buffer.readableBytesView) {
                        guard isAdmitted else {
                            return try await outbound.write(ByteBuffer(bytes: ControlWire.encodeFault(Self.notAllowed)))
                        }
                        try await outbound.write(ByteBuffer(bytes: await ControlWire.answer(line, by: service)))
                    }
                }
            }
        } catch {
            logger.debug("control connection ended", metadata: ["error": "\(error)"])
        }
    }

    private func isAdmitted(_ channel: any Channel) async throws -> Bool {
        guard let options = channel as? any SocketOptionProvider else { return false }
        let peer: PeerCredentials = try await options.unsafeGetSocketOption(
            level: .socket, name: NIOBSDSocket.Option(rawValue: SO_PEERCRED)
        ).get()
        return policy.admits(
            user: peer.user, groups: PeerPolicy.groups(ofUser: peer.user, primary: peer.group))
    }
}

/// `struct ucred` of unix(7), which Glibc's overlay does not show.
private struct PeerCredentials {
    var process: Int32
    var user: UInt32
    var group: UInt32
}

/// Cuts a stream of bytes into lines.
struct LineSplitter {
    struct TooLong: Error {}

    let limit: Int
    private var rest: [UInt8] = []

    init(limit: Int) { self.limit = limit }

    /// - Throws: `TooLong` when a line has more than `limit` bytes.
    mutating func feed(_ bytes: some Sequence<UInt8>) throws -> [[UInt8]] {
        var lines: [[UInt8]] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                lines.append(rest)
                rest = []
            } else {
                guard rest.count < limit else { throw TooLong() }
                rest.append(byte)
            }
        }
        return lines
    }
}
