/// What is wrong with a device, if anything: a closed set for each role, whose raw value is the stable name used in
/// logs, JSON and locales.
///
/// What a citizen reads is the locale text `device.<role>.<code>`; what a technician does is `remedy`. "Unknown" is a
/// condition too: a device that has not answered is never reported as ready.
public protocol DeviceCondition: RawRepresentable<String>, Sendable, Codable, CaseIterable, Hashable {
    static var role: DeviceRole { get }
    /// Whether the device can serve the next person now.
    var isReady: Bool { get }
    /// What a technician does about it, in English, one sentence; empty when nothing has to be done.
    var remedy: String { get }
}

extension DeviceCondition {
    /// The stable name, for example `paper-out`.
    public var code: String { rawValue }
}

public enum CardReaderCondition: String, DeviceCondition {
    case ready
    case unknown
    case absent
    /// Another program holds the interface, usually pcscd.
    case busy
    case accessDenied = "access-denied"
    /// A reader whose level of exchange the kiosk's own driver does not speak.
    case notSupported = "not-supported"
    /// The reader is to be reached through pcscd, which does not run.
    case noService = "no-service"
    /// The reader is there but does not answer as CCID says.
    case fault

    public static let role = DeviceRole.cardReader
    public var isReady: Bool { self == .ready }
    public var remedy: String {
        switch self {
        case .ready: ""
        case .unknown: "Wait a few seconds; if it stays unknown, replug the card reader."
        case .absent: "Plug the card reader in, and check its cable and the USB hub's power."
        case .busy:
            "Another program, usually pcscd, holds the card reader: stop it "
                + "(systemctl disable --now pcscd.socket pcscd), or set reader: pcsc in kiosk.yaml."
        case .accessDenied: "Install the udev rules (udev/) and replug the card reader."
        case .notSupported: "Set reader: pcsc in kiosk.yaml, or use a contactless reader that takes extended APDUs."
        case .noService: "Start pcscd (systemctl enable --now pcscd.socket), or set reader: usb in kiosk.yaml."
        case .fault: "Unplug the card reader for five seconds and plug it in again; replace it if the fault returns."
        }
    }
}

public enum BarcodeReaderCondition: String, DeviceCondition {
    case ready
    case unknown
    case absent
    case busy
    case accessDenied = "access-denied"
    case fault

    public static let role = DeviceRole.barcodeReader
    public var isReady: Bool { self == .ready }
    public var remedy: String {
        switch self {
        case .ready: ""
        case .unknown: "Wait a few seconds; if it stays unknown, replug the QR reader."
        case .absent: "Plug the QR reader in, and set it to HID POS mode with the maker's setup barcode."
        case .busy: "Another program holds the QR reader: find it with lsof and stop it."
        case .accessDenied: "Install the udev rules (udev/) and replug the QR reader."
        case .fault: "Unplug the QR reader for five seconds and plug it in again; replace it if the fault returns."
        }
    }
}

public enum PrinterCondition: String, DeviceCondition {
    case ready
    /// Prints, but the roll ends soon.
    case paperNearEnd = "paper-near-end"
    case unknown
    case absent
    case busy
    case accessDenied = "access-denied"
    case paperOut = "paper-out"
    case coverOpen = "cover-open"
    case cutterJam = "cutter-jam"
    case overheated
    case offline
    /// Behind CUPS: its queue was paused, or stopped after an error.
    case queueStopped = "queue-stopped"
    /// Behind CUPS, which does not answer.
    case noService = "no-service"
    /// The printer reports an error that only switching it off and on clears.
    case fault

