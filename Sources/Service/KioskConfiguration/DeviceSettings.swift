/// Which device plays a role, where more than one could: normally the kiosk finds them itself.
public struct DeviceSettings: Sendable, Equatable {
    public var cardReader: Selection?
    public var barcodeReader: Selection?
    public var ticketPrinter: Selection?

    /// A device on the bus. What is nil may be anything.
    public struct Selection: Sendable, Equatable {
        /// USB identifiers, for example 0x08e6.
        public var vendor: UInt16?
        public var product: UInt16?
        public var serial: String?
        /// Bus and port numbers as the kernel names them, for example `1-1.4`.
        public var port: String?
    }

    init(_ section: inout YAMLSection) throws(YAMLFault) {
        cardReader = try section.optionalSection("card-reader") { s throws(YAMLFault) in try Selection(&s) }
        barcodeReader = try section.optionalSection("barcode-reader") { s throws(YAMLFault) in try Selection(&s) }
        ticketPrinter = try section.optionalSection("ticket-printer") { s throws(YAMLFault) in try Selection(&s) }
    }
}

extension DeviceSettings.Selection {
    init(_ section: inout YAMLSection) throws(YAMLFault) {
        vendor = try Self.identifier("vendor", &section)
        product = try Self.identifier("product", &section)
        serial = try section.optionalString("serial")
        port = try section.optionalString("port")
        if let port, port.wholeMatch(of: /[0-9]+-[0-9]+(\.[0-9]+)*/) == nil {
            throw section.fault("port", "is not a port", remedy: "Write it as `kioskctl devices` shows it, e.g. 1-1.4")
        }
        if self == .init(vendor: nil, product: nil, serial: nil, port: nil) {
            throw section.fault(
                "vendor", "names no device", remedy: "Give at least one of vendor, product, serial, port")
        }
    }

    /// Four hexadecimal digits, as `lsusb` prints them, with or without `0x`.
    private static func identifier(_ key: String, _ section: inout YAMLSection) throws(YAMLFault) -> UInt16? {
        guard let text = try section.optionalString(key) else { return nil }
        guard let match = text.wholeMatch(of: /(0x)?([0-9a-fA-F]{4})/), let value = UInt16(match.output.2, radix: 16)
        else {
            throw section.fault(key, "is not a USB identifier", remedy: "Write four hexadecimal digits, as lsusb shows")
        }
        return value
    }
}
