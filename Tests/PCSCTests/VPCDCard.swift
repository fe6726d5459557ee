import Foundation
import Simulator
import Synchronization

/// An identity card for vpcd, the virtual reader of pcscd: it is there as long as it is connected to vpcd's port. Each
/// message is a length of two bytes, big-endian, and so many bytes. One byte alone is 0 power off, 1 power on, 2 reset,
/// 4 "your answer to reset?"; anything longer is a command.
final class VPCDCard: Sendable {
    private struct State {
        var chip: SimulatedChip?
        var connection: Int32?
        var isClosed = false
        var commandsUntilRemoval: Int?
        var isHolding = false
        var resets = 0
    }

    /// `3B 8n 80 01`, historical bytes that tell extended length, TCK: as contactless readers make it up.
    static let answerToReset: [UInt8] = [0x3B, 0x85, 0x80, 0x01, 0x80, 0x73, 0xC8, 0x21, 0x40, 0x5E]

    let port: UInt16
    private let state = Mutex(State())
    private let released = DispatchSemaphore(value: 0)
    private let changed = DispatchSemaphore(value: 0)

    init() throws {
        port = try Self.freePort()
        Thread.detachNewThread { [self] in stayConnected() }
    }

    func close() {
        state.withLock { $0.isClosed = true }
        remove()
        changed.signal()
    }

    // MARK: The hand that holds the card

    func insert(_ chip: SimulatedChip) {
        state.withLock { $0.chip = chip }
        changed.signal()
    }

    func remove() {
        let connection = state.withLock { state in
            state.chip = nil
            return state.connection
        }
        if let connection { shutdown(connection, Int32(SHUT_RDWR)) }
    }

    /// So many commands pass, the next one finds no card.
    func remove(afterCommands count: Int) { state.withLock { $0.commandsUntilRemoval = count } }

    /// Commands are answered only after `release`.
    func hold() { state.withLock { $0.isHolding = true } }

    func release() {
        state.withLock { $0.isHolding = false }
        released.signal()
    }

    var resets: Int { state.withLock(\.resets) }

    // MARK: The wire

    /// pcscd may not be there yet, or go and come: the card tries again as long as it is inserted.
    private func stayConnected() {
        while !state.withLock(\.isClosed) {
            if state.withLock({ $0.chip != nil }), let connection = Self.connect(port) {
                state.withLock { $0.connection = connection }
                while let message = Self.receive(connection), let answer = react(to: message) {
                    if !answer.isEmpty, !Self.send(answer, connection) { break }
                }
                state.withLock { $0.connection = nil }
                Glibc.close(connection)
            }
            _ = changed.wait(timeout: .now() + 0.02)
        }
    }

    /// - Returns: nil when there is no card (any more); empty when nothing is to be said.
    private func react(to message: [UInt8]) -> [UInt8]? {
        let isCommand = message.count > 1
        if isCommand, state.withLock(\.isHolding) { released.wait() }
        return state.withLock { state in
            guard state.chip != nil else { return nil }
            switch message {
            case [4]: return Self.answerToReset
            case [0], [1], [2]:
                state.chip?.reset()
                state.resets += 1
                return []
            default:
                if let left = state.commandsUntilRemoval {
                    state.commandsUntilRemoval = left > 0 ? left - 1 : nil
                    if left == 0 {
                        state.chip = nil
                        return nil
                    }
                }
                return state.chip?.process(message).bytes
            }
        }
    }

    private static func receive(_ connection: Int32) -> [UInt8]? {
        guard let header = receive(2, connection) else { return nil }
        return receive(Int(header[0]) << 8 | Int(header[1]), connection)
    }

    private static func receive(_ count: Int, _ connection: Int32) -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count < count {
            // vpcd sends in small pieces: a delayed acknowledgement would cost 40 ms each time.
            var yes: Int32 = 1
            setsockopt(connection, Int32(IPPROTO_TCP), TCP_QUICKACK, &yes, socklen_t(MemoryLayout<Int32>.size))
            var piece = [UInt8](repeating: 0, count: count - bytes.count)
            let got = recv(connection, &piece, piece.count, 0)
            guard got > 0 else { return nil }
            bytes += piece.prefix(got)
        }
        return bytes
    }

    private static func send(_ answer: [UInt8], _ connection: Int32) -> Bool {
        let message = [UInt8(answer.count >> 8), UInt8(answer.count & 0xFF)] + answer
        return Glibc.send(connection, message, message.count, Int32(MSG_NOSIGNAL)) == message.count
    }

    private static func connect(_ port: UInt16) -> Int32? {
        withAddress(port) { Glibc.connect($0, $1, $2) }
    }

    /// Runs a call on a new socket with an address on 127.0.0.1.
    /// - Returns: the socket; nil when the call fails.
    private static func withAddress(
        _ port: UInt16, _ call: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32? {
        let opened = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                call(opened, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            Glibc.close(opened)
            return nil
        }
        return opened
    }

    /// Two free ports in a row, because vpcd has two slots; below those that the kernel gives to whoever asks for any.
    private static func freePort() throws -> UInt16 {
        for _ in 0..<200 {
            let port = UInt16.random(in: 10_000...30_000)
            let taken = [port, port + 1].map { number in withAddress(number) { bind($0, $1, $2) } }
            for opened in taken { if let opened { Glibc.close(opened) } }
            if !taken.contains(nil) { return port }
        }
        throw POSIXError(.EADDRINUSE)
    }
}
