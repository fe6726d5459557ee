/// Which of the scanners that SANE finds.
///
/// A SANE device name may change with every power cycle (`libusb:001:007`), so a kiosk names its scanner by maker,
/// model, serial number and port, and by SANE name only where the name is stable (`airscan:e0:…` from a configuration,
/// `test:0`). What is nil may be anything.
public struct ScannerSelection: Sendable, Equatable, Codable {
    /// The exact SANE device name, for example `airscan:e0:Scanner`. When it is given, no search is made.
    public var name: String?
    /// A part of the maker's name, any case.
    public var vendor: String?
    /// A part of the model's name, any case.
    public var model: String?
    /// The whole serial number. A scanner that does not tell its own is not chosen.
    public var serial: String?
    /// For example `1-1.4`.
    public var port: String?

    public init(
        name: String? = nil, vendor: String? = nil, model: String? = nil, serial: String? = nil, port: String? = nil
    ) {
        self.name = name
        self.vendor = vendor
        self.model = model
        self.serial = serial
        self.port = port
    }

    /// The first scanner that is found.
    public static let first = ScannerSelection()

    /// Whether this may be the kiosk's scanner.
    public func admits(_ device: FoundScanner) -> Bool {
        if let name, device.name != name { return false }
        if let serial, device.serial != serial { return false }
        if let port, device.port != port { return false }
        return Self.contains(device.vendor, vendor) && Self.contains(device.model, model)
    }

    /// The kiosk's scanner among `devices`, which stand in SANE's order.
    ///
    /// - Parameter past: the one that was used last. While the settings admit it, it is looked for first, and another
    ///   of its model with another serial number does not take its place, unless it stands where the old one stood.
    ///   A scanner of another model may: then a technician has brought it.
    public func choose(from devices: [FoundScanner], past: FoundScanner? = nil) -> FoundScanner? {
        let admitted = devices.filter(admits)
        guard let past, couldMean(past) else { return admitted.first }
        let ranked = admitted.map { (device: $0, sameness: $0.sameness(as: past)) }
        if let best = ranked.map(\.sameness).max(), best > .other {
            return ranked.first { $0.sameness == best }?.device
        }
        return admitted.first { ($0.vendor != past.vendor || $0.model != past.model) && $0.isKnown }
    }

    /// Whether the settings could mean `past`, wherever it is plugged in now and whatever SANE calls it.
    private func couldMean(_ past: FoundScanner) -> Bool {
        (serial == nil || serial == past.serial) && Self.contains(past.vendor, vendor)
            && Self.contains(past.model, model)
    }

    private static func contains(_ text: String, _ part: String?) -> Bool {
        guard let part, !part.isEmpty else { return true }
        return text.lowercased().contains(part.lowercased())
    }
}
