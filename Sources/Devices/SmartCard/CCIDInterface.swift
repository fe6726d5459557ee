import USB

/// The interface of a USB device that speaks CCID, with its endpoints and its class descriptor.
struct CCIDInterface: Sendable, Hashable {
    var number: UInt8
    var descriptor: CCIDDescriptor
    var bulkIn: USBEndpoint
    var bulkOut: USBEndpoint
    var interruptIn: USBEndpoint?

    /// All of a device, in its own order. Readers from before the class was assigned (0Bh) use the vendor class, and are
    /// known by their class descriptor.
    static func all(in device: USBDeviceInfo) -> [CCIDInterface] {
        device.interfaces.compactMap { interface in
            guard interface.interfaceClass == 0x0B || interface.interfaceClass == 0xFF,
                let descriptor = interface.classDescriptors.lazy.compactMap({ CCIDDescriptor($0) }).first,
                let bulkIn = interface.endpoints.first(where: { $0.kind == .bulk && $0.isDeviceToHost }),
                let bulkOut = interface.endpoints.first(where: { $0.kind == .bulk && !$0.isDeviceToHost })
            else { return nil }
            return CCIDInterface(
                number: interface.number, descriptor: descriptor, bulkIn: bulkIn, bulkOut: bulkOut,
                interruptIn: interface.endpoints.first { $0.kind == .interrupt && $0.isDeviceToHost })
        }
    }
}
