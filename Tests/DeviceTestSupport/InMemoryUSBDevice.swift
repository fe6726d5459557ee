import Simulator
import USB

/// Joins a driver to a virtual device without a bus in between: deadlines, halted endpoints and unplugging as the
/// contract of `USBDevice` says.
public actor InMemoryUSBDevice: USBDevice {
    public nonisolated let info: USBDeviceInfo
    private let device: any VirtualUSBDevice
    private var isUnplugged = false
    private var halted: Set<UInt8> = []
    private var transfers: [Int: Task<[UInt8], any Error>] = [:]
    private var next = 0
    public private(set) var claimed: Set<UInt8> = []
    public private(set) var isClosed = false
    /// Everything that went out on bulk endpoints.
    public private(set) var written: [UInt8] = []
    private var claimError: USBError?
    private var ignoresResets = false

    /// Bytes that go to the device in one piece.
    private static let packet = 512

    /// - Parameter info: what the driver sees of the device; nil reads it from the device's descriptors.
    public init(_ device: any VirtualUSBDevice, info: USBDeviceInfo? = nil) {
        self.device = device
        self.info = info ?? USBDeviceInfo(device.descriptors)
    }

    /// - Parameter error: what `claim` throws from now on; nil lets it succeed again.
    public func refuseClaims(_ error: USBError?) { claimError = error }

    /// A bus reset does not help the device any more.
    public func ignoreResets() { ignoresResets = true }

    public func unplug() {
        isUnplugged = true
        for transfer in transfers.values { transfer.cancel() }
    }

    public func claim(interface: UInt8) async throws(USBError) {
        if let claimError { throw claimError }
        guard !isUnplugged else { throw .disconnected }
        claimed.insert(interface)
    }

    public func release(interface: UInt8) async { claimed.remove(interface) }

    public func control(_ setup: USBSetup, data: [UInt8], deadline: Duration) async throws(USBError) -> [UInt8] {
        if setup.requestType == 0x81, setup.request == 6, setup.value == 0x2200 {
            return device.descriptors.hidReports[UInt8(setup.index & 0xFF)] ?? []
        }
        return try await transfer(on: 0, deadline) { [device] in try await device.control(setup, data: data) }
    }

    public func read(endpoint: UInt8, maximum: Int, deadline: Duration) async throws(USBError) -> [UInt8] {
        try await transfer(on: endpoint, deadline) { [device] in
            try await device.send(endpoint: endpoint, maximum: maximum)
        }
    }

    public func write(endpoint: UInt8, _ bytes: [UInt8], deadline: Duration) async throws(USBError) {
        let end = ContinuousClock.now + deadline
        var sent = 0
        while sent < bytes.count {
            let piece = [UInt8](bytes[sent...].prefix(Self.packet))
            do {
                _ = try await transfer(on: endpoint, max(.zero, end - .now)) { [device] in
                    try await device.receive(endpoint: endpoint, piece)
                    return []
                }
            } catch .timedOut {
                throw .timedOut(transferred: sent)
            }
            sent += piece.count
            written += piece
        }
    }

    public func clearHalt(endpoint: UInt8) async throws(USBError) { halted.remove(endpoint) }
    public func reset() async throws(USBError) { if !ignoresResets { await device.reset() } }

    public func close() async {
        unplug()
        isClosed = true
    }

    private func transfer(
        on endpoint: UInt8, _ deadline: Duration, _ body: @escaping @Sendable () async throws -> [UInt8]
    ) async throws(USBError) -> [UInt8] {
        guard !isUnplugged else { throw .disconnected }
        guard !halted.contains(endpoint) else { throw .stalled }
        let task = Task { try await body() }
        next += 1
        let id = next
        transfers[id] = task
        let timer = Task {
            try await Task.sleep(for: deadline)
            task.cancel()
        }
        let result = await withTaskCancellationHandler {
            await task.result
        } onCancel: {
            task.cancel()
        }
        timer.cancel()
        transfers[id] = nil
        switch result {
        case .success(let bytes): return bytes
        case .failure(is USBStall):
            if endpoint != 0 { halted.insert(endpoint) }
            throw .stalled
        case .failure:
            if isUnplugged { throw .disconnected }
            throw Task.isCancelled ? .cancelled : .timedOut(transferred: 0)
        }
    }
}

extension USBDeviceInfo {
    /// What a bus would say of the device.
    /// - Parameter withoutInterrupt: leaves the interrupt endpoints out, as one card reader in ten does.
    public init(_ set: USBDescriptorSet, withoutInterrupt: Bool = false) {
        let device = set.device
        // The simulator's own descriptors are sound; one that is not shows a device without interfaces.
        var interfaces = (try? DescriptorParser.configuration(set.configuration))?.interfaces ?? []
        if withoutInterrupt {
            for number in interfaces.indices { interfaces[number].endpoints.removeAll { $0.kind == .interrupt } }
        }
        self.init(
            address: "memory", port: "1", vendor: UInt16(device[8]) | UInt16(device[9]) << 8,
            product: UInt16(device[10]) | UInt16(device[11]) << 8, deviceClass: device[4],
            serial: set.strings[device[16]], interfaces: interfaces)
    }
}
