import Foundation

/// What is special about makes of QR readers: `barcode-readers.yaml` in the folder of devices.
public struct BarcodeReaderData: Sendable, Equatable {
    /// One make, or one of its models.
    public struct Entry: Sendable, Equatable {
        /// nil in the entry for all others.
        public var usb: USBIdentity?
        public var layout: Layout
        /// Silent until feature report 254 is 1.
        public var needsEnabling: Bool
        /// Where this was read or seen.
        public var source: String
    }

    /// Bytes of a HID POS report, counted from 0 after the report's number.
    public struct Layout: Sendable, Equatable {
        public var length: Int
        /// nil: the reader sends no AIM identifier.
        public var identifier: Int?
        public var data: Int
        public var continued: Int
    }

    public var standard: Entry?
    public var readers: [Entry]

    public static let fileName = "barcode-readers.yaml"

    /// Nothing special about any reader.
    public static let empty = BarcodeReaderData(standard: nil, readers: [])

    public static func load(folder: URL) throws(YAMLFault) -> BarcodeReaderData {
        let file = folder.appending(path: fileName)
        guard FileManager.default.fileExists(atPath: file.path) else { return .empty }
        return try StrictYAML.read(file) { root throws(YAMLFault) in
            let standard = try root.optionalSection("default") { entry throws(YAMLFault) in
                try Entry(&entry, named: false)
            }
            let readers = try root.list("readers") { entry throws(YAMLFault) in try Entry(&entry, named: true) }
            return BarcodeReaderData(standard: standard, readers: readers ?? [])
        }
    }

    /// The entry for a device: that of its very model before that of its make, then that for all others.
    public func entry(vendor: UInt16, product: UInt16) -> Entry? {
        let fitting = readers.filter { $0.usb?.matches(vendor: vendor, product: product) == true }
        return fitting.first { $0.usb?.product != nil } ?? fitting.first ?? standard
    }
}

extension BarcodeReaderData.Entry {
    init(_ section: inout YAMLSection, named: Bool) throws(YAMLFault) {
        usb = named ? try section.usbIdentity("usb") : nil
        // For people only.
        _ = try section.optionalString("model")
        layout = try section.section("layout") { layout throws(YAMLFault) in try .init(&layout) }
        needsEnabling = try section.boolean("needsEnabling", or: false)
        source = try section.string("source")
    }
}

extension BarcodeReaderData.Layout {
    init(_ section: inout YAMLSection) throws(YAMLFault) {
        // A report has 63 bytes after its number.
        let places = 0...62
        length = try section.integer("length", in: places, or: 0)
        let none = try section.boolean("withoutIdentifier", or: false)
        identifier = none ? nil : try section.integer("identifier", in: 0...60, or: 1)
        if none, section.has("identifier") {
            throw section.fault(
                "identifier", "stands beside withoutIdentifier", remedy: "Write one of the two")
        }
        data = try section.integer("data", in: places, or: 4)
        continued = try section.integer("continued", in: places, or: 62)
        guard data < continued, !(data..<continued).contains(length) else {
            throw section.fault(
                "data", "overlaps the length or the flag", remedy: "The data end where “continued” stands")
        }
    }
}
