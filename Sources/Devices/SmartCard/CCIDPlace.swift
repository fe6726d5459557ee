import USB

/// Where a card can lie: one slot of one interface, and how long messages with it may be.
struct CCIDPlace: Sendable, Hashable {
    var interface: CCIDInterface
    var slot: UInt8
    /// What the profile says, else the descriptor; what the reader turns out to do, once it has.
    var level: CCIDDescriptor.ExchangeLevel
    /// Header included, in bytes.
    var maximumMessageLength: Int

    var mayChain: Bool { level == .extendedAPDU }

    /// Places that are looked at in one device.
    static let limit = 8

    /// The longest short command (ISO/IEC 7816-4, 5.2: header, Lc, 255 bytes, Le).
    static let longestShortCommand = 261

    /// The longest command APDU that the driver sends here, in bytes.
    var maximumCommandLength: Int {
        mayChain ? 65_544 : min(Self.longestShortCommand, maximumMessageLength - CCIDMessage.headerLength)
    }

    /// Every slot of a device that may hold an identity card, as far as descriptors and profile tell; at least one.
    static func candidates(
        in device: USBDeviceInfo, _ profile: CCIDReaderProfile
    ) throws(SmartCardError) -> [CCIDPlace] {
        let all = CCIDInterface.all(in: device)
        guard !all.isEmpty else {
            throw .notSupported("no CCID interface with a class descriptor and two bulk endpoints")
        }
        let places = all.filter { profile.interface ?? $0.number == $0.number }.flatMap { slots(of: $0, profile) }
        guard !places.isEmpty else {
            throw .notSupported(
                "readers.yaml names an interface or a slot that the reader \(device.usbID) does not have")
        }
        let served = places.filter { $0.level == .shortAPDU || $0.level == .extendedAPDU }
        guard !served.isEmpty else {
            throw .notSupported(
                "the reader \(device.usbID) works at \(places[0].level.rawValue) level, which the kiosk does not speak: "
                    + "set reader: pcsc in kiosk.yaml, or use a contactless reader that takes APDUs")
        }
        return Array(served.prefix(limit))
    }

    private static func slots(of interface: CCIDInterface, _ profile: CCIDReaderProfile) -> [CCIDPlace] {
        let own = interface.descriptor.maximumMessageLength
        return (0...interface.descriptor.highestSlot).filter { profile.slot ?? $0 == $0 }.map {
            CCIDPlace(
                interface: interface, slot: $0, level: profile.level ?? interface.descriptor.level,
                maximumMessageLength: min(own, profile.maximumMessageLength ?? own))
        }
    }
}
