/// How an office printer is, as far as its CUPS queue and the printer itself tell.
public enum OfficePrinterCondition: String, DeviceCondition {
    case ready
    /// Prints, but paper or toner ends soon.
    case suppliesLow = "supplies-low"
    case unknown
    /// CUPS has no queue of that name.
    case absent
    /// CUPS does not answer.
    case noService = "no-service"
    case accessDenied = "access-denied"
    /// Somebody paused the queue, or it takes no jobs.
    case paused
    /// The queue stopped after an error, and nobody says which.
    case stopped
    /// CUPS runs, but the printer does not answer.
    case offline
    case paperOut = "paper-out"
    /// Paper of another size or kind lies in the tray.
    case paperNeeded = "paper-needed"
    case jam
    case coverOpen = "cover-open"
    case tonerOut = "toner-out"
    case outputFull = "output-full"
    case fault

    public static let role = DeviceRole.officePrinter
    public var isReady: Bool { self == .ready || self == .suppliesLow }
    public var remedy: String {
        switch self {
        case .ready: ""
        case .suppliesLow: "Have paper and toner at hand for the office printer; it still prints."
        case .unknown: "Wait a few seconds; if it stays unknown, see lpstat -p and the log of CUPS."
        case .absent:
            "Make the queue with lpadmin, or correct officePrinter.queue in kiosk.yaml (lpstat -e lists them)."
        case .noService: "Start CUPS (systemctl enable --now cups), or correct cups.server in kiosk.yaml."
        case .accessDenied: "Put the user of kioskd into the group lpadmin: usermod -aG lpadmin kiosk."
        case .paused: "Resume the queue: cupsenable QUEUE && cupsaccept QUEUE."
        case .stopped: "Look at the printer and at /var/log/cups/error_log, then resume the queue: cupsenable QUEUE."
        case .offline: "Switch the office printer on, and check its network or USB cable."
        case .paperOut: "Put A4 paper into the office printer's tray; the kiosk resumes the queue by itself."
        case .paperNeeded: "Put A4 paper into the tray, and set the tray to A4 at the printer's panel."
        case .jam: "Open the office printer, remove the jammed sheet, and close it."
        case .coverOpen: "Close the office printer's cover or door until it clicks."
        case .tonerOut: "Replace the toner or ink cartridge that the printer's panel names."
        case .outputFull: "Take the printed sheets out of the output tray."
        case .fault: "Switch the office printer off and on; call service if the fault returns."
        }
    }
}
