import Foundation

/// What the operator of a kiosk decides: `kiosk-config/kiosk.yaml`. Every key has a default, so a file may be empty.
public struct KioskSettings: Sendable, Equatable {
    /// Where the settings came from; relative paths counted from its folder.
    public var file: URL
    public var hall: HallSettings
    /// Decides the business date and all times shown.
    public var timeZone: TimeZone
    public var bus: BusSettings
    public var reader: ReaderWay
    public var scanner: ScannerSettings
    public var ticketPrinter: TicketPrinterWay
    /// nil: the kiosk prints no A4 papers.
    public var officePrinter: OfficePrinterSettings?
    public var cups: CUPSSettings
    public var web: WebSettings
    public var control: ControlSettings
    /// The database, and the dossiers not yet sent.
    public var dataDirectory: URL
    /// A folder in memory (a tmpfs): the plain scans of running visits, and papers whose text is not read yet. They outlive
    /// the daemon, but not the power.
    public var runtimeDirectory: URL
    /// The folders of procedures, forms, locales, ticket templates, and of what is known of devices.
    public var folders: Folders
    /// nil: the kiosk works alone and keeps its dossiers.
    public var central: CentralSettings?
    public var queue: QueueSettings
    public var journey: JourneySettings
    public var ticket: TicketSettings
    public var devices: DeviceSettings
    public var identity: IdentitySettings

    public struct Folders: Sendable, Equatable {
        public var procedures: URL
        public var forms: URL
        public var locales: URL
        /// The templates of tickets.
        public var tickets: URL
        /// nil when the settings name none and none stands beside them: the drivers' own defaults then.
        public var devices: URL?
    }

    public static func load(_ file: URL) throws(YAMLFault) -> KioskSettings {
        let file = file.standardizedFileURL
        return try StrictYAML.read(file) { root throws(YAMLFault) in try KioskSettings(&root) }
    }

    /// Reads settings from a text; `file` is the base of relative paths.
    public static func parse(_ text: String, file: URL) throws(YAMLFault) -> KioskSettings {
        try StrictYAML.read(Data(text.utf8), file: file) { root throws(YAMLFault) in try KioskSettings(&root) }
    }

    init(_ root: inout YAMLSection) throws(YAMLFault) {
        file = root.file
        hall = try root.section("hall") { section throws(YAMLFault) in try HallSettings(&section) }
        let zone = try root.string("timeZone", or: "Asia/Ho_Chi_Minh")
        guard let known = TimeZone(identifier: zone) else {
            throw root.fault(
                "timeZone", "“\(zone)” is not a time zone", remedy: "Write a name such as Asia/Ho_Chi_Minh")
        }
        timeZone = known
        bus = try BusSettings(&root, key: "bus")
        reader = try root.choice("reader", or: .usb)
        scanner = try root.section("scanner") { section throws(YAMLFault) in try ScannerSettings(&section) }
        ticketPrinter = try TicketPrinterWay(&root, key: "ticketPrinter")
        officePrinter = try root.optionalSection("officePrinter") { section throws(YAMLFault) in
            try OfficePrinterSettings(&section)
        }
        cups = try root.section("cups") { section throws(YAMLFault) in try CUPSSettings(&section) }
        web = try root.section("web") { section throws(YAMLFault) in try WebSettings(&section) }
        control = try root.section("control") { section throws(YAMLFault) in try ControlSettings(&section) }
        dataDirectory = try root.path("dataDirectory", or: "/var/lib/kiosk")
        runtimeDirectory = try root.path("runtimeDirectory", or: "/run/kiosk")
        folders = try root.section("folders") { section throws(YAMLFault) in
            Folders(
                procedures: try section.path("procedures", or: "procedures"),
                forms: try section.path("forms", or: "forms"),
                locales: try section.path("locales", or: "locales"),
                tickets: try section.path("tickets", or: "tickets"),
                devices: try section.optionalPath("devices"))
        }
        if folders.devices == nil {
            let beside = file.deletingLastPathComponent().appendingPathComponent("devices")
            if FileManager.default.fileExists(atPath: beside.path) { folders.devices = beside }
        }
        central = try root.optionalSection("central") { section throws(YAMLFault) in try CentralSettings(&section) }
        queue = try root.section("queue") { section throws(YAMLFault) in try QueueSettings(&section) }
        journey = try root.section("journey") { section throws(YAMLFault) in try JourneySettings(&section) }
        let tickets = folders.tickets
        ticket = try root.section("ticket") { section throws(YAMLFault) in
            try TicketSettings(&section, folder: tickets)
        }
        devices = try root.section("devices") { section throws(YAMLFault) in try DeviceSettings(&section) }
        identity = try root.section("identity") { section throws(YAMLFault) in try IdentitySettings(&section) }
    }
}
