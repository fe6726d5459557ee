import USB

/// A virtual QR reader that plays a keyboard (a "keyboard wedge"): a boot keyboard (HID 1.11, appendix B.1) that types
/// the QR code by the US layout and ends with Enter. What the layout lacks is not typed.
public actor KeyboardWedgeDevice: VirtualUSBDevice {
    public nonisolated let descriptors = KeyboardWedgeDevice.descriptorSet
    private var reports: [[UInt8]] = []
    private let news = WakeUp()
    private var isSilent = false
    private var stallsLeft = 0

    /// Two reports a letter, for the longest QR code.
    private static let longestQueue = 8192
    private static let released = [UInt8](repeating: 0, count: 8)

    public init() {}

    /// Somebody holds a QR code with this text under the reader.
    public func show(_ text: String) {
        guard !isSilent else { return }
        for byte in Array(text.utf8) + [0x0D] {
            guard let key = Self.key(byte) else { continue }
            // Byte 0 the modifiers (bit 1 the left Shift), 2 to 7 the keys that are held.
            reports += [[key.isShifted ? 2 : 0, 0, key.usage, 0, 0, 0, 0, 0], Self.released]
        }
        reports = reports.suffix(Self.longestQueue)
        news.raise()
    }

    /// The key for a letter, by HID Usage Tables 1.12, chapter 10.
    static func key(_ byte: UInt8) -> (usage: UInt8, isShifted: Bool)? {
        switch byte {
        case 0x61...0x7A: return (byte - 0x61 + 0x04, false)
        case 0x41...0x5A: return (byte - 0x41 + 0x04, true)
        case 0x31...0x39: return (byte - 0x31 + 0x1E, false)
        case 0x30: return (0x27, false)
        case 0x0D: return (0x28, false)
        case 0x09: return (0x2B, false)
        case 0x20: return (0x2C, false)
        default:
            if let index = [UInt8]("-=[]\\".utf8).firstIndex(of: byte) { return (0x2D + UInt8(index), false) }
            if let index = [UInt8]("_+{}|".utf8).firstIndex(of: byte) { return (0x2D + UInt8(index), true) }
            if let index = [UInt8](";'`,./".utf8).firstIndex(of: byte) { return (0x33 + UInt8(index), false) }
            if let index = [UInt8](":\"~<>?".utf8).firstIndex(of: byte) { return (0x33 + UInt8(index), true) }
            if let index = [UInt8]("!@#$%^&*()".utf8).firstIndex(of: byte) { return (0x1E + UInt8(index), true) }
            return nil
        }
    }

    func stallNextTransfer() { stallsLeft = 1 }
    func setSilent(_ silent: Bool) { isSilent = silent }

    // MARK: VirtualUSBDevice

    public func control(_ setup: USBSetup, data: [UInt8]) throws -> [UInt8] {
        switch (setup.requestType, setup.request) {
        // SET_IDLE, SET_PROTOCOL, SET_REPORT for the lamps (HID 1.11, 7.2)
        case (0x21, 0x0A), (0x21, 0x0B), (0x21, 0x09): return []
        case (0xA1, 0x01): return [UInt8](Self.released.prefix(Int(setup.length)))
        case (0xA1, 0x03): return [1]
        default: throw USBStall()
        }
    }

    public func receive(endpoint: UInt8, _ bytes: [UInt8]) throws { throw USBStall() }

    public func send(endpoint: UInt8, maximum: Int) async throws -> [UInt8] {
        guard endpoint == 0x81 else { throw USBStall() }
        if stallsLeft > 0 {
            stallsLeft -= 1
            throw USBStall()
        }
        while reports.isEmpty { try await news.wait(after: news.count) }
        return [UInt8](reports.removeFirst().prefix(maximum))
    }

    public func reset() {
        reports = []
        stallsLeft = 0
    }

    private static let descriptorSet: USBDescriptorSet = {
        // The boot keyboard's own example (HID 1.11, appendix B.1).
        let report: [UInt8] = [
            0x05, 0x01, 0x09, 0x06, 0xA1, 0x01, 0x05, 0x07, 0x19, 0xE0, 0x29, 0xE7, 0x15, 0x00, 0x25, 0x01, 0x75, 0x01,
            0x95, 0x08, 0x81, 0x02, 0x95, 0x01, 0x75, 0x08, 0x81, 0x01, 0x95, 0x05, 0x75, 0x01, 0x05, 0x08, 0x19, 0x01,
            0x29, 0x05, 0x91, 0x02, 0x95, 0x01, 0x75, 0x03, 0x91, 0x01, 0x95, 0x06, 0x75, 0x08, 0x15, 0x00, 0x25, 0x65,
            0x05, 0x07, 0x19, 0x00, 0x29, 0x65, 0x81, 0x00, 0xC0,
        ]
        // Newland's vendor id with a product id of no real reader.
        let device: [UInt8] = [18, 1, 0x00, 0x02, 0, 0, 0, 64, 0xAB, 0x1E, 0xF3, 0xFF, 0x00, 0x01, 1, 2, 3, 1]
        let body: [UInt8] =
            [9, 4, 0, 0, 1, 3, 1, 1, 0, 9, 0x21, 0x11, 0x01, 0, 1, 0x22, UInt8(report.count), 0]
            + [7, 5, 0x81, 3, 8, 0, 4]
        return USBDescriptorSet(
            device: device, configuration: [9, 2, UInt8(9 + body.count), 0, 1, 1, 0, 0x80, 50] + body,
            strings: [1: "Simulated", 2: "QR reader (keyboard)", 3: "SIMQR00003"], hidReports: [0: report])
    }()
}

extension KeyboardWedgeDevice: SimulatedQRReader {}
