/// A device imported from a USB/IP server, driven in user space.
actor USBIPDevice: USBDevice {
    /// A long write goes out in pieces of this size, so that a time-out can say how much went out.
    static let writePiece = 16 << 10

    nonisolated let info: USBDeviceInfo
    private let connection: USBIPConnection
    private let deviceID: UInt32
    private let configurationValue: UInt8
    private var claimed: Set<UInt8> = []

    init(info: USBDeviceInfo, connection: USBIPConnection, deviceID: UInt32, configurationValue: UInt8) {
        self.info = info
        self.connection = connection
        self.deviceID = deviceID
        self.configurationValue = configurationValue
    }

    func claim(interface: UInt8) async throws(USBError) {
        guard info.interfaces.contains(where: { $0.number == interface }) else {
            throw .failed("the device has no interface \(interface)")
        }
        guard claimed.insert(interface).inserted else { throw .busy(nil) }
    }

    func release(interface: UInt8) async {
        claimed.remove(interface)
    }

    nonisolated func control(
        _ setup: USBSetup, data: [UInt8], deadline: Duration
    ) async throws(USBError) -> [UInt8] {
        if setup.isDeviceToHost {
            return try await connection.transfer(
                deviceID, endpoint: 0x80, setup: setup, length: Int(setup.length), deadline: deadline
            ).bytes
        }
        guard data.count == Int(setup.length) else {
            throw .failed("a control request says \(setup.length) bytes and carries \(data.count)")
        }
        _ = try await connection.transfer(
            deviceID, endpoint: 0, setup: setup, length: data.count, data: data, deadline: deadline)
        return []
    }

    nonisolated func read(endpoint: UInt8, maximum: Int, deadline: Duration) async throws(USBError) -> [UInt8] {
        guard endpoint & 0x80 != 0 else { throw .failed("endpoint \(endpoint) does not send") }
        return try await connection.transfer(deviceID, endpoint: endpoint, length: maximum, deadline: deadline).bytes
    }

    nonisolated func write(endpoint: UInt8, _ bytes: [UInt8], deadline: Duration) async throws(USBError) {
        guard endpoint & 0x80 == 0 else { throw .failed("endpoint \(endpoint) does not receive") }
        let end = ContinuousClock.now + deadline
        var at = 0
        repeat {
            let piece = Array(bytes[at..<min(at + Self.writePiece, bytes.count)])
            do throws(USBError) {
                let moved = try await connection.transfer(
                    deviceID, endpoint: endpoint, length: piece.count, data: piece,
                    deadline: end - ContinuousClock.now
                ).moved
                guard moved == piece.count else { throw USBError.failed("\(moved) of \(piece.count) bytes went out") }
            } catch .timedOut(let transferred) {
                throw .timedOut(transferred: at + transferred)
            }
            at += piece.count
        } while at < bytes.count
    }

    nonisolated func clearHalt(endpoint: UInt8) async throws(USBError) {
        // CLEAR_FEATURE(ENDPOINT_HALT), USB 2.0, 9.4.1.
        try await standard(USBSetup(requestType: 0x02, request: 1, value: 0, index: UInt16(endpoint), length: 0))
    }

    nonisolated func reset() async throws(USBError) {
        // SET_FEATURE(PORT_RESET) of the hub class, which USB/IP servers take as "reset this device".
        try await standard(USBSetup(requestType: 0x23, request: 3, value: 4, index: 0, length: 0))
        try await configure()
    }

    /// SET_CONFIGURATION: nobody else does it for a device that no kernel enumerates.
    nonisolated func configure() async throws(USBError) {
        try await standard(
            USBSetup(requestType: 0, request: 9, value: UInt16(configurationValue), index: 0, length: 0))
    }

    func close() async {
        claimed = []
        await connection.close()
    }

    nonisolated private func standard(_ setup: USBSetup) async throws(USBError) {
        _ = try await control(setup, data: [], deadline: USBIPConnection.patience)
    }
}
