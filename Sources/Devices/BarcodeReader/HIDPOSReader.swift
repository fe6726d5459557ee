import Logging
import Peripherals
import USB

/// A QR reader in HID POS mode. Owns its device.
///
/// ```swift
/// let reader = HIDPOSReader(try await bus.open(info))
/// async let end = reader.run()
/// for await scan in reader.scans() { … }
/// ```
public actor HIDPOSReader: BarcodeDriver {
    public nonisolated let info: USBDeviceInfo
    private let device: any USBDevice
    private let port: HIDPort?
    private let profile: BarcodeReaderProfile
    private let logger: Logger
    private let listeners = ScanListeners()
    private var state = BarcodeReaderCondition.unknown
    private var hasClaimed = false
    private var layouts: [HIDPOSLayout] = []

    /// Between the reports of one scan: a reader sends them back to back.
    private static let pause = Duration.milliseconds(500)
    /// One spell of waiting for a scan; the end of it means nothing.
    private static let spell = Duration.seconds(30)
    private static let control = Duration.seconds(1)

    /// Whether the device may be a HID POS reader: a HID interface that is neither keyboard nor mouse and sends
    /// reports of 64 bytes. Only its report descriptor can tell for certain; `run` reads it.
    public static func matches(_ info: USBDeviceInfo) -> Bool { HIDPort(info) != nil }

    public init(
        _ device: any USBDevice, profile: BarcodeReaderProfile = .standard,
        logger: Logger = Logger(label: "barcode-reader")
    ) {
        self.info = device.info
        self.device = device
        self.profile = profile
        self.port = HIDPort(device.info)
        self.logger = logger
    }

    public func condition() -> BarcodeReaderCondition { state }

    public nonisolated func scans() -> AsyncStream<BarcodeScan> { listeners.subscribe() }

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
        guard let descriptor = HIDReportDescriptor(bytes), descriptor.isBarcodeScanner else { return false }
        let described = descriptor.scannedData
        guard let report = described?.report ?? Optional(profile.layout.report),
            descriptor.inputReports.contains(report)
        else { return false }
        // A descriptor has been seen to lie about the identifier: whoever has it in its place is right.
        layouts = [described, profile.layout, .common, .late].compactMap { $0 }
        try await enable(port, isListed: descriptor.featureReports.contains(HIDPort.enableReport))
        state = .ready
        return true
    }

    /// Honeywell and Youjie stay silent until they are told to talk.
    private func enable(_ port: HIDPort, isListed: Bool) async throws(USBError) {
        guard isListed || profile.needsEnabling else { return }
        do {
            _ = try await device.control(port.enableRequest, data: HIDPort.enableReportBytes, deadline: Self.control)
        } catch .stalled where !isListed {
            logger.notice("QR reader: feature report 254 is not known to this one")
        }
    }

    private func read() async throws(USBError) {
        guard let port else { return }
        var assembler = QRTextAssembler(layouts: layouts)
        let longest = (layouts.map(\.size).max() ?? 0) + 1
        while !Task.isCancelled {
            let report: [UInt8]
            do {
                report = try await device.read(
                    endpoint: port.input.address, maximum: max(longest, Int(port.input.maximumPacketSize)),
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
            case .text(let text): listeners.send(BarcodeScan(text: text))
            case .rejected(let why): logger.notice("A scan was dropped: \(why.rawValue)")
            }
        }
    }
}
