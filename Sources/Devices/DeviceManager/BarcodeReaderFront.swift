import BarcodeReader
import Logging
import Peripherals
import Synchronization
import USB

/// The QR reader that the journey holds on to, whichever reader is plugged in.
actor BarcodeReaderFront: BarcodeReading, RoleFront {
    /// How often the driver's condition is looked at: a reader that was just opened is ready in a moment.
    private static func interval(_ condition: BarcodeReaderCondition) -> Duration {
        .milliseconds(condition.isReady ? 500 : 50)
    }

    private let profile: @Sendable (USBDeviceInfo) -> BarcodeReaderProfile
    private let isChosen: @Sendable (USBDeviceInfo) -> Bool
    private let logger: Logger
    private nonisolated let state = FrontState<BarcodeReaderCondition>()
    private nonisolated let listeners = Mutex<[Int: AsyncStream<String>.Continuation]>([:])

    /// - Parameters:
    ///   - profile: what is special about a QR reader.
    ///   - isChosen: whether the configuration names this very device.
    init(
        profile: @escaping @Sendable (USBDeviceInfo) -> BarcodeReaderProfile,
        isChosen: @escaping @Sendable (USBDeviceInfo) -> Bool, logger: Logger
    ) {
        self.profile = profile
        self.isChosen = isChosen
        self.logger = logger
    }

    // MARK: BarcodeReading

    func condition() -> BarcodeReaderCondition { state.condition }

    nonisolated func scans() -> AsyncStream<String> {
        AsyncStream(bufferingPolicy: .bufferingNewest(8)) { continuation in
            let key = listeners.withLock { listeners in
                let key = (listeners.keys.max() ?? 0) + 1
                listeners[key] = continuation
                return key
            }
            continuation.onTermination = { _ in self.listeners.withLock { $0[key] = nil } }
        }
    }

    // MARK: RoleFront

    nonisolated var reports: LatestValue<DeviceReport> { state.reports }

    /// Tries the ways in which the device may be a reader, the best first, until one of them serves.
    func serve(_ device: any USBDevice) async -> Bool {
        let info = device.info
        var wasReady = false
        for kind in BarcodeReaderKind.kinds(of: info, isChosen: isChosen(info)) where !Task.isCancelled {
            let driver = kind.driver(for: device, profile: profile(info), logger: logger)
            let (end, served) = await serve(driver, info)
            wasReady = wasReady || served
            // Anything but a fault says that the device is of this kind, or gone.
            if end != .fault { break }
        }
        await device.close()
        return wasReady
    }

    private func serve(
        _ driver: any BarcodeDriver, _ info: USBDeviceInfo
    ) async -> (end: BarcodeReaderCondition, wasReady: Bool) {
        await withTaskGroup(of: Bool?.self) { group in
            let scans = driver.scans()
            group.addTask {
                for await scan in scans { self.pass(scan.trustedText) }
                return nil
            }
            group.addTask {
                var wasReady = false
                repeat {
                    let condition = await driver.condition()
                    wasReady = wasReady || condition.isReady
                    self.state.set(condition, info)
                    // Ends early when the reader has gone.
                    try? await Task.sleep(for: Self.interval(condition))
                } while !Task.isCancelled
                return wasReady
            }
            let end = await driver.run()
            self.state.set(end, info)
            group.cancelAll()
            var wasReady = false
            for await part in group { wasReady = part ?? wasReady }
            return (end, wasReady)
        }
    }

    nonisolated func refuse(_ error: USBError, _ info: USBDeviceInfo) { state.set(BarcodeReaderCondition(error), info) }

    nonisolated func vacate() { state.set(.absent, nil) }

    private nonisolated func pass(_ text: String) {
        for listener in listeners.withLock({ Array($0.values) }) { listener.yield(text) }
    }
}
