/// Descriptors of a contactless reader like the ACR1252U's first interface: extended APDUs, 522-byte messages.
enum CCIDReaderDescriptors {
    static let bulkOut: UInt8 = 0x02
    static let bulkIn: UInt8 = 0x82
    static let interruptIn: UInt8 = 0x83
    static let maximumMessageLength = 522

    static let set = USBDescriptorSet(
        device: [
            18, 1, 0x00, 0x02, 0, 0, 0, 64, 0x2F, 0x07, 0x3B, 0x22, 0x00, 0x01, 1, 2, 3, 1,
        ],
        configuration: configuration,
        strings: [1: "kiosk-sim", 2: "Simulated contactless reader", 3: "SIM-CCID-0001"])

    private static var configuration: [UInt8] {
        let interface: [UInt8] = [9, 4, 0, 0, 3, 0x0B, 0, 0, 0]
        let endpoints: [UInt8] =
            [7, 5, bulkOut, 2, 64, 0, 0] + [7, 5, bulkIn, 2, 64, 0, 0] + [7, 5, interruptIn, 3, 8, 0, 16]
        let body = interface + classDescriptor + endpoints
        let total = 9 + body.count
        return [9, 2, UInt8(total & 0xFF), UInt8(total >> 8), 1, 1, 0, 0x80, 100] + body
    }

    /// USB CCID 1.1, 5.1.
    private static var classDescriptor: [UInt8] {
        func word(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        var bytes: [UInt8] = [54, 0x21, 0x10, 0x01, 0, 0x07]
        // Protocols T=0 and T=1, clock 4 MHz, rates 10,753 to 848,000 bit/s, IFSD 254.
        bytes += word(3) + word(4000) + word(4000) + [0] + word(10_753) + word(848_000) + [0] + word(254)
        bytes += word(0) + word(0)
        // Automatic parameters by ATR, voltage, clock and rate, PPS, IFSD; extended APDU level.
        bytes += word(0x0004_04BA) + word(UInt32(maximumMessageLength))
        return bytes + [0xFF, 0xFF, 0, 0, 0, 1]
    }
}
