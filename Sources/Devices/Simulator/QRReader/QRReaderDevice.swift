import USB

/// A virtual QR reader in HID POS mode: report number 2, 64 bytes on an interrupt endpoint.
///
/// A text that does not fit in one report goes out in several, cut wherever the bytes end, also inside a letter.
public actor QRReaderDevice: VirtualUSBDevice {
    /// Where a make puts the AIM identifier.
    public enum Layout: Sendable, CaseIterable {
        /// Bytes 1 to 3 (Honeywell and most).
        case common
        /// Bytes 2 to 4 (Zebra, Datalogic).
        case late
        /// The reader sends no identifier.
        case noIdentifier
    }

    /// What the report descriptor says of the layout.
    public enum Description: Sendable, CaseIterable {
        /// The truth.
        case told
        /// Always the common layout.
        case common
        /// Nothing: the bytes are of the maker's own usage page.
        case opaque
    }

    public nonisolated let descriptors: USBDescriptorSet
    private let layout: Layout
    /// Data bytes in one report.
    private let dataSize: Int
    private var reports: [[UInt8]] = []
    private let news = WakeUp()
    /// Honeywell's readers say nothing before feature report 254 is 1.
    private var isEnabled: Bool
    private let needsEnabling: Bool
    private var isSilent = false
    private var stallsLeft = 0

    /// What a reader can hold back for a host that does not ask.
    private static let longestQueue = 256

    /// - Parameters:
    ///   - vendor: Honeywell's by itself; 0x05E0 is Zebra's (Symbol), 0x05F9 Datalogic's.
    ///   - dataSize: 1 to 56; smaller ones cut texts at more places.
    ///   - needsEnabling: silent until feature report 254 is 1.
    public init(
        vendor: UInt16 = 0x0C2E, layout: Layout = .common, description: Description = .told, dataSize: Int = 56,
        needsEnabling: Bool = false
    ) {
        self.layout = layout
        self.dataSize = min(max(dataSize, 1), 56)
        self.needsEnabling = needsEnabling
        self.isEnabled = !needsEnabling
        self.descriptors = Self.descriptors(
            vendor: vendor, product: 0xFFF1, layout: layout, description: description, needsEnabling: needsEnabling)
    }

    /// Somebody holds a QR code with this text under the reader.
    public func show(_ text: String) { show(bytes: [UInt8](text.utf8)) }

    /// The same for any bytes.
    public func show(bytes: [UInt8]) {
        guard isEnabled, !isSilent else { return }
        var rest = bytes[...]
        repeat {
            let data = rest.prefix(dataSize)
            rest = rest.dropFirst(data.count)
            reports.append(Self.report(data, layout: layout, isContinued: !rest.isEmpty))
        } while !rest.isEmpty
        reports = reports.suffix(Self.longestQueue)
        news.raise()
    }

    private static func report(_ data: ArraySlice<UInt8>, layout: Layout, isContinued: Bool) -> [UInt8] {
        var body = [UInt8](repeating: 0, count: 63)
        body[0] = UInt8(data.count)
        let identifier = [UInt8]("]Q1".utf8)
        let start: Int
        switch layout {
        case .common: (body[1], body[2], body[3], start) = (identifier[0], identifier[1], identifier[2], 4)
        case .late: (body[2], body[3], body[4], start) = (identifier[0], identifier[1], identifier[2], 5)
        case .noIdentifier: start = 4
        }
        for (index, byte) in data.enumerated() { body[start + index] = byte }
        body[62] = isContinued ? 1 : 0
        return [2] + body
    }

    // MARK: VirtualUSBDevice

    public func control(_ setup: USBSetup, data: [UInt8]) throws -> [UInt8] {
        switch (setup.requestType, setup.request) {
        case (0x21, 0x0A), (0x21, 0x0B): return []  // SET_IDLE, SET_PROTOCOL (HID 1.11, 7.2)
        case (0x21, 0x09) where setup.value == 0x03FE && needsEnabling:
            isEnabled = data.last == 1
            return []
        case (0xA1, 0x01) where setup.value == 0x03FE && needsEnabling: return [254, isEnabled ? 1 : 0]
        default: throw USBStall()
        }
    }

    public func receive(endpoint: UInt8, _ bytes: [UInt8]) throws { throw USBStall() }

    public func send(endpoint: UInt8, maximum: Int) async throws -> [UInt8] {
        guard endpoint == Self.inEndpoint else { throw USBStall() }
        if stallsLeft > 0 {
            stallsLeft -= 1
            throw USBStall()
        }
        while reports.isEmpty { try await news.wait(after: news.count) }
        return [UInt8](reports.removeFirst().prefix(maximum))
    }

    public func reset() {
        reports = []
        isEnabled = !needsEnabling
        stallsLeft = 0
    }

    func stallNextTransfer() { stallsLeft = 1 }
    func setSilent(_ silent: Bool) { isSilent = silent }
}
