import BarcodeReader
import USB

/// Vendor and product as `lsusb` writes them: `072f:223b`, or `072f:*` for any product of a vendor.
public struct USBID: Sendable, Hashable, Codable, CustomStringConvertible {
    public var vendor: UInt16
    /// nil for any product.
    public var product: UInt16?

    public init(vendor: UInt16, product: UInt16?) {
        self.vendor = vendor
        self.product = product
    }

    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].count == 4, let vendor = UInt16(parts[0], radix: 16) else { return nil }
        if parts[1] == "*" {
            self.init(vendor: vendor, product: nil)
        } else if parts[1].count == 4, let product = UInt16(parts[1], radix: 16) {
            self.init(vendor: vendor, product: product)
        } else {
            return nil
        }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let id = USBID(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "a USB id is vvvv:pppp in hexadecimal, or vvvv:*")
        }
        self = id
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    public var description: String { vendor.usbDigits + ":" + (product?.usbDigits ?? "*") }
}

/// Which device plays a role. With nothing set, the first one that the role's driver can serve.
public struct DeviceSelector: Sendable, Hashable, Codable {
    /// Only devices with one of these ids, the first of the list preferred; empty for any.
    public var ids: [USBID]
    /// Only the device with this serial number.
    public var serial: String?
    /// Only the device at this port, for example `1-2.3`.
    public var port: String?

    public init(ids: [USBID] = [], serial: String? = nil, port: String? = nil) {
        self.ids = ids
        self.serial = serial
        self.port = port
    }

    /// Whether the selector names devices, instead of taking any.
    public var isSpecific: Bool { !ids.isEmpty || serial != nil || port != nil }

    /// How well a device fits, 0 best; nil when it does not.
    func rank(_ info: USBDeviceInfo) -> Int? {
        if let serial, info.serial != serial { return nil }
        if let port, info.port != port { return nil }
        guard !ids.isEmpty else { return 0 }
        return ids.firstIndex { $0.vendor == info.vendor && ($0.product ?? info.product) == info.product }
    }
}

/// The devices of a kiosk, by role. A role without a selector is not played by any USB device.
public struct DeviceSelection: Sendable, Hashable, Codable {
    public var cardReader: DeviceSelector?
    public var barcodeReader: DeviceSelector?
    public var ticketPrinter: DeviceSelector?

    public init(
        cardReader: DeviceSelector? = DeviceSelector(), barcodeReader: DeviceSelector? = DeviceSelector(),
        ticketPrinter: DeviceSelector? = DeviceSelector()
    ) {
        self.cardReader = cardReader
        self.barcodeReader = barcodeReader
        self.ticketPrinter = ticketPrinter
    }

    /// A QR reader shows itself in several ways; of equally wanted devices the one with the best way is taken. A keyboard
    /// is one only when it is named.
    func rankAsBarcodeReader(_ info: USBDeviceInfo) -> Int? {
        guard let selector = barcodeReader, let rank = selector.rank(info),
            let kind = BarcodeReaderKind.kinds(of: info, isChosen: selector.isSpecific).min()
        else { return nil }
        return rank * BarcodeReaderKind.allCases.count + kind.rawValue
    }

    /// Every role by what the devices say they are.
    public static let automatic = DeviceSelection()
}
