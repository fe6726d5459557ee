import CLibUSB

/// A device opened by libusb. Transfers are asynchronous; the calls that block (claim, reset, clear halt) run on the
/// device's own thread.
actor LibUSBDevice: USBDevice {
    nonisolated let info: USBDeviceInfo
    private let thread: DeviceThread
    private var handle: LibUSBHandle?
    private var claimed: Set<UInt8> = []
    private var running: [ObjectIdentifier: LibUSBTransfer] = [:]
    private var emptied: [CheckedContinuation<Void, Never>] = []
    private let kinds: [UInt8: USBEndpoint.Kind]

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    init(info: USBDeviceInfo, handle: LibUSBHandle) {
        self.info = info
        self.handle = handle
        thread = DeviceThread(name: "usb \(info.port)")
        kinds = Dictionary(
            info.interfaces.flatMap(\.endpoints).map { ($0.address, $0.kind) }, uniquingKeysWith: { first, _ in first })
        // Missing on systems whose kernel drivers never hold a device; claiming says so if it matters.
        _ = libusb_set_auto_detach_kernel_driver(handle.pointer, 1)
    }

    func claim(interface: UInt8) async throws(USBError) {
        guard let handle else { throw .disconnected }
        guard claimed.insert(interface).inserted else { throw .busy("this program") }
        let code = libusb_claim_interface(handle.pointer, Int32(interface))
        guard let error = USBError.of(libusb: code, doing: "claiming interface \(interface)") else { return }
        claimed.remove(interface)
        switch error {
        case .busy: throw .busy(USBHolder.find(info, interface: interface))
        case .notFound: throw .failed("the device has no interface \(interface)")
        default: throw error
        }
    }

    func release(interface: UInt8) async {
        guard let handle, claimed.remove(interface) != nil else { return }
        // Fails only when the device has gone.
        _ = libusb_release_interface(handle.pointer, Int32(interface))
    }

    func control(_ setup: USBSetup, data: [UInt8], deadline: Duration) async throws(USBError) -> [UInt8] {
        guard setup.isDeviceToHost || data.count == Int(setup.length) else {
            throw .failed("a control request says \(setup.length) bytes and carries \(data.count)")
        }
        return try await run(.control(setup), out: data, maximum: Int(setup.length), deadline: deadline).bytes
    }

    func read(endpoint: UInt8, maximum: Int, deadline: Duration) async throws(USBError) -> [UInt8] {
        guard endpoint & 0x80 != 0 else { throw .failed("endpoint \(endpoint) does not send") }
        return try await run(.data(endpoint, kinds[endpoint] ?? .bulk), maximum: maximum, deadline: deadline).bytes
    }

    func write(endpoint: UInt8, _ bytes: [UInt8], deadline: Duration) async throws(USBError) {
        guard endpoint & 0x80 == 0 else { throw .failed("endpoint \(endpoint) does not receive") }
        let moved = try await run(.data(endpoint, kinds[endpoint] ?? .bulk), out: bytes, deadline: deadline).moved
        guard moved == bytes.count else { throw .failed("\(moved) of \(bytes.count) bytes went out") }
    }

    func clearHalt(endpoint: UInt8) async throws(USBError) {
        guard let handle else { throw .disconnected }
        if let error = USBError.of(libusb: libusb_clear_halt(handle.pointer, endpoint), doing: "clearing a halt") {
            throw error
        }
    }

    func reset() async throws(USBError) {
        guard let handle else { throw .disconnected }
        switch USBError.of(libusb: libusb_reset_device(handle.pointer), doing: "resetting the device") {
        case nil: return
        // The device came back as another one.
        case .notFound?: throw .disconnected
        case let error?: throw error
        }
    }

    func close() async {
        for transfer in running.values { transfer.cancel() }
        while !running.isEmpty {
            await withCheckedContinuation { emptied.append($0) }
        }
        guard let handle else { return }
        for interface in claimed { _ = libusb_release_interface(handle.pointer, Int32(interface)) }
        claimed = []
        self.handle = nil
        handle.close()
    }

    func cancel(_ transfer: LibUSBTransfer) { transfer.cancel() }

    private func run(
        _ kind: LibUSBTransfer.Kind, out: [UInt8] = [], maximum: Int = 0, deadline: Duration
    ) async throws(USBError) -> (bytes: [UInt8], moved: Int) {
        guard let handle else { throw .disconnected }
        guard maximum <= USBIP.transferLimit, out.count <= USBIP.transferLimit else {
            throw .failed("a transfer of more than \(USBIP.transferLimit) bytes")
        }
        let transfer = LibUSBTransfer(kind)
        running[ObjectIdentifier(transfer)] = transfer
        let outcome = await transfer.run(on: handle, of: self, out: out, maximum: maximum, deadline: deadline)
        running[ObjectIdentifier(transfer)] = nil
        if running.isEmpty {
            for waiting in emptied { waiting.resume() }
            emptied = []
        }
        return try outcome.get()
    }
}
