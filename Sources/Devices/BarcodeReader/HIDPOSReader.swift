import Logging
import Peripherals
import Synchronization
import USB

/// A QR reader in HID POS mode. Owns its device.
///
/// ```swift
/// let reader = HIDPOSReader(try await bus.open(info))
/// async let end = reader.run()
/// for await text in reader.scans() { … }
/// ```
public actor HIDPOSReader: BarcodeReading {
    public nonisolated let info: USBDeviceInfo
    private let device: any USBDevice
    private let port: HIDPort?
    private let logger: Logger
    private let listeners = ScanListeners()
    private var state = BarcodeReaderCondition.unknown
    private var hasClaimed = false

    /// Between the reports of one scan: a reader sends them back to back.
    private static let pause = Duration.milliseconds(500)
    /// One spell of waiting for a scan; the end of it means nothing.
    private static let spell = Duration.seconds(30)
    private static let control = Duration.seconds(1)
    /// Before a reader that failed or is held by another program is tried again.
    private static let retry = Duration.seconds(2)

    /// Whether the device may be a HID POS reader: a HID interface that is neither keyboard nor mouse and sends
    /// reports of 64 bytes. Only its report descriptor can tell for certain; `run` reads it.
    public static func matches(_ info: USBDeviceInfo) -> Bool { HIDPort(info) != nil }

    public init(_ device: any USBDevice, logger: Logger = Logger(label: "barcode-reader")) {
        self.info = device.info
        self.device = device
        self.port = HIDPort(device.info)
        self.logger = logger
    }

    public func condition() -> BarcodeReaderCondition { state }

    public nonisolated func scans() -> AsyncStream<String> { listeners.subscribe() }

    public func report() -> DeviceReport {
        DeviceReport(
            state, product: info.productName, usbID: info.usbID, serial: info.serial, port: info.port)
    }

    /// Claims the reader and passes its scans on until it is gone or the task is cancelled; then lets go of the device.
    /// - Returns: the condition at the end: `.absent` when the device is gone, `.fault` when it is no barcode reader.
    @discardableResult
    public func run() async -> BarcodeReaderCondition {
        var end = BarcodeReaderCondition.absent
        while !Task.isCancelled {
            do {
                guard try await open() else {
                    end = .fault
                    break
                }
                try await read()
            } catch {
                state = BarcodeReaderCondition(error)
                logger.notice("QR reader: \(error)")
                if state == .absent || error == .cancelled { break }
            }
            do { try await Task.sleep(for: Self.retry) } catch { break }
        }
        if let port { await device.release(interface: port.interface) }
        await device.close()
        state = end
        return end
    }

    /// - Returns: false when the report descriptor is not that of a barcode reader.
    private func open() async throws(USBError) -> Bool {
        guard let port else { return false }
        if !hasClaimed {
            try await device.claim(interface: port.interface)
            hasClaimed = true
        }
        let bytes = try await device.control(port.reportDescriptorRequest, data: [], deadline: Self.control)
        guard let descriptor = HIDReportDescriptor(bytes), descriptor.isBarcodeScanner,
            descriptor.inputReports.contains(HIDPOSReport.number)
        else { return false }
        if descriptor.featureReports.contains(HIDPort.enableReport) {
            // Honeywell and Youjie stay silent until they are told to talk.
            _ = try await device.control(
                port.enableRequest, data: HIDPort.enableReportBytes, deadline: Self.control)
        }
        state = .ready
        return true
    }

    private func read() async throws(USBError) {
        guard let port else { return }
        var assembler = QRTextAssembler()
        while !Task.isCancelled {
            let report: [UInt8]
            do {
                report = try await device.read(
                    endpoint: port.input.address, maximum: max(64, Int(port.input.maximumPacketSize)),
                    deadline: assembler.isHalfway ? Self.pause : Self.spell)
            } catch .timedOut {
                assembler.abandon()
                continue
            } catch .stalled {
                try await device.clearHalt(endpoint: port.input.address)
                assembler.abandon()
                continue
            }
            switch assembler.feed(report) {
            case .needsMore: break
            case .text(let text): listeners.send(text)
            case .rejected(let why): logger.notice("A scan was dropped: \(why.rawValue)")
            }
        }
    }
}
