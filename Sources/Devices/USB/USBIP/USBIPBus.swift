import Logging

/// The devices that a USB/IP server exports, driven in user space: no kernel module, no privileges.
///
/// The protocol has no events, so the list is fetched again at an interval; an imported device whose connection closes
/// is noticed at once. Descriptors are not in the list: each new device is imported once for a moment to read them.
public actor USBIPBus: USBBus {
    /// The port that IANA gave to USB/IP.
    public static let standardPort = 3240
    public static let defaultInterval = Duration.milliseconds(500)

    private let host: String
    private let port: Int
    private let interval: Duration
    private let logger: Logger
    /// What was learnt of each listed device. A device that is plugged in again has another number.
    private var known: [Identity: Known] = [:]
    private var opened: [Identity: USBDeviceInfo] = [:]
    private var look: Task<Result<Set<USBDeviceInfo>, USBError>, Never>?
    private var watchers: [Int: AsyncStream<Void>.Continuation] = [:]
    private var watcherCount = 0
    private var wasReachable = true

    private struct Identity: Hashable {
        var busID: String
        var deviceID: UInt32
    }

    private struct Known {
        var info: USBDeviceInfo
        var configurationValue: UInt8
    }

    /// - Parameter interval: how often the server is asked for its list while somebody watches.
    public init(host: String, port: Int, interval: Duration = USBIPBus.defaultInterval, logger: Logger) {
        self.host = host
        self.port = port
        self.interval = interval
        self.logger = logger
    }

    public func devices() async throws(USBError) -> Set<USBDeviceInfo> {
        let running = look ?? Task { await lookOnce() }
        look = running
        let result = await running.value
        if look == running { look = nil }
        return try result.get()
    }

    public nonisolated func deviceSets() -> AsyncStream<Set<USBDeviceInfo>> {
        let interval = interval
        return AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let (ticks, tick) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
            tick.yield()
            let watching = Task {
                let watcher = await self.addWatcher(tick)
                let clock = Task {
                    while !Task.isCancelled {
                        try await Task.sleep(for: interval)
                        tick.yield()
                    }
                }
                var last: Set<USBDeviceInfo>?
                for await _ in ticks {
                    let now = await self.devicesOrNone()
                    if now != last, !Task.isCancelled { continuation.yield(now) }
                    last = now
                }
                clock.cancel()
                await self.removeWatcher(watcher)
            }
            continuation.onTermination = { _ in
                tick.finish()
                watching.cancel()
            }
        }
    }

    public func open(_ device: USBDeviceInfo) async throws(USBError) -> any USBDevice {
        // A look may hold the device for a moment, to read its descriptors.
        _ = await look?.value
        guard let (identity, known) = known.first(where: { $0.value.info == device }) else { throw .notFound }
        guard opened[identity] == nil else { throw .busy("this program") }
        opened[identity] = device
        do throws(USBError) {
            let (connection, record) = try await importDevice(identity.busID)
            guard record.deviceID == identity.deviceID else {
                await connection.close()
                throw USBError.notFound
            }
            let opened = USBIPDevice(
                info: device, connection: connection, deviceID: record.deviceID,
                configurationValue: known.configurationValue)
            await connection.whenClosed { Task { await self.closed(identity) } }
            do throws(USBError) {
                try await opened.configure()
            } catch {
                await opened.close()
                throw error
            }
            return opened
        } catch {
            opened[identity] = nil
            throw error
        }
    }

    private func closed(_ identity: Identity) {
        opened[identity] = nil
        for watcher in watchers.values { watcher.yield() }
    }

    // MARK: Looking

    private func devicesOrNone() async -> Set<USBDeviceInfo> {
        do throws(USBError) {
            let devices = try await devices()
            if !wasReachable {
                logger.notice("the USB/IP server answers again", metadata: ["server": "\(host):\(port)"])
            }
            wasReachable = true
            return devices
        } catch {
            if wasReachable { logger.warning("USB/IP: \(error)", metadata: ["server": "\(host):\(port)"]) }
            wasReachable = false
            return []
        }
    }

    private func lookOnce() async -> Result<Set<USBDeviceInfo>, USBError> {
        do throws(USBError) {
            let records = try await list()
            let identities = Set(records.map(Self.identity))
            known = known.filter { identities.contains($0.key) || opened[$0.key] != nil }
            var devices = Set(opened.values)
            for record in records {
                if let info = try await info(record) { devices.insert(info) }
            }
            return .success(devices)
        } catch {
            return .failure(error)
        }
    }

    private func list() async throws(USBError) -> [USBIPDeviceRecord] {
        let connection = try await USBIPConnection.connect(host: host, port: port)
        let reply: USBIPReply
        do throws(USBError) {
            reply = try await connection.ask(.deviceList)
        } catch {
            await connection.close()
            throw error
        }
        await connection.close()
        guard case .deviceList(let records) = reply else {
            throw .busUnavailable("the server refused to list its devices")
        }
        return records
    }

    /// What is known of a listed device; reads its descriptors when it is new. Nil when it left meanwhile.
    private func info(_ record: USBIPDeviceRecord) async throws(USBError) -> USBDeviceInfo? {
        let identity = Self.identity(record)
        if let known = known[identity] { return known.info }
        do throws(USBError) {
            let (connection, imported) = try await importDevice(record.busID)
            let probe = DescriptorProbe(connection: connection, deviceID: imported.deviceID)
            let result = await probe.read(record)
            await connection.close()
            guard Self.identity(imported) == identity else { return nil }
            let (info, value) = try result.get()
            known[identity] = Known(info: info, configurationValue: value)
            return info
        } catch .busy {
            // Another client has it: it is there, but no more can be learnt now.
            return Self.info(record)
        } catch .notFound, .disconnected {
            return nil
        } catch .malformedDescriptor(let what) {
            logger.warning(
                "a device with broken descriptors is left alone: \(what)", metadata: ["port": "\(record.busID)"])
            return nil
        }
    }

    private func importDevice(_ busID: String) async throws(USBError) -> (USBIPConnection, USBIPDeviceRecord) {
        let connection = try await USBIPConnection.connect(host: host, port: port)
        do throws(USBError) {
            switch try await connection.ask(.importDevice(busID: busID)) {
            case .imported(let record): return (connection, record)
            case .refused(_, .deviceBusy): throw USBError.busy("another USB/IP client")
            case .refused(_, .noDevice), .refused(_, .notAvailable): throw USBError.notFound
            case .refused(_, let status): throw USBError.failed("the server refused \(busID): \(status)")
            case .deviceList: throw USBError.failed("the server answered an import with a list")
            }
        } catch {
            await connection.close()
            throw error
        }
    }

    private static func identity(_ record: USBIPDeviceRecord) -> Identity {
        Identity(busID: record.busID, deviceID: record.deviceID)
    }

    /// The little that a list says.
    private static func info(_ record: USBIPDeviceRecord) -> USBDeviceInfo {
        USBDeviceInfo(
            address: record.busID, port: record.busID, generation: UInt64(record.deviceID), vendor: record.vendor,
            product: record.product, deviceClass: record.deviceClass,
            interfaces: record.interfaces.enumerated().map { number, interface in
                USBInterface(
                    number: UInt8(truncatingIfNeeded: number), interfaceClass: interface.interfaceClass,
                    interfaceSubclass: interface.interfaceSubclass, interfaceProtocol: interface.interfaceProtocol,
                    endpoints: [])
            })
    }

    // MARK: Watchers

    private func addWatcher(_ tick: AsyncStream<Void>.Continuation) -> Int {
        watcherCount += 1
        watchers[watcherCount] = tick
        return watcherCount
    }

    private func removeWatcher(_ number: Int) {
        watchers[number] = nil
    }
}

