import CLibUSB
import Foundation
import Logging

/// The machine's own USB, by libusb 1.0. Hubs are left out.
///
/// On Linux, hotplug events need a running systemd-udevd; without it the devices present at the start are seen, later
/// ones are not.
public actor LibUSBBus: USBBus {
    /// Between two attempts to start libusb on a machine where it cannot start.
    private static let retryInterval = Duration.seconds(5)

    /// The kernel announces a device before it has configured it, and says nothing when it has: a device without
    /// interfaces is looked at again so often, at this interval.
    private static let settleLooks = 8
    private static let settleInterval = Duration.milliseconds(250)

    private var started: LibUSBContext?
    private let thread = DeviceThread(name: "usb bus")
    private let logger: Logger
    /// The device last seen at each port. Holding it keeps its pointer from being given to another device.
    private var ports: [String: (device: LibUSBDeviceReference, generation: UInt64)] = [:]

    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// Nothing is started yet: libusb looks at every device when it starts, which may block, so that happens on the bus's
    /// own thread at the first use.
    public init(logger: Logger) {
        self.logger = logger
    }

    public func devices() async throws(USBError) -> Set<USBDeviceInfo> {
        let context = try context()
        var list: UnsafeMutablePointer<OpaquePointer?>?
        let count = libusb_get_device_list(context.pointer, &list)
        guard count >= 0, let list else {
            throw .busUnavailable("libusb cannot list devices: \(LibUSBContext.text(Int32(clamping: count)))")
        }
        defer { libusb_free_device_list(list, 1) }
        var devices: Set<USBDeviceInfo> = []
        for index in 0..<count {
            guard let device = list[index] else { continue }
            do throws(USBError) {
                guard let info = try info(device, context) else { continue }
                devices.insert(info)
            } catch {
                logger.debug("a USB device is passed over: \(error)")
            }
        }
        return devices
    }

    public nonisolated func deviceSets() -> AsyncStream<Set<USBDeviceInfo>> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let watching = Task {
                // Listening begins before the first look, so no change falls between the two.
                let changes = await self.changes { continuation.yield([]) }
                guard let changes else { return }
                var last: Set<USBDeviceInfo>?
                func look() async {
                    for _ in 0..<Self.settleLooks {
                        let now = await self.devicesOrNone()
                        if now != last, !Task.isCancelled { continuation.yield(now) }
                        last = now
                        guard now.contains(where: \.interfaces.isEmpty), !Task.isCancelled else { return }
                        // Ends early when the task is cancelled.
                        try? await Task.sleep(for: Self.settleInterval)
                    }
                }
                await look()
                for await _ in changes { await look() }
            }
            continuation.onTermination = { _ in watching.cancel() }
        }
    }

    public func open(_ device: USBDeviceInfo) async throws(USBError) -> any USBDevice {
        guard let (reference, generation) = ports[device.port], generation == device.generation else { throw .notFound }
        var handle: OpaquePointer?
        let code = libusb_open(reference.pointer, &handle)
        if let error = USBError.of(libusb: code, doing: "opening USB device \(device.address)") {
            throw error == .disconnected ? .notFound : error
        }
        guard let handle else { throw .notFound }
        return LibUSBDevice(info: device, handle: LibUSBHandle(handle, device: reference))
    }

    private func context() throws(USBError) -> LibUSBContext {
        if let started { return started }
        let context = try LibUSBContext(logger: logger)
        started = context
        return context
    }

    /// A tick for each change, once libusb runs; nil when the task was cancelled before it could start.
    private func changes(whileWaiting: @Sendable () -> Void) async -> AsyncStream<Void>? {
        while !Task.isCancelled {
            do throws(USBError) {
                return try context().changes()
            } catch {
                logger.error("USB: \(error)")
                whileWaiting()
            }
            // Ends early when the task is cancelled.
            try? await Task.sleep(for: Self.retryInterval)
        }
        return nil
    }

    private func devicesOrNone() async -> Set<USBDeviceInfo> {
        do throws(USBError) {
            return try await devices()
        } catch {
            logger.error("USB: \(error)")
            return []
        }
    }

    /// Nil for a hub.
    private func info(_ device: OpaquePointer, _ context: LibUSBContext) throws(USBError) -> USBDeviceInfo? {
        var descriptor = libusb_device_descriptor()
        let code = libusb_get_device_descriptor(device, &descriptor)
        if let error = USBError.of(libusb: code, doing: "reading a device descriptor") { throw error }
        guard descriptor.bDeviceClass != UInt8(LIBUSB_CLASS_HUB.rawValue) else { return nil }
        let port = Self.port(device)
        var generation: UInt64 = 1
        if let seen = ports[port] {
            generation = seen.device.pointer == device ? seen.generation : seen.generation + 1
        }
        if ports[port]?.generation != generation {
            ports[port] = (LibUSBDeviceReference(device, context: context), generation)
        }
        return USBDeviceInfo(
            address: Self.padded(libusb_get_bus_number(device)) + "/" + Self.padded(libusb_get_device_address(device)),
            port: port, generation: generation, vendor: descriptor.idVendor, product: descriptor.idProduct,
            deviceClass: descriptor.bDeviceClass, serial: Self.attribute("serial", port),
            manufacturerName: Self.attribute("manufacturer", port), productName: Self.attribute("product", port),
            interfaces: try Self.interfaces(device))
    }

    /// The interfaces of the active configuration; none while the device is not configured.
    private static func interfaces(_ device: OpaquePointer) throws(USBError) -> [USBInterface] {
        var pointer: UnsafeMutablePointer<libusb_config_descriptor>?
        let code = libusb_get_active_config_descriptor(device, &pointer)
        if let error = USBError.of(libusb: code, doing: "reading a configuration") {
            if error == .notFound { return [] }
            throw error
        }
        guard let pointer else { return [] }
        defer { libusb_free_config_descriptor(pointer) }
        var interfaces: [USBInterface] = []
        for index in 0..<Int(pointer.pointee.bNumInterfaces) {
            let settings = pointer.pointee.interface[index]
            guard settings.num_altsetting > 0 else { continue }
            let first = settings.altsetting[0]
            var extra = bytes(first.extra, first.extra_length)
            var endpoints: [USBEndpoint] = []
            for number in 0..<Int(first.bNumEndpoints) {
                let endpoint = first.endpoint[number]
                extra += bytes(endpoint.extra, endpoint.extra_length)
                guard let kind = USBEndpoint.Kind(rawValue: endpoint.bmAttributes & 3) else { continue }
                endpoints.append(
                    USBEndpoint(
                        address: endpoint.bEndpointAddress, kind: kind,
                        maximumPacketSize: endpoint.wMaxPacketSize & 0x7FF, interval: endpoint.bInterval))
            }
            interfaces.append(
                USBInterface(
                    number: first.bInterfaceNumber, interfaceClass: first.bInterfaceClass,
                    interfaceSubclass: first.bInterfaceSubClass, interfaceProtocol: first.bInterfaceProtocol,
                    endpoints: endpoints, classDescriptors: try DescriptorParser.split(extra)))
        }
        return interfaces
    }

    private static func bytes(_ pointer: UnsafePointer<UInt8>?, _ count: Int32) -> [UInt8] {
        pointer.map { Array(UnsafeBufferPointer(start: $0, count: Int(count))) } ?? []
    }

    /// Bus and the ports on the way, as Linux names the device in sysfs: `1-2.3`.
    private static func port(_ device: OpaquePointer) -> String {
        // USB 3.0 allows seven tiers.
        var numbers = [UInt8](repeating: 0, count: 7)
        let count = max(0, libusb_get_port_numbers(device, &numbers, Int32(numbers.count)))
        return "\(libusb_get_bus_number(device))-" + numbers[..<Int(count)].map { String($0) }.joined(separator: ".")
    }

    /// A string that the kernel read when it enumerated the device: no opening, no permission needed.
    private static func attribute(_ name: String, _ port: String) -> String? {
        guard let text = try? String(contentsOfFile: "/sys/bus/usb/devices/\(port)/\(name)", encoding: .utf8) else {
            return nil
        }
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines).prefix(126)
        return trimmed.isEmpty ? nil : String(trimmed)
    }

    private static func padded(_ number: UInt8) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 3 - digits.count)) + digits
    }
}
