import Simulator
import Synchronization
import USB

/// A virtual device handed to a driver without any bus in between.
final class InMemoryUSBDevice: USBDevice {
    let info: USBDeviceInfo
    private let device: any VirtualUSBDevice
    private let isUnplugged = Mutex(false)
    private let closed = Mutex(false)

    /// - Parameter withoutInterrupt: leaves the interrupt endpoint out, as one reader in ten does.
    init(_ device: any VirtualUSBDevice, withoutInterrupt: Bool = false) {
        self.device = device
        info = Self.info(of: device.descriptors, withoutInterrupt: withoutInterrupt)
    }

    func unplug() { isUnplugged.withLock { $0 = true } }

    func claim(interface: UInt8) async throws(USBError) { try checkPlugged() }
    func release(interface: UInt8) async {}
    func clearHalt(endpoint: UInt8) async throws(USBError) { try checkPlugged() }
    var isClosed: Bool { closed.withLock(\.self) }

    func close() async {
        unplug()
        closed.withLock { $0 = true }
    }

    func reset() async throws(USBError) {
        try checkPlugged()
        await device.reset()
    }

    func control(_ setup: USBSetup, data: [UInt8], deadline: Duration) async throws(USBError) -> [UInt8] {
        try await race(deadline) { [device] in try await device.control(setup, data: data) }
    }

    func read(endpoint: UInt8, maximum: Int, deadline: Duration) async throws(USBError) -> [UInt8] {
        try await race(deadline) { [device] in try await device.send(endpoint: endpoint, maximum: maximum) }
    }

    func write(endpoint: UInt8, _ bytes: [UInt8], deadline: Duration) async throws(USBError) {
        _ = try await race(deadline) { [device] in
            try await device.receive(endpoint: endpoint, bytes)
            return []
        }
    }

    private func checkPlugged() throws(USBError) {
        if isUnplugged.withLock(\.self) { throw .disconnected }
    }

    private func race(
        _ deadline: Duration, _ transfer: @escaping @Sendable () async throws -> [UInt8]
    ) async throws(USBError) -> [UInt8] {
        try checkPlugged()
        let result = await withTaskGroup(of: Result<[UInt8], USBError>.self) { group in
            group.addTask {
                do {
                    return .success(try await transfer())
                } catch is USBStall {
                    return .failure(.stalled)
                } catch {
                    return .failure(.cancelled)
                }
            }
            group.addTask {
                do {
                    try await Task.sleep(for: deadline)
                    return .failure(.timedOut(transferred: 0))
                } catch {
                    return .failure(.cancelled)
                }
            }
            let first = await group.next() ?? .failure(.cancelled)
            group.cancelAll()
            return first
        }
        try checkPlugged()
        return try result.get()
    }

    private static func info(of set: USBDescriptorSet, withoutInterrupt: Bool) -> USBDeviceInfo {
        var interface = USBInterface(number: 0, interfaceClass: 0, endpoints: [])
        var rest = set.configuration[...]
        while let length = rest.first, length >= 2 {
            let descriptor = Array(rest.prefix(Int(length)))
            switch descriptor[1] {
            case 4:
                interface.number = descriptor[2]
                interface.interfaceClass = descriptor[5]
            case 5:
                let kind = USBEndpoint.Kind(rawValue: descriptor[3] & 3) ?? .control
                if kind != .interrupt || !withoutInterrupt {
                    interface.endpoints.append(
                        USBEndpoint(
                            address: descriptor[2], kind: kind,
                            maximumPacketSize: UInt16(descriptor[4]) | UInt16(descriptor[5]) << 8))
                }
            case 2: break
            default: interface.classDescriptors.append(descriptor)
            }
            rest = rest.dropFirst(Int(length))
        }
        let device = set.device
        return USBDeviceInfo(
            address: "memory", port: "1", vendor: UInt16(device[8]) | UInt16(device[9]) << 8,
            product: UInt16(device[10]) | UInt16(device[11]) << 8, deviceClass: device[4], interfaces: [interface])
    }
}
