/// A scanner as SANE lists it, with what else is known of it.
public struct FoundScanner: Sendable, Equatable, Codable {
    /// What `sane_open` takes. For many USB scanners it changes with every power cycle: `fujitsu:libusb:001:007`.
    public var name: String
    public var vendor: String
    public var model: String
    /// For example `flatbed scanner`, or `ip=127.0.0.1`.
    public var type: String
    public var serial: String?
    /// Bus and port numbers as the kernel names them, for example `1-1.4`.
    public var port: String?
    /// `vvvv:pppp` in hexadecimal.
    public var usbID: String?
    /// Where a driverless scanner answers, for example `http://192.0.2.7/eSCL`.
    public var address: String?

    /// Maker and model, as far as SANE knows them.
    public var product: String {
        vendor.isEmpty ? model : model.hasPrefix(vendor) ? model : vendor + " " + model
    }

    public init(
        name: String, vendor: String, model: String, type: String, serial: String? = nil, port: String? = nil,
        usbID: String? = nil, address: String? = nil
    ) {
        self.name = name
        self.vendor = vendor
        self.model = model
        self.type = type
        self.serial = serial
        self.port = port
        self.usbID = usbID
        self.address = address
    }
}

extension FoundScanner {
    /// How surely a scanner of now is one that was used before.
    public enum Sameness: Int, Sendable, Comparable {
        /// Another model, or the same model with another serial number somewhere else.
        case other
        /// The same model in the same place with another serial number: it was put there for the old one.
        case replacement
        /// The same model; nobody knows its serial number.
        case sameModel
        /// The same model under the same name or at the same place.
        case samePlace
        /// The same serial number.
        case same

        public static func < (left: Sameness, right: Sameness) -> Bool { left.rawValue < right.rawValue }
    }

    /// Whether its model is what it says itself: a driverless scanner that does not answer has only the name that a
    /// configuration gave it.
    var isKnown: Bool { address == nil || serial != nil }

    public func sameness(as past: FoundScanner) -> Sameness {
        guard vendor == past.vendor, model == past.model else { return .other }
        let isSamePlace = (port != nil && port == past.port) || (address != nil && address == past.address)
        if let serial, let known = past.serial {
            return serial == known ? .same : isSamePlace ? .replacement : .other
        }
        return isSamePlace || name == past.name ? .samePlace : .sameModel
    }
}
