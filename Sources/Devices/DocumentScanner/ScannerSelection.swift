/// Which of the scanners that SANE finds.
///
/// A SANE device name may change with every power cycle (`libusb:001:007`), so a kiosk names its scanner by maker and
/// model, and by SANE name only where the name is stable (`airscan:e0:…` from a configuration, `test:0`).
public struct ScannerSelection: Sendable, Equatable, Codable {
    /// The exact SANE device name, for example `airscan:e0:Scanner`. When it is given, no search is made.
    public var name: String?
    /// A part of the maker's name, any case.
    public var vendor: String?
    /// A part of the model's name, any case.
    public var model: String?

    public init(name: String? = nil, vendor: String? = nil, model: String? = nil) {
        self.name = name
        self.vendor = vendor
        self.model = model
    }

    /// The first scanner that is found.
    public static let first = ScannerSelection()

    /// The first of `devices` that fits, in SANE's order.
    public func choose(from devices: [FoundScanner]) -> FoundScanner? {
        devices.first { device in
            if let name { return device.name == name }
            return Self.contains(device.vendor, vendor) && Self.contains(device.model, model)
        }
    }

    private static func contains(_ text: String, _ part: String?) -> Bool {
        guard let part, !part.isEmpty else { return true }
        return text.lowercased().contains(part.lowercased())
    }
}

/// A scanner as SANE lists it.
public struct FoundScanner: Sendable, Equatable, Codable {
    /// What `sane_open` takes.
    public var name: String
    public var vendor: String
    public var model: String
    /// For example `flatbed scanner`, or `ip=127.0.0.1`.
    public var type: String

    /// Maker and model, as far as SANE knows them.
    public var product: String {
        vendor.isEmpty ? model : model.hasPrefix(vendor) ? model : vendor + " " + model
    }

    public init(name: String, vendor: String, model: String, type: String) {
        self.name = name
        self.vendor = vendor
        self.model = model
        self.type = type
    }
}
