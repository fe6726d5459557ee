import Logging
import Peripherals
import USB

/// A QR reader that types like a keyboard, read from the kernel's input device, which it grabs: nothing reaches the
/// screen. Only a device that the configuration names is read so.
public actor KeyboardReader: BarcodeDriver {
    private let info: USBDeviceInfo
    private let nodes: InputNodes
    private let logger: Logger
    private let listeners = ScanListeners()
    private var state = BarcodeReaderCondition.unknown

    /// After so long without a key a scan that was typed without Enter is whole.
    private static let pause = Duration.milliseconds(250)

    /// Whether the device has a keyboard (HID 1.11, 4.2 and 4.3: boot subclass, protocol 1).
    public static func matches(_ info: USBDeviceInfo) -> Bool { !interfaces(of: info).isEmpty }

    static func interfaces(of info: USBDeviceInfo) -> [UInt8] {
        info.interfaces.filter { $0.interfaceClass == 3 && $0.interfaceSubclass == 1 && $0.interfaceProtocol == 1 }
            .map(\.number)
    }

    public init(_ info: USBDeviceInfo, logger: Logger = Logger(label: "barcode-reader")) {
        self.init(info, nodes: InputNodes(), logger: logger)
    }

    init(_ info: USBDeviceInfo, nodes: InputNodes, logger: Logger) {
        self.info = info
        self.nodes = nodes
        self.logger = logger
    }

    public func condition() -> BarcodeReaderCondition { state }

    public nonisolated func scans() -> AsyncStream<BarcodeScan> { listeners.subscribe() }

    @discardableResult
    public func run() async -> BarcodeReaderCondition {
        while !Task.isCancelled {
            do {
                try await read(try open())
            } catch {
                note(error)
            }
            do { try await Task.sleep(for: Self.retry) } catch { break }
        }
        state = .absent
        return state
    }

    private func open() throws(EventDeviceError) -> [EventDevice] {
        let paths = nodes.paths(for: info)
        guard !paths.isEmpty else { throw .failed("the kernel has no keyboard at port \(info.port)") }
        var devices: [EventDevice] = []
        for path in paths { devices.append(try EventDevice(path: path)) }
        return devices
    }

    private func note(_ error: EventDeviceError) {
        logger.notice("QR reader as keyboard: \(error)")
        state =
            switch error {
            case .gone: .absent
            case .accessDenied: .accessDenied
            case .busy: .busy
            case .failed: .fault
            }
    }

    /// Reads until one of the devices is gone or the task is cancelled.
    func read(_ devices: [EventDevice]) async throws(EventDeviceError) {
        enum Event: Sendable {
            case bytes(device: Int, Result<[UInt8], EventDeviceError>)
            case pause(count: Int)
        }
        state = .ready
        let (events, event) = AsyncStream.makeStream(of: Event.self)
        let readers = devices.enumerated().map { index, device in
            Task { for await bytes in device.bytes() { event.yield(.bytes(device: index, bytes)) } }
        }
        var timer: Task<Void, any Error>?
        defer {
            for reader in readers { reader.cancel() }
            timer?.cancel()
        }
        var typists = devices.map { _ in KeyTypist() }
        var lines = ScanLines()
        var count = 0
        for await next in events {
            switch next {
            case .bytes(let index, let bytes):
                count += 1
                timer?.cancel()
                for output in typists[index].feed(try bytes.get()) { take(output, &lines) }
                guard lines.isHalfway else { break }
                timer = Task { [count] in
                    try await Task.sleep(for: Self.pause)
                    event.yield(.pause(count: count))
                }
            case .pause(let of):
                if of == count, let line = lines.pause() { pass(line) }
            }
        }
    }

    private func take(_ output: KeyTypist.Output, _ lines: inout ScanLines) {
        switch output {
        case .typed(let letters): for line in lines.feed(letters) { pass(line) }
        case .lost:
            logger.notice("A scan was dropped: keys were lost")
            lines.abandon()
        }
    }

    private func pass(_ line: ScanLines.Line) {
        switch line {
        case .text(let text): listeners.send(BarcodeScan(text: text, isReliable: false))
        case .rejected(let why): logger.notice("A scan was dropped: \(why.rawValue)")
        }
    }
}