/// Reads the descriptors of an imported device by standard requests (USB 2.0, 9.4.3).
private struct DescriptorProbe {
    let connection: USBIPConnection
    let deviceID: UInt32

    func read(_ record: USBIPDeviceRecord) async -> Result<(USBDeviceInfo, UInt8), USBError> {
        do throws(USBError) {
            let device = try DescriptorParser.device(try await descriptor(DescriptorType.device, length: 18))
            let head = try await descriptor(DescriptorType.configuration, length: 9)
            guard head.count >= 4 else { throw USBError.malformedDescriptor("configuration of \(head.count) bytes") }
            let total = UInt16(head[2]) | UInt16(head[3]) << 8
            let configuration = try DescriptorParser.configuration(
                try await descriptor(DescriptorType.configuration, length: total))
            let language = try await language()
            let info = USBDeviceInfo(
                address: record.busID, port: record.busID, generation: UInt64(record.deviceID),
                vendor: device.vendor, product: device.product, deviceClass: device.deviceClass,
                serial: try await text(device.serialIndex, language),
                manufacturerName: try await text(device.manufacturerIndex, language),
                productName: try await text(device.productIndex, language), interfaces: configuration.interfaces)
            return .success((info, configuration.value))
        } catch {
            return .failure(error)
        }
    }

    private func descriptor(
        _ type: UInt8, index: UInt8 = 0, language: UInt16 = 0, length: UInt16
    ) async throws(USBError) -> [UInt8] {
        let setup = USBSetup(
            requestType: 0x80, request: 6, value: UInt16(type) << 8 | UInt16(index), index: language, length: length)
        return try await connection.transfer(
            deviceID, endpoint: 0x80, setup: setup, length: Int(length), deadline: .seconds(1)
        ).bytes
    }

    /// The first language that the device has strings in; nil when it has none.
    private func language() async throws(USBError) -> UInt16? {
        do throws(USBError) {
            let bytes = try await descriptor(DescriptorType.string, length: 255)
            return bytes.count >= 4 ? UInt16(bytes[2]) | UInt16(bytes[3]) << 8 : nil
        } catch .stalled {
            return nil
        }
    }

    private func text(_ index: UInt8, _ language: UInt16?) async throws(USBError) -> String? {
        guard index != 0, let language else { return nil }
        do throws(USBError) {
            return DescriptorParser.string(
                try await descriptor(DescriptorType.string, index: index, language: language, length: 255))
        } catch .stalled {
            return nil
        }
    }
}