    public static let role = DeviceRole.ticketPrinter
    public var isReady: Bool { self == .ready || self == .paperNearEnd }
    public var remedy: String {
        switch self {
        case .ready: ""
        case .paperNearEnd: "Have a new 80 mm thermal roll at hand; the printer still prints."
        case .unknown: "Wait a few seconds; if it stays unknown, switch the ticket printer off and on."
        case .absent: "Plug the ticket printer in, switch it on, and check its USB cable."
        case .busy: "Another program holds the ticket printer: remove its queue from CUPS, or stop that program."
        case .accessDenied: "Install the udev rules (udev/) and replug the ticket printer."
        case .paperOut: "Put in a new thermal roll (printing side outwards) and close the cover."
        case .coverOpen: "Close the ticket printer's cover until it clicks."
        case .cutterJam: "Open the cover, remove the jammed paper from the cutter, and close the cover."
        case .overheated: "Let the print head cool down for a few minutes; it goes on by itself."
        case .offline: "Press the ticket printer's FEED button; if it stays offline, switch it off and on."
        case .queueStopped: "See lpstat -p and /var/log/cups/error_log, then resume the queue: cupsenable QUEUE."
        case .noService: "Start CUPS (systemctl enable --now cups), or correct cups.server in kiosk.yaml."
        case .fault: "Switch the ticket printer off and on; replace it if the fault returns."
        }
    }
}

public enum ScannerCondition: String, DeviceCondition {
    case ready
    case unknown
    case absent
    case busy
    case warmingUp = "warming-up"
    case jam
    /// Its own sensor says that two sheets went in at once.
    case doubleFeed = "double-feed"
    case coverOpen = "cover-open"
    case feederEmpty = "feeder-empty"
    /// It was unplugged or switched off in the middle of a scan. Only a scan ends so: asked afterwards, it is absent.
    case lost
    case accessDenied = "access-denied"
    case fault

    public static let role = DeviceRole.documentScanner
    public var isReady: Bool { self == .ready || self == .feederEmpty || self == .warmingUp }
    public var remedy: String {
        switch self {
        case .ready: ""
        case .unknown: "Wait a few seconds; if it stays unknown, switch the scanner off and on."
        case .absent: "Switch the scanner on, and check its USB or network cable."
        case .busy: "Wait for the other job to end; if nobody scans, switch the scanner off and on."
        case .warmingUp: "Nothing: the lamp warms up."
        case .jam: "Open the feeder, remove the jammed sheet, and close the feeder."
        case .doubleFeed: "Take both sheets out of the feeder; if it happens often, clean the feeder's rollers."
        case .coverOpen: "Close the scanner's cover."
        case .feederEmpty: "Nothing: the feeder holds no paper."
        case .lost: "Switch the scanner on, check its cable and power supply; it is found again by itself."
        case .accessDenied: "Install the udev rules (udev/) and replug the scanner."
        case .fault: "Switch the scanner off and on; replace it if the fault returns."
        }
    }
}

/// One device as a technician sees it: the same object in `kioskctl devices --json`, in the log and at the centre.
public struct DeviceReport: Sendable, Codable, Equatable {
    public var role: DeviceRole
    /// The condition's stable name, for example `paper-out`.
    public var condition: String
    public var ready: Bool
    public var remedy: String
    /// Maker and model as the device names itself.
    public var product: String?
    /// `vvvv:pppp` in hexadecimal, for a USB device.
    public var usbID: String?
    public var serial: String?
    /// Where it is plugged in, for example `1-2.3`, or the SANE device name.
    public var port: String?

    public init(
        role: DeviceRole, condition: String, ready: Bool, remedy: String, product: String? = nil, usbID: String? = nil,
        serial: String? = nil, port: String? = nil
    ) {
        self.role = role
        self.condition = condition
        self.ready = ready
        self.remedy = remedy
        self.product = product
        self.usbID = usbID
        self.serial = serial
        self.port = port
    }

    public init<Condition: DeviceCondition>(
        _ condition: Condition, product: String? = nil, usbID: String? = nil, serial: String? = nil, port: String? = nil
    ) {
        self.init(
            role: Condition.role, condition: condition.code, ready: condition.isReady, remedy: condition.remedy,
            product: product, usbID: usbID, serial: serial, port: port)
    }
}
