import BarcodeReader
import CardTrust
import Logging
import PCSC
import Peripherals
import SmartCard
import TicketPrinter
import USB

/// Finds the kiosk's devices, opens their drivers, and finds them again after every replugging, glitch and fault.
///
/// The four front objects live as long as the manager: whoever holds one never holds a stale handle.
///
/// ```swift
/// let manager = DeviceManager(bus: bus, scanner: scanner, logger: logger)
/// async let watching: Void = manager.run()
/// for await event in manager.cardReader.read(.qr(text), needs: [.hashes]) { … }
/// ```
public actor DeviceManager {
    public nonisolated let cardReader: any CardReading
    public nonisolated let barcodeReader: any BarcodeReading
    public nonisolated let ticketPrinter: any TicketPrinting
    /// nil when the kiosk has no document scanner.
    public nonisolated let documentScanner: (any DocumentScanning)?

    private enum Event: Sendable {
        case devices(Set<USBDeviceInfo>)
        case ended(DeviceRole, USBDeviceInfo, wasReady: Bool)
        case wake
    }

    private let bus: any USBBus
    private let logger: Logger
    private let fronts: [DeviceRole: any RoleFront]
    private let card: CardReaderFront
    /// nil when the card reader is the kiosk's own, on USB.
    private let pcsc: (@Sendable () -> PCSCReader)?
    private let scannerWatch: ScannerWatch?
    private nonisolated let changes = LatestValue<[DeviceReport]>([])
    private var difference: HotplugDifference
    private var sessions: [DeviceRole: Task<Void, Never>] = [:]
    private var alarm: Task<Void, any Error>?

    /// - Parameters:
    ///   - selection: which device plays which role.
    ///   - scanner: the document scanner, which SANE finds by itself.
    ///   - scannerInterval: between two looks at a scanner that nobody asks about.
    ///   - readerProfile: what is special about a card reader.
    ///   - trust: the authorities whose identity cards the kiosk believes, asked for each card.
    ///   - barcodeProfile: what is special about a QR reader.
    ///   - pcsc: makes the way to a card reader that pcscd holds; nil when the kiosk's own driver serves it.
    ///   - printer: makes the ticket printer's driver.
    public init(
        bus: any USBBus, selection: DeviceSelection = .automatic, scanner: (any ReportingScanner)? = nil,
        scannerInterval: Duration = .seconds(20), backOff: HotplugDifference.BackOff = .init(),
        readerProfile: @escaping @Sendable (USBDeviceInfo) -> CCIDReaderProfile = { _ in .standard },
        trust: @escaping @Sendable () async -> TrustStore = { TrustStore() },
        barcodeProfile: @escaping @Sendable (USBDeviceInfo) -> BarcodeReaderProfile = { _ in .standard },
        pcsc: (@Sendable () -> PCSCReader)? = nil,
        printer: @escaping @Sendable (any USBDevice, Logger) -> ESCPOSPrinter = { ESCPOSPrinter($0, logger: $1) },
        logger: Logger
    ) {
        self.bus = bus
        self.logger = logger
        let card = CardReaderFront(profile: readerProfile, trust: trust, logger: logger)
        let barcode = BarcodeReaderFront(
            profile: barcodeProfile, isChosen: { _ in selection.barcodeReader?.isSpecific ?? false }, logger: logger)
        let ticket = TicketPrinterFront(make: printer, logger: logger)
        cardReader = card
        self.card = card
        self.pcsc = pcsc
        barcodeReader = barcode
        ticketPrinter = ticket
        documentScanner = scanner
        scannerWatch = scanner.map { ScannerWatch($0, interval: scannerInterval) }
        fronts = [.cardReader: card, .barcodeReader: barcode, .ticketPrinter: ticket]
        let roles: [DeviceRole] = (pcsc == nil ? [.cardReader] : []) + [.barcodeReader, .ticketPrinter]
        difference = HotplugDifference(roles: roles, backOff: backOff) {
            Self.rank($0, $1, selection)
        }
    }

    /// Watches the bus and serves the devices until the task is cancelled; then lets go of all of them.
    public func run() async {
        let (events, event) = AsyncStream.makeStream(of: Event.self)
        let start = ContinuousClock.now
        await withTaskGroup { group in
            group.addTask { [bus] in
                for await devices in bus.deviceSets() { event.yield(.devices(devices)) }
            }
            if let scannerWatch {
                group.addTask { await scannerWatch.run() }
                group.addTask { for await _ in scannerWatch.reports.watch() { await self.publish() } }
            }
            for front in fronts.values {
                group.addTask { for await _ in front.reports.watch() { await self.publish() } }
            }
            if let pcsc {
                let reader = pcsc()
                group.addTask { [card] in await card.serve(reader) }
            }
            for await next in events {
                handle(next, at: ContinuousClock.now - start, event)
            }
            group.cancelAll()
            alarm?.cancel()
            for session in sessions.values { session.cancel() }
            for session in sessions.values { await session.value }
            sessions = [:]
        }
    }

    /// Every role as it is now, in the order of `DeviceRole`. Asks the scanner afresh, for at most four seconds.
    public func reports() async -> [DeviceReport] {
        _ = await scannerWatch?.report()
        return current()
    }

    /// The reports of now, then the reports after each change. Never ends by itself.
    public nonisolated func reportChanges() -> AsyncStream<[DeviceReport]> { changes.watch() }

    private func current() -> [DeviceReport] {
        DeviceRole.allCases.compactMap { role in
            role == .documentScanner ? scannerWatch?.reports.value : fronts[role]?.reports.value
        }
    }

    private func publish() { changes.set(current()) }

    // MARK: Sessions

    private func handle(_ event: Event, at now: Duration, _ events: AsyncStream<Event>.Continuation) {
        let actions: [HotplugDifference.Action]
        switch event {
        case .devices(let devices): actions = difference.see(devices, at: now)
        case .ended(let role, let device, let wasReady):
            sessions[role] = nil
            actions = difference.ended(role, device, wasReady: wasReady, at: now)
        case .wake: actions = difference.wake(at: now)
        }
        for action in actions {
            switch action {
            case .open(let role, let device): open(role, device, events)
            case .close(let role, let device):
                logger.notice("device gone", metadata: Self.metadata(role, device))
                sessions[role]?.cancel()
            }
        }
        for (role, front) in fronts
        where !(role == .cardReader && pcsc != nil) && sessions[role] == nil && !difference.hasCandidate(role) {
            front.vacate()
        }
        setAlarm(at: now, events)
    }

    private func open(_ role: DeviceRole, _ device: USBDeviceInfo, _ events: AsyncStream<Event>.Continuation) {
        guard let front = fronts[role] else { return }
        logger.notice("device found", metadata: Self.metadata(role, device))
        sessions[role] = Task { [bus, logger] in
            var wasReady = false
            do throws(USBError) {
                wasReady = await front.serve(try await bus.open(device))
            } catch {
                logger.warning("device not opened: \(error)", metadata: Self.metadata(role, device))
                front.refuse(error, device)
            }
            events.yield(.ended(role, device, wasReady: wasReady))
        }
    }

    private func setAlarm(at now: Duration, _ events: AsyncStream<Event>.Continuation) {
        alarm?.cancel()
        alarm = difference.nextWake.map { moment in
            Task {
                try await Task.sleep(for: max(.zero, moment - now))
                events.yield(.wake)
            }
        }
    }

    private static func rank(_ role: DeviceRole, _ info: USBDeviceInfo, _ selection: DeviceSelection) -> Int? {
        switch role {
        case .cardReader: CCIDReader.matches(info) ? selection.cardReader?.rank(info) : nil
        case .barcodeReader: selection.rankAsBarcodeReader(info)
        case .ticketPrinter: ESCPOSPrinter.matches(info) ? selection.ticketPrinter?.rank(info) : nil
        case .documentScanner, .officePrinter: nil
        }
    }

    private static func metadata(_ role: DeviceRole, _ device: USBDeviceInfo) -> Logger.Metadata {
        [
            "role": "\(role.rawValue)", "port": "\(device.port)",
            "usb": "\(USBID(vendor: device.vendor, product: device.product))",
        ]
    }
}
