import Logging
import Peripherals
import USB

/// The driver of one kind of QR reader. It does not close its device: when it says that the device is none of its kind,
/// another driver may try.
public protocol BarcodeDriver: Sendable {
    func condition() async -> BarcodeReaderCondition
    /// Each scan from now on.
    func scans() -> AsyncStream<BarcodeScan>
    /// Takes the reader and passes its scans on until it is gone or the task is cancelled; then lets go of it. A reader
    /// that another program holds, or that fails, is tried again.
    /// - Returns: the condition at the end: `.absent` when the device is gone, `.fault` when it is no reader of this
    ///   kind.
    func run() async -> BarcodeReaderCondition
}

extension BarcodeDriver {
    /// Before a reader that failed or is held by another program is tried again.
    static var retry: Duration { .seconds(2) }
}

/// The ways in which QR readers show themselves on USB, the best first.
public enum BarcodeReaderKind: Int, Sendable, CaseIterable, Comparable {
    /// HID POS: all bytes come through, nothing reaches the screen.
    case hidPOS
    /// A serial line (CDC-ACM): all bytes come through.
    case serial
    /// A keyboard: letters that its layout lacks are lost.
    case keyboard

    public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }

    /// The kinds that the device may be.
    /// - Parameter isChosen: the configuration names this very device. Only then is a keyboard a reader: an ordinary
    ///   keyboard is never taken away from its screen.
    public static func kinds(of info: USBDeviceInfo, isChosen: Bool) -> [BarcodeReaderKind] {
        var kinds: [BarcodeReaderKind] = []
        if HIDPOSReader.matches(info) { kinds.append(.hidPOS) }
        if SerialReader.matches(info) { kinds.append(.serial) }
        if isChosen && KeyboardReader.matches(info) { kinds.append(.keyboard) }
        return kinds
    }

    public func driver(
        for device: any USBDevice, profile: BarcodeReaderProfile, logger: Logger
    ) -> any BarcodeDriver {
        switch self {
        case .hidPOS: HIDPOSReader(device, profile: profile, logger: logger)
        case .serial: SerialReader(device, logger: logger)
        case .keyboard: KeyboardReader(device.info, logger: logger)
        }
    }
}
