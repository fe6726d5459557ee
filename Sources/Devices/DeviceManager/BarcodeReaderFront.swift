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

    private let logger: Logger
    private nonisolated let state = FrontState<BarcodeReaderCondition>()
    private nonisolated let listeners = Mutex<[Int: AsyncStream<String>.Continuation]>([:])

    init(logger: Logger) {
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

    func serve(_ device: any USBDevice) async -> Bool {
        let reader = HIDPOSReader(device, logger: logger)
        let info = device.info
        let wasReady = await withTaskGroup(of: Bool?.self) { group in
            let scans = reader.scans()
            group.addTask {
                for await text in scans { self.pass(text) }
                return nil
            }
            group.addTask {
                var wasReady = false
                repeat {
                    let condition = await reader.condition()
                    wasReady = wasReady || condition.isReady
                    self.state.set(condition, info)
                    // Ends early when the reader has gone.
                    try? await Task.sleep(for: Self.interval(condition))
                } while !Task.isCancelled
                return wasReady
            }
            let end = await reader.run()
            self.state.set(end, info)
            group.cancelAll()
            var wasReady = false
            for await part in group { wasReady = part ?? wasReady }
            return wasReady
        }
        return wasReady
    }

    nonisolated func refuse(_ error: USBError, _ info: USBDeviceInfo) { state.set(BarcodeReaderCondition(error), info) }

    nonisolated func vacate() { state.set(.absent, nil) }

    private nonisolated func pass(_ text: String) {
        for listener in listeners.withLock({ Array($0.values) }) { listener.yield(text) }
    }
}
