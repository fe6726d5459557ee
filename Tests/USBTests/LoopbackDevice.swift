import Simulator
import Synchronization
import USB

/// A small virtual device for tests: what is written to endpoint 01h comes back from 81h; 82h is an interrupt endpoint
/// that says each `notify`. Vendor request 1 stores data, 2 returns it, 3 stalls, 4 sets a mode (wValue).
final class LoopbackDevice: VirtualUSBDevice {
    enum Mode: UInt16, Sendable {
        case echo, holdOut, stallIn, babble
    }

    private struct State {
        var mode = Mode.echo
        var stored: [UInt8] = []
        var echo: [UInt8] = []
        var readers: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextReader = 0
        var resets = 0
    }

    static let vendor: UInt16 = 0x1209
    static let product: UInt16 = 0x0001

    private let state = Mutex(State())
    let serial: String

    init(serial: String) { self.serial = serial }

    var resets: Int { state.withLock { $0.resets } }

    var descriptors: USBDescriptorSet {
        let interface: [UInt8] = [9, 4, 0, 0, 3, 0xFF, 1, 2, 0]
        let bulkOut: [UInt8] = [7, 5, 0x01, 2, 64, 0, 0]
        let bulkIn: [UInt8] = [7, 5, 0x81, 2, 64, 0, 0]
        let interrupt: [UInt8] = [7, 5, 0x82, 3, 8, 0, 10]
        // A class descriptor after the last endpoint, as some card readers have it.
        let classDescriptor: [UInt8] = [4, 0x21, 0xAB, 0xCD]
        let body = interface + bulkOut + bulkIn + interrupt + classDescriptor
        let total = UInt8(9 + body.count)
        return USBDescriptorSet(
            device: [18, 1, 0x00, 0x02, 0, 0, 0, 64, 0x09, 0x12, 0x01, 0x00, 0x00, 0x01, 1, 2, 3, 1],
            configuration: [9, 2, total, 0, 1, 1, 0, 0x80, 50] + body,
            strings: [1: "Kiosk", 2: "Vòng lặp", 3: serial])
    }

    func control(_ setup: USBSetup, data: [UInt8]) async throws -> [UInt8] {
        switch setup.request {
        case 1: state.withLock { $0.stored = data }
        case 2: return state.withLock { $0.stored }
        case 4: state.withLock { $0.mode = Mode(rawValue: setup.value) ?? .echo }
        default: throw USBStall()
        }
        return []
    }

    func receive(endpoint: UInt8, _ bytes: [UInt8]) async throws {
        while state.withLock({ $0.mode == .holdOut }) { try await change(evenWithData: true) }
        state.withLock { $0.echo += bytes }
        wake()
    }

    func send(endpoint: UInt8, maximum: Int) async throws -> [UInt8] {
        guard endpoint == 0x81 else {
            while true { try await change(evenWithData: true) }
        }
        while true {
            try Task.checkCancellation()
            let next: [UInt8]? = try state.withLock { state in
                switch state.mode {
                case .stallIn: throw USBStall()
                case .babble: return [UInt8](repeating: 0, count: maximum + 1)
                case .echo, .holdOut: break
                }
                guard !state.echo.isEmpty else { return nil }
                let bytes = Array(state.echo.prefix(maximum))
                state.echo.removeFirst(bytes.count)
                return bytes
            }
            if let next { return next }
            try await change()
        }
    }

    func reset() async {
        state.withLock { state in
            state.resets += 1
            state.echo = []
            state.mode = .echo
        }
    }

    /// Waits for new data or cancellation; with data there already, only if `evenWithData`.
    private func change(evenWithData: Bool = false) async throws {
        let number = state.withLock { state in
            state.nextReader += 1
            return state.nextReader
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    guard !Task.isCancelled, state.echo.isEmpty || evenWithData else { return true }
                    state.readers[number] = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.readers.removeValue(forKey: number) }?.resume()
        }
        try Task.checkCancellation()
    }

    private func wake() {
        let readers = state.withLock { state in
            defer { state.readers = [:] }
            return state.readers
        }
        for reader in readers.values { reader.resume() }
    }
}
