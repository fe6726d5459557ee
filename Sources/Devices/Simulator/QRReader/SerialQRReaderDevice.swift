import USB

/// A virtual QR reader that shows itself as a serial line (CDC 1.2, PSTN 1.2: abstract control model). It sends only
/// while the host holds DTR, in packets of 64 bytes, cut anywhere.
public actor SerialQRReaderDevice: VirtualUSBDevice {
    /// What the reader puts after a scan.
    public enum Ending: String, Sendable, CaseIterable {
        case cr = "\r"
        case lf = "\n"
        case crlf = "\r\n"
        case none = ""
    }

    public nonisolated let descriptors = SerialQRReaderDevice.descriptorSet
    private let ending: Ending
    private let packetSize: Int
    private var queue: [UInt8] = []
    private let news = WakeUp()
    private var lineCoding: [UInt8] = [0x80, 0x25, 0, 0, 0, 0, 8]
    /// DTR (bit 0) and RTS (bit 1).
    private var controlLines: UInt16 = 0
    private var isSilent = false
    private var stallsLeft = 0

    private static let longestQueue = 16_384

    /// - Parameter packetSize: 1 to 64.
    public init(ending: Ending = .cr, packetSize: Int = 64) {
        self.ending = ending
        self.packetSize = min(max(packetSize, 1), 64)
    }

    /// Somebody holds a QR code with this text under the reader.
    public func show(_ text: String) { show(bytes: [UInt8](text.utf8)) }

    /// The same for any bytes.
    public func show(bytes: [UInt8]) {
        guard controlLines & 1 == 1, !isSilent else { return }
        queue = (queue + bytes + [UInt8](ending.rawValue.utf8)).suffix(Self.longestQueue)
        news.raise()
    }

    /// What the host set: rate (LE32), stop bits, parity, data bits.
    public var coding: [UInt8] { lineCoding }
    public var isListenedTo: Bool { controlLines & 1 == 1 }

    func stallNextTransfer() { stallsLeft = 1 }
    func setSilent(_ silent: Bool) { isSilent = silent }

    // MARK: VirtualUSBDevice

    public func control(_ setup: USBSetup, data: [UInt8]) throws -> [UInt8] {
        guard setup.index == 0 else { throw USBStall() }
        switch (setup.requestType, setup.request) {
        case (0x21, 0x20) where data.count == 7: lineCoding = data
        case (0xA1, 0x21): return lineCoding
        case (0x21, 0x22): controlLines = setup.value
        default: throw USBStall()
        }
        return []
    }

    public func receive(endpoint: UInt8, _ bytes: [UInt8]) throws {
        // A reader listens to its maker's commands only.
        guard endpoint == 0x01 else { throw USBStall() }
    }

    public func send(endpoint: UInt8, maximum: Int) async throws -> [UInt8] {
        switch endpoint {
        case 0x81:
            if stallsLeft > 0 {
                stallsLeft -= 1
                throw USBStall()
            }
            while queue.isEmpty { try await news.wait(after: news.count) }
            let packet = [UInt8](queue.prefix(min(packetSize, maximum)))
            queue.removeFirst(packet.count)
            return packet
        case 0x82:
            // The line's state never changes.
            while true { try await news.wait(after: news.count) }
        default: throw USBStall()
        }
    }

    public func reset() {
        queue = []
        controlLines = 0
        stallsLeft = 0
    }

    private static let descriptorSet: USBDescriptorSet = {
        // Datalogic's vendor id with a product id of no real reader; class 2 for the whole device.
        let device: [UInt8] = [18, 1, 0x00, 0x02, 2, 0, 0, 64, 0xF9, 0x05, 0xF2, 0xFF, 0x00, 0x01, 1, 2, 3, 1]
        let control: [UInt8] = [9, 4, 0, 0, 1, 2, 2, 1, 0]
        // Header, call management, abstract control management, union (CDC 1.2, 5.2.3; PSTN 1.2, 5.3).
        let functional: [UInt8] = [
            5, 0x24, 0x00, 0x10, 0x01, 5, 0x24, 0x01, 0, 1, 4, 0x24, 0x02, 0x02, 5, 0x24, 0x06, 0, 1,
        ]
        let notification: [UInt8] = [7, 5, 0x82, 3, 8, 0, 16]
        let data: [UInt8] = [9, 4, 1, 0, 2, 0x0A, 0, 0, 0, 7, 5, 0x81, 2, 64, 0, 0, 7, 5, 0x01, 2, 64, 0, 0]
        let body = control + functional + notification + data
        return USBDescriptorSet(
            device: device, configuration: [9, 2, UInt8(9 + body.count), 0, 2, 1, 0, 0x80, 50] + body,
            strings: [1: "Simulated", 2: "QR reader (serial)", 3: "SIMQR00002"])
    }()
}

extension SerialQRReaderDevice: SimulatedQRReader {}
