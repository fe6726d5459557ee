import Foundation

/// What models of ticket printers can do: `kiosk-config/devices/printers.yaml`. A printer that stands there under no id is
/// taken as `default`; what an entry leaves out is as in `default`.
public struct PrinterBook: Sendable, Equatable {
    public struct Abilities: Sendable, Equatable {
        /// Printable dots in a row, a multiple of 8.
        public var dots: Int
        public var dotsPerInch: Int
        /// Rows, and bytes of dots, in one picture command.
        public var bandHeight: Int
        public var bandBytes: Int
        public var cut: Cut
        public var proof: Proof
        /// Whether `GS a` may be used.
        public var automaticStatus: Bool
        /// Whether it tells that the roll ends soon; nil when nobody knows.
        public var nearEndSensor: Bool?
    }

    public enum Cut: String, Sendable, CaseIterable { case none, partial, full }

    /// How it says that everything before is on paper: the echo of `GS ( H`, the answer to `GS r 1`, automatic status
    /// going idle, not at all, or what it answers when it is asked.
    public enum Proof: String, Sendable, CaseIterable { case fence, status, idle, none, learn }

    public struct Entry: Sendable, Equatable {
        public var usb: USBIdentity?
        /// Patterns for the IEEE 1284 id: `*` stands for any letters, case does not count.
        public var manufacturer: String?
        public var product: String?
        /// For people.
        public var model: String
        public var abilities: Abilities
        /// Where it was read or seen.
        public var source: String
    }

    public var standard: Abilities
    public var printers: [Entry]

    public static let fileName = "printers.yaml"

    /// For a kiosk without the file.
    public static let empty = PrinterBook(standard: .unknown, printers: [])

    /// A folder without the file describes no printer.
    public static func load(folder: URL) throws(YAMLFault) -> PrinterBook {
        let file = folder.appending(path: fileName)
        guard FileManager.default.fileExists(atPath: file.path) else { return .empty }
        return try StrictYAML.read(file.standardizedFileURL) { root throws(YAMLFault) in try PrinterBook(&root) }
    }

    /// Reads a text; `file` names it in errors.
    public static func parse(_ text: String, file: URL) throws(YAMLFault) -> PrinterBook {
        try StrictYAML.read(Data(text.utf8), file: file) { root throws(YAMLFault) in try PrinterBook(&root) }
    }

    /// What a printer can do: as the entry says that fits and names most: its IEEE 1284 model, then its USB product, its
    /// manufacturer, its USB vendor; the first of equals.
    /// - Parameter manufacturer, product: of its IEEE 1284 id; nil before the printer was asked.
    public func abilities(
        vendor: UInt16, product usbProduct: UInt16, manufacturer: String? = nil, model: String? = nil
    ) -> Abilities {
        var best: (rank: Int, abilities: Abilities)?
        for entry in printers {
            guard entry.fits(vendor, usbProduct, manufacturer, model), entry.rank > best?.rank ?? 0 else { continue }
            best = (entry.rank, entry.abilities)
        }
        return best?.abilities ?? standard
    }

    private init(standard: Abilities, printers: [Entry]) {
        self.standard = standard
        self.printers = printers
    }

    init(_ root: inout YAMLSection) throws(YAMLFault) {
        let standard = try root.section("default") { section throws(YAMLFault) in
            _ = try section.optionalString("source")
            return try Abilities(&section, or: .unknown)
        }
        self.standard = standard
        printers =
            try root.list("printers") { section throws(YAMLFault) in try Entry(&section, standard) } ?? []
        for (index, entry) in printers.enumerated() {
            guard !printers[..<index].contains(where: { $0.hasSameKeys(as: entry) }) else {
                throw root.fault(
                    "printers", "describes \(entry.model) under the ids of an entry before it",
                    remedy: "Write one entry for each printer")
            }
        }
    }
}

extension PrinterBook.Abilities {
    /// For a printer that nobody has described: 80 mm at 203 dpi, bands that fit into 4 KiB, and ask it.
    public static let unknown = PrinterBook.Abilities(
        dots: 576, dotsPerInch: 203, bandHeight: 128, bandBytes: 4096, cut: .partial, proof: .learn,
        automaticStatus: true, nearEndSensor: nil)

    init(_ section: inout YAMLSection, or other: Self) throws(YAMLFault) {
        (dots, dotsPerInch) = try section.section("paper") { paper throws(YAMLFault) in
            let dots = try paper.integer("dots", in: 64...2048, or: other.dots)
            guard dots.isMultiple(of: 8) else {
                throw paper.fault("dots", "is no multiple of 8", remedy: "Write 576 for 80 mm, 384 for 58 mm")
            }
            return (dots, try paper.integer("dotsPerInch", in: 100...600, or: other.dotsPerInch))
        }
        bandHeight = try section.integer("bandHeight", in: 8...255, or: other.bandHeight)
        bandBytes = try section.integer("bandBytes", in: 512...65_535, or: other.bandBytes)
        cut = try section.choice("cut", or: other.cut)
        proof = try section.choice("proof", or: other.proof)
        automaticStatus = try section.boolean("automaticStatus", or: other.automaticStatus)
        nearEndSensor = try section.optionalBoolean("nearEndSensor") ?? other.nearEndSensor
    }
}

extension PrinterBook.Entry {
    init(_ section: inout YAMLSection, _ standard: PrinterBook.Abilities) throws(YAMLFault) {
        usb = section.has("usb") ? try section.usbIdentity("usb") : nil
        (manufacturer, product) = try section.section("ieee1284") { id throws(YAMLFault) in
            (try id.optionalString("manufacturer"), try id.optionalString("model"))
        }
        model = try section.string("model")
        source = try section.string("source")
        abilities = try PrinterBook.Abilities(&section, or: standard)
        guard rank > 0 else {
            throw section.fault(
                "model", "stands under no id",
                remedy: "Add usb: \"vvvv:pppp\" as lsusb shows it, or ieee1284: {manufacturer: …, model: …}")
        }
    }

    /// How much the entry names; 0 names nothing.
    var rank: Int {
        (product == nil ? 0 : 8) + (usb?.product == nil ? 0 : 4) + (manufacturer == nil ? 0 : 2) + (usb == nil ? 0 : 1)
    }

    func fits(_ vendor: UInt16, _ usbProduct: UInt16, _ maker: String?, _ model: String?) -> Bool {
        (usb?.matches(vendor: vendor, product: usbProduct) ?? true)
            && (manufacturer.map { Self.matches(maker ?? "", $0) } ?? true)
            && (product.map { Self.matches(model ?? "", $0) } ?? true)
    }

    func hasSameKeys(as other: Self) -> Bool {
        usb == other.usb && manufacturer?.lowercased() == other.manufacturer?.lowercased()
            && product?.lowercased() == other.product?.lowercased()
    }

    /// Greedy from the left, which is enough where only `*` is special.
    private static func matches(_ text: String, _ pattern: String) -> Bool {
        let parts = pattern.lowercased().split(separator: "*", omittingEmptySubsequences: false)
        var rest = Substring(text.lowercased().prefix(256))
        guard parts.count > 1 else { return rest == parts[0] }
        guard rest.hasPrefix(parts[0]) else { return false }
        rest = rest.dropFirst(parts[0].count)
        for part in parts[1..<(parts.count - 1)] where !part.isEmpty {
            guard let range = rest.range(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return rest.hasSuffix(parts[parts.count - 1])
    }
}
