import Simulator
import USB

/// Joins a driver to a virtual device without a bus in between: deadlines, halted endpoints and unplugging as the
/// contract of `USBDevice` says.
actor DirectUSBDevice: USBDevice {
    nonisolated let info: USBDeviceInfo
    private let device: any VirtualUSBDevice
    private var isUnplugged = false
    private var halted: Set<UInt8> = []
    private var transfers: [Int: Task<[UInt8], any Error>] = [:]
    private var next = 0
    private(set) var claimed: Set<UInt8> = []
    /// Everything that went out on bulk endpoints.
    private(set) var written: [UInt8] = []
    /// What `claim` throws.
    var claimError: USBError?

    /// Bytes that go to the device in one piece.
    private static let packet = 512

    init(_ device: any VirtualUSBDevice, info: USBDeviceInfo) {
        self.device = device
        self.info = info
    }

    func refuseClaims(_ error: USBError?) { claimError = error }

    func unplug() {
        isUnplugged = true
        for transfer in transfers.values { transfer.cancel() }
    }

    func claim(interface: UInt8) async throws(USBError) {
        if let claimError { throw claimError }
        guard !isUnplugged else { throw .disconnected }
        claimed.insert(interface)
    }

    func release(interface: UInt8) async { claimed.remove(interface) }

    func control(_ setup: USBSetup, data: [UInt8], deadline: Duration) async throws(USBError) -> [UInt8] {
        if setup.requestType == 0x81, setup.request == 6, setup.value == 0x2200 {
            return device.descriptors.hidReports[UInt8(setup.index & 0xFF)] ?? []
        }
        return try await transfer(on: 0, deadline) { [device] in try await device.control(setup, data: data) }
    }

    func read(endpoint: UInt8, maximum: Int, deadline: Duration) async throws(USBError) -> [UInt8] {
        try await transfer(on: endpoint, deadline) { [device] in
            try await device.send(endpoint: endpoint, maximum: maximum)
        }
    }

    func write(endpoint: UInt8, _ bytes: [UInt8], deadline: Duration) async throws(USBError) {
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

    func clearHalt(endpoint: UInt8) async throws(USBError) { halted.remove(endpoint) }
    func reset() async throws(USBError) { await device.reset() }
    func close() async {}

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
