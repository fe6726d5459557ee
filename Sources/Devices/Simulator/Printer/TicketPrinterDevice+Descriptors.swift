import USB

extension TicketPrinterDevice {
    static let outEndpoint: UInt8 = 0x01
    static let inEndpoint: UInt8 = 0x82

    /// One interface of base class 7, subclass 1, protocol 2 (bidirectional), at high speed: USB 2.0, 9.6, and the
    /// printer class 1.1, 5.
    static func descriptors(of model: PrinterModel) -> USBDescriptorSet {
        func word(_ value: UInt16) -> [UInt8] { [UInt8(value & 0xFF), UInt8(value >> 8)] }
        let device: [UInt8] =
            [18, 1, 0x00, 0x02, 0, 0, 0, 64] + word(model.vendor) + word(model.product) + [0x00, 0x01, 1, 2, 3, 1]
        let interface: [UInt8] = [9, 4, 0, 0, 2, 7, 1, 2, 0]
        let output: [UInt8] = [7, 5, outEndpoint, 2] + word(512) + [0]
        let input: [UInt8] = [7, 5, inEndpoint, 2] + word(512) + [0]
        let body = interface + output + input
        let configuration: [UInt8] = [9, 2] + word(UInt16(9 + body.count)) + [1, 1, 0, 0xC0, 1] + body
        return USBDescriptorSet(
            device: device, configuration: configuration,
            strings: [1: model.manufacturer, 2: model.name, 3: model.serial])
    }
}
