import Foundation
import Glibc
import Logging
import NIOCore
import NIOPosix
import Testing

@testable import Control

@Suite("The control socket", .timeLimit(.minutes(1)))
struct ControlServerTests {
    @Test("only the owner and the group may connect to the socket")
    func mode() async throws {
        try await withServer { path in
            var status = stat()
            #expect(stat(path, &status) == 0)
            #expect(status.st_mode & 0o777 == 0o660)
        }
    }

    @Test("a peer that the policy does not admit gets one clear fault, whatever it asks")
    func refused() async throws {
        // Nobody runs as this user, and root is admitted: the rule is asked of a policy that does not know root.
        try await withServer(policy: PeerPolicy(ownUser: .max, group: nil)) { path in
            guard geteuid() != 0 else { return }
            let fault = await #expect(throws: ControlFault.self) {
                try await ControlClient(socketPath: path).ask(DevicesCommand())
            }
            #expect(fault?.code == "not-allowed")
        }
    }

    @Test(
        "what is not a command is answered by a fault, and the connection goes on",
        arguments: [
            ("hello", "bad-request"), ("{}", "bad-request"), ("[1,2]", "bad-request"), ("", "bad-request"),
            (#"{"command":"format-disk","arguments":{}}"#, "unknown-command"),
            (#"{"command":"card-read","arguments":{"can":7}}"#, "bad-request"),
            (#"{"command":"card-read"}"#, "bad-request"),
            (#"{"command":"\#(String(repeating: "x", count: 5000))"}"#, "unknown-command"),
        ])
    func badLines(_ line: String, _ code: String) async throws {
        try await withServer { path in
            let answers = try await exchange(
                path, [UInt8]((line + "\n" + #"{"command":"devices","arguments":{}}"# + "\n").utf8), lines: 2)
            let fault = try ControlWire.decode(ControlWire.Answer<DevicesCommand.Reply>.self, from: answers[0]).fault
            #expect(fault?.code == code)
            #expect(fault?.remedy.isEmpty == false)
            #expect((fault?.message.count ?? 0) < 200)
            let next = try ControlWire.decode(ControlWire.Answer<DevicesCommand.Reply>.self, from: answers[1])
            #expect(next.result?.devices.count == 2)
        }
    }

    @Test("a line that does not end is cut off at the limit, and the next client is served")
    func endlessLine() async throws {
        try await withServer { path in
            let answers = try await exchange(path, [UInt8](repeating: 0x41, count: ControlWire.lineLimit + 1), lines: 1)
            #expect(answers.isEmpty)
            #expect(try await ControlClient(socketPath: path).ask(DevicesCommand()).devices.count == 2)
        }
    }

    @Test("lines are cut wherever the bytes were", arguments: 1...7)
    func splitting(_ size: Int) throws {
        var splitter = LineSplitter(limit: 5)
        let bytes = Array("ab\n\nabcde\nx".utf8)
        var lines: [[UInt8]] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            lines += try splitter.feed(bytes[start..<min(start + size, bytes.count)])
        }
        #expect(lines.map { String(decoding: $0, as: UTF8.self) } == ["ab", "", "abcde"])
        #expect(throws: LineSplitter.TooLong.self) { try splitter.feed(Array("yyyyy".utf8)) }
    }

    @Test("several technicians at once are each answered")
    func parallel() async throws {
        try await withServer { path in
            let client = ControlClient(socketPath: path)
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 { group.addTask { try await client.ask(StatusCommand()).waitingTickets } }
                for try await waiting in group { #expect(waiting == 2) }
            }
        }
    }

    @Test("a socket that cannot be made is named with the key that decides about it")
    func noSocket() async throws {
        let server = ControlServer(
            socketPath: "/nowhere/control.sock", policy: PeerPolicy(groupName: nil), service: ScriptedKiosk(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let fault = await #expect(throws: ControlFault.self) { try await server.run() }
        #expect(fault?.message.contains("/nowhere/control.sock") == true)
        #expect(fault?.remedy.contains("control.socket") == true)
    }

    @Test("without a daemon the client says where it looked and what to do")
    func noDaemon() async throws {
        let fault = await #expect(throws: ControlFault.self) {
            try await ControlClient(socketPath: "/nowhere/control.sock").ask(StatusCommand())
        }
        #expect(fault?.code == "no-daemon")
        #expect(fault?.message.contains("/nowhere/control.sock") == true)
    }

    /// Sends bytes and collects so many lines, or what comes until the server closes.
    private func exchange(_ path: String, _ bytes: [UInt8], lines wanted: Int) async throws -> [[UInt8]] {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(unixDomainSocketPath: path) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var lines: [[UInt8]] = []
            var splitter = LineSplitter(limit: 1 << 20)
            do {
                try await outbound.write(ByteBuffer(bytes: bytes))
                for try await buffer in inbound {
                    lines += try splitter.feed(buffer.readableBytesView)
                    if lines.count >= wanted { break }
                }
            } catch is IOError {
                // The server closed while bytes were still on their way.
            }
            return lines
        }
    }
}
