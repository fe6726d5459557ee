import Foundation
import Glibc
import Logging
import NIOCore
import NIOPosix
import Subprocess
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

    @Test(
        "a stranger who gets at the socket is told why, whatever he asks; the daemon goes on",
        .enabled(if: geteuid() == 0, "needs another user to be"))
    func stranger() async throws {
        try await withServer { path in
            // As if somebody had opened the socket for everybody: who asks is looked at all the same.
            #expect(chmod(path, 0o666) == 0)
            let script = """
                import socket, sys
                s = socket.socket(socket.AF_UNIX)
                s.connect(sys.argv[1])
                s.sendall(b'{"command":"devices","arguments":{}}\\n')
                sys.stdout.write(s.makefile().readline())
                """
            let result = try await Subprocess.run(
                .name("setpriv"),
                arguments: ["--reuid=65534", "--regid=65534", "--clear-groups", "python3", "-c", script, path],
                output: .data(limit: 65_536), error: .string(limit: 65_536))
            let answer = try ControlWire.decode(
                ControlWire.Answer<DevicesCommand.Reply>.self, from: Array(result.standardOutput))
            #expect(answer.result == nil && answer.fault?.code == "not-allowed", "\(result.standardError)")
            #expect(try await ControlClient(socketPath: path).ask(DevicesCommand()).devices.count == 2)
        }
    }

    @Test("a user who may not connect is told that, not that nobody answers", arguments: [EACCES, EPERM])
    func forbidden(_ code: Int32) {
        let fault = ControlClient.fault(IOError(errnoCode: code, reason: "connect"), at: "/run/x.sock")
        #expect(fault.code == "not-allowed")
        #expect(fault.remedy.contains("control.group"))
        #expect(
            ControlClient.fault(IOError(errnoCode: ENOENT, reason: "connect"), at: "/run/x.sock").code == "no-daemon")
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
