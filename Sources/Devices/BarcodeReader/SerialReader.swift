import Logging
import Peripherals
import USB

/// A QR reader that shows itself as a serial line (CDC-ACM), driven without the kernel's own driver, so that it works
/// the same over USB/IP. Taking the interfaces takes them from `cdc_acm`.
public actor SerialReader: BarcodeDriver {
    private let device: any USBDevice
    private let port: SerialPort?
    private let logger: Logger
    private let listeners = ScanListeners()
    private var state = BarcodeReaderCondition.unknown
    private var claimed: [UInt8] = []

    /// After so long without a byte a scan that was sent without CR or LF is whole.
    private static let pause = Duration.milliseconds(250)
    private static let spell = Duration.seconds(30)
    private static let control = Duration.seconds(1)

    /// Whether the device has a serial line. What talks at its other end cannot be seen.
    public static func matches(_ info: USBDeviceInfo) -> Bool { SerialPort(info) != nil }

    public init(_ device: any USBDevice, logger: Logger = Logger(label: "barcode-reader")) {
        self.device = device
        self.port = SerialPort(device.info)
        self.logger = logger
    }

    public func condition() -> BarcodeReaderCondition { state }

    public nonisolated func scans() -> AsyncStream<BarcodeScan> { listeners.subscribe() }

    @discardableResult
    public func run() async -> BarcodeReaderCondition {
        guard let port else { return .fault }
        while !Task.isCancelled {
            do {
                try await open(port)
                try await read(port)
            } catch {
                state = BarcodeReaderCondition(error)
                logger.notice("QR reader: \(error)")
                if state == .absent || error == .cancelled { break }
            }
            do { try await Task.sleep(for: Self.retry) } catch { break }
        }
        await close(port)
        state = .absent
        return state
    }

    private func open(_ port: SerialPort) async throws(USBError) {
        for interface in Set([port.control, port.data]).subtracting(claimed).sorted() {
            try await device.claim(interface: interface)
            claimed.append(interface)
        }
        try await request(port.setLineCoding, SerialPort.lineCoding)
        try await request(port.setControlLines(isListening: true), [])
        state = .ready
    }

    /// Some lines know neither speed nor modem signals, and say so with a stall (USB 2.0, 9.2.7).
    private func request(_ setup: USBSetup, _ data: [UInt8]) async throws(USBError) {
        do {
            _ = try await device.control(setup, data: data, deadline: Self.control)
        } catch .stalled {
            logger.debug("QR reader: request \(setup.request) is not known to this one")
        }
    }

    private func read(_ port: SerialPort) async throws(USBError) {
        var lines = ScanLines()
        while !Task.isCancelled {
            do {
                let bytes = try await device.read(
                    endpoint: port.input.address, maximum: max(64, Int(port.input.maximumPacketSize)),
                    deadline: lines.isHalfway ? Self.pause : Self.spell)
                for line in lines.feed(bytes) { pass(line) }
            } catch .timedOut {
                if let line = lines.pause() { pass(line) }
            } catch .stalled {
                try await device.clearHalt(endpoint: port.input.address)
                lines.abandon()
            }
        }
    }

    private func pass(_ line: ScanLines.Line) {
        switch line {
        case .text(let text): listeners.send(BarcodeScan(text: text))
        case .rejected(let why): logger.notice("A scan was dropped: \(why.rawValue)")
        }
    }

    private func close(_ port: SerialPort) async {
        for interface in claimed { await device.release(interface: interface) }
        claimed = []
    }
}
