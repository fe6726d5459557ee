import Foundation

/// What differs between makes of card readers: `kiosk-config/devices/readers.yaml`. A reader that stands there under no id
/// is taken as `default`.
public struct ReaderBook: Sendable, Equatable {
    /// The quirks of one make. What is nil is the driver's own default, or what the reader's descriptor says.
    public struct Quirks: Sendable, Equatable {
        /// The interface and the slot in which the identity card lies.
        public var interface: UInt8?
        public var slot: UInt8?
        /// How the reader takes commands in that slot, where its descriptor is wrong.
        public var level: Level?
        /// How long the first answer may take, in milliseconds.
        public var firstAnswerMs: Int?
        /// Bounds the length of a message, in bytes.
        public var messageBytes: Int?
        /// Ask for the slot's state instead of waiting for interrupts.
        public var polling: Bool
        /// How often the state is asked for when nothing happens, in milliseconds.
        public var pollIntervalMs: Int?
        /// How long the reader may be silent during a command, in milliseconds.
        public var patienceMs: Int?
        /// How long the reader may take to report that the card left, in milliseconds.
        public var removalGraceMs: Int?
    }

    public enum Level: String, Sendable, CaseIterable {
        case short
        case extended
    }

    public struct Entry: Sendable, Equatable {
        public var vendor: UInt16
        /// nil for every product of the vendor.
        public var product: UInt16?
        public var model: String
        public var quirks: Quirks
        /// Where it was read or seen.
        public var source: String
    }

    public var standard: Quirks
    public var readers: [Entry]

    /// For a kiosk without the file.
    public static let empty = ReaderBook(
        standard: Quirks(polling: false), readers: [])

    public static func load(_ file: URL) throws(YAMLFault) -> ReaderBook {
        try StrictYAML.read(file.standardizedFileURL) { root throws(YAMLFault) in try ReaderBook(&root) }
    }

    /// Reads a text; `file` names it in errors.
    public static func parse(_ text: String, file: URL) throws(YAMLFault) -> ReaderBook {
        try StrictYAML.read(Data(text.utf8), file: file) { root throws(YAMLFault) in try ReaderBook(&root) }
    }

    /// The quirks of a reader: those of its product, else of its vendor, else the default.
    public func quirks(vendor: UInt16, product: UInt16) -> Quirks {
        let own = readers.filter { $0.vendor == vendor }
        return (own.first { $0.product == product } ?? own.first { $0.product == nil })?.quirks ?? standard
    }

    private init(standard: Quirks, readers: [Entry]) {
        self.standard = standard
        self.readers = readers
    }

    init(_ root: inout YAMLSection) throws(YAMLFault) {
        standard = try root.section("default") { section throws(YAMLFault) in
            _ = try section.optionalString("source")
            return try Quirks(&section)
        }
        readers = try root.list("readers") { section throws(YAMLFault) in try Entry(&section) } ?? []
        var seen: Set<String> = []
        for entry in readers {
            guard seen.insert(entry.usb).inserted else {
                throw root.fault("readers", "has \(entry.usb) twice", remedy: "Write one entry for each reader")
            }
        }
    }
}

extension ReaderBook.Quirks {
    init(_ section: inout YAMLSection) throws(YAMLFault) {
        // USB 2.0, 9.6.5 and USB CCID 1.1, 5.1: one byte each; nobody builds more.
        interface = try section.optionalInteger("interface", in: 0...31).map { UInt8($0) }
        slot = try section.optionalInteger("slot", in: 0...15).map { UInt8($0) }
        level = try section.optionalChoice("level")
        firstAnswerMs = try section.optionalInteger("firstAnswerMs", in: 50...10_000)
        messageBytes = try section.optionalInteger("messageBytes", in: 64...65_556)
        polling = try section.boolean("polling", or: false)
        pollIntervalMs = try section.optionalInteger("pollIntervalMs", in: 50...5_000)
        patienceMs = try section.optionalInteger("patienceMs", in: 500...60_000)
        removalGraceMs = try section.optionalInteger("removalGraceMs", in: 50...5_000)
    }
}

extension ReaderBook.Entry {
    init(_ section: inout YAMLSection) throws(YAMLFault) {
        let text = try section.string("usb")
        guard let match = text.wholeMatch(of: /([0-9a-fA-F]{4}):([0-9a-fA-F]{4}|\*)/),
            let vendor = UInt16(match.output.1, radix: 16)
        else {
            throw section.fault(
                "usb", "“\(text)” is not a USB id", remedy: "Write vendor:product as lsusb shows it, or vendor:*")
        }
        self.vendor = vendor
        product = UInt16(match.output.2, radix: 16)
        model = try section.string("model")
        source = try section.string("source")
        quirks = try ReaderBook.Quirks(&section)
    }

    fileprivate var usb: String {
        func digits(_ value: UInt16) -> String { String(0x1_0000 + Int(value), radix: 16).dropFirst().description }
        return digits(vendor) + ":" + (product.map(digits) ?? "*")
    }
}
