/// The descriptors of a reader of some model (USB 2.0, 9.6; USB CCID 1.1, 5.1), and its endpoints.
enum CCIDReaderDescriptors {
    /// Three endpoints an interface: bulk out 2, 4, …, bulk in 82h, 84h, …, interrupt in 83h, 85h, ….
    static func bulkOut(_ interface: Int) -> UInt8 { UInt8(2 + 2 * interface) }
    static func bulkIn(_ interface: Int) -> UInt8 { UInt8(0x82 + 2 * interface) }
    static func interruptIn(_ interface: Int) -> UInt8 { UInt8(0x83 + 2 * interface) }

    static func set(_ model: CCIDReaderModel) -> USBDescriptorSet {
        USBDescriptorSet(
            device: [18, 1, 0x00, 0x02, 0, 0, 0, 64] + pair(model.vendor) + pair(model.product)
                + [0x00, 0x01, 1, 2, 3, 1],
            configuration: configuration(model),
            strings: [1: model.manufacturerName, 2: model.productName, 3: model.serial])
    }

    private static func configuration(_ model: CCIDReaderModel) -> [UInt8] {
        let body = model.interfaces.enumerated().flatMap { interface($0.element, number: $0.offset) }
        return [9, 2] + pair(UInt16(9 + body.count)) + [UInt8(model.interfaces.count), 1, 0, 0x80, 100] + body
    }

    private static func interface(_ interface: CCIDReaderModel.Interface, number: Int) -> [UInt8] {
        let head: [UInt8] = [9, 4, UInt8(number), 0, interface.hasInterrupt ? 3 : 2, 0x0B, 0, 0, 0]
        var endpoints: [UInt8] = [7, 5, bulkOut(number), 2, 64, 0, 0] + [7, 5, bulkIn(number), 2, 64, 0, 0]
        if interface.hasInterrupt { endpoints += [7, 5, interruptIn(number), 3, 8, 0, 16] }
        let own = classDescriptor(interface)
        return head + (interface.hasDescriptorLast ? endpoints + own : own + endpoints)
    }

    private static func classDescriptor(_ interface: CCIDReaderModel.Interface) -> [UInt8] {
        var bytes: [UInt8] = [54, 0x21, 0x10, 0x01, UInt8(interface.slots.count - 1), 0x07]
        // Protocols T=0 and T=1, clock 4 MHz, rates 10,753 to 848,000 bit/s, IFSD 254.
        bytes += word(3) + word(4000) + word(4000) + [0] + word(10_753) + word(848_000) + [0] + word(254)
        bytes += word(0) + word(0)
        bytes += word(interface.features | interface.level.rawValue) + word(UInt32(interface.maximumMessageLength))
        return bytes + [0xFF, 0xFF, 0, 0, 0, 1]
    }

    private static func pair(_ value: UInt16) -> [UInt8] { [UInt8(value & 0xFF), UInt8(value >> 8)] }

    private static func word(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
