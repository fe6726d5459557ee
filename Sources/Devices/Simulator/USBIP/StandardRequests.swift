import USB

/// The control requests that every device answers alike (USB 2.0, 9.4), from its descriptors. Pure: it says what to do
/// next, and keeps what the host has set.
public struct StandardRequests: Sendable {
    public enum Answer: Sendable, Equatable {
        /// Data for a device-to-host request, an empty array for a request that is accepted.
        case done([UInt8])
        case stall
        /// A new configuration or a port reset: the device forgets what is half done.
        case reset
        /// A class or vendor request: the device's own matter.
        case device
    }

    private enum Request {
        static let getStatus: UInt8 = 0
        static let clearFeature: UInt8 = 1
        static let setFeature: UInt8 = 3
        static let setAddress: UInt8 = 5
        static let getDescriptor: UInt8 = 6
        static let getConfiguration: UInt8 = 8
        static let setConfiguration: UInt8 = 9
        static let getInterface: UInt8 = 10
        static let setInterface: UInt8 = 11
    }

    private let descriptors: USBDescriptorSet
    private let configuration: ConfigurationDescriptor
    private var configurationValue: UInt8 = 0
    private var halted: Set<UInt8> = []

    public init(_ descriptors: USBDescriptorSet) throws(USBError) {
        self.descriptors = descriptors
        configuration = try DescriptorParser.configuration(descriptors.configuration)
    }

    /// Whether the configuration has this endpoint, with bit 7 for device to host.
    public func has(endpoint: UInt8) -> Bool {
        configuration.interfaces.contains { $0.endpoints.contains { $0.address == endpoint } }
    }

    public func isHalted(_ endpoint: UInt8) -> Bool { halted.contains(endpoint) }

    /// A bulk or interrupt endpoint that stalled stays halted until the host clears it (USB 2.0, 9.4.5).
    public mutating func halt(_ endpoint: UInt8) { halted.insert(endpoint) }

    public mutating func answer(_ setup: USBSetup) -> Answer {
        // SET_FEATURE(PORT_RESET) to the "hub" is how a USB/IP client asks for a reset.
        if setup.requestType == 0x23, setup.request == Request.setFeature, setup.value == 4 {
            halted = []
            configurationValue = 0
            return .reset
        }
        // Bits 5 and 6: standard, class or vendor.
        guard setup.requestType & 0x60 == 0 else { return .device }
        switch (setup.requestType & 0x1F, setup.request) {
        case (_, Request.getDescriptor): return descriptor(setup)
        case (0, Request.setAddress): return .done([])
        case (0, Request.getConfiguration): return .done([configurationValue])
        case (0, Request.setConfiguration): return setConfiguration(setup.value)
        case (0, Request.getStatus): return .done([1, 0])
        case (1, Request.getStatus): return .done([0, 0])
        case (0, Request.setFeature), (0, Request.clearFeature): return setup.value == 1 ? .done([]) : .stall
        case (1, Request.getInterface): return hasInterface(setup) ? .done([0]) : .stall
        case (1, Request.setInterface): return hasInterface(setup) && setup.value == 0 ? .done([]) : .stall
        case (2, _): return endpointRequest(setup)
        default: return .stall
        }
    }

    private mutating func setConfiguration(_ value: UInt16) -> Answer {
        guard value == 0 || value == UInt16(configuration.value) else { return .stall }
        configurationValue = UInt8(value)
        halted = []
        return .reset
    }

    private mutating func endpointRequest(_ setup: USBSetup) -> Answer {
        let endpoint = UInt8(truncatingIfNeeded: setup.index)
        let isControl = endpoint & 0x7F == 0
        guard isControl || has(endpoint: endpoint) else { return .stall }
        switch (setup.request, setup.value) {
        case (Request.getStatus, _): return .done([halted.contains(endpoint) ? 1 : 0, 0])
        case (Request.clearFeature, 0): halted.remove(endpoint)
        case (Request.setFeature, 0): if !isControl { halted.insert(endpoint) }
        default: return .stall
        }
        return .done([])
    }

    private func hasInterface(_ setup: USBSetup) -> Bool {
        configuration.interfaces.contains { UInt16($0.number) == setup.index }
    }

    private func descriptor(_ setup: USBSetup) -> Answer {
        guard setup.isDeviceToHost else { return .stall }
        let index = UInt8(setup.value & 0xFF)
        let interface = UInt8(truncatingIfNeeded: setup.index)
        let bytes: [UInt8]? =
            switch UInt8(setup.value >> 8) {
            case DescriptorType.device: descriptors.device
            case DescriptorType.configuration: index == 0 ? descriptors.configuration : nil
            case DescriptorType.string: string(index)
            case DescriptorType.hidReport: descriptors.hidReports[interface]
            case DescriptorType.hid: hidDescriptor(interface)
            // A device qualifier or a BOS: not for a device of one speed and USB 2.0.
            default: nil
            }
        guard let bytes else { return .stall }
        return .done(Array(bytes.prefix(Int(setup.length))))
    }

    private func string(_ index: UInt8) -> [UInt8]? {
        // Index 0 lists the languages: English (United States).
        guard index != 0 else { return [4, DescriptorType.string, 0x09, 0x04] }
        guard let text = descriptors.strings[index] else { return nil }
        // The length byte counts itself and the type: at most 126 units.
        let units = text.utf16.prefix(126).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        return [UInt8(units.count + 2), DescriptorType.string] + units
    }

    private func hidDescriptor(_ number: UInt8) -> [UInt8]? {
        configuration.interfaces.first { $0.number == number }?.classDescriptors
            .first { $0[1] == DescriptorType.hid }
    }
}
