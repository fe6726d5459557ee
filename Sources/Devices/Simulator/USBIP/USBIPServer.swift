import Logging
import NIOCore
import NIOPosix
import USB

/// Serves virtual devices by USB/IP, to our own client as to Linux' vhci-hcd.
///
/// A device is listed while it is plugged in, also while a client has it; one client has it at a time.
public actor USBIPServer {
    /// A device that is plugged in, with a number of its own for each plugging.
    struct Export: Sendable {
        let record: USBIPDeviceRecord
        let device: any VirtualUSBDevice
        let requests: StandardRequests
    }

    struct Refusal: Error {
        let status: USBIP.Status
    }

    private let host: String
    private let requestedPort: Int
    private let logger: Logger
    private var channel: (any Channel)?
    private var exports: [String: Export] = [:]
    private var importers: [String: (number: UInt32, connection: USBIPServerConnection)] = [:]
    private var lastDeviceNumber: UInt32 = 1

    /// - Parameter port: 0 takes any free port; `start` says which.
    public init(host: String = "127.0.0.1", port: Int = USBIPBus.standardPort, logger: Logger) {
        self.host = host
        requestedPort = port
        self.logger = logger
    }

    /// Begins to listen.
    /// - Returns: the port.
    @discardableResult
    public func start() async throws -> Int {
        let logger = logger
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let connection = USBIPServerConnection(channel: channel, server: self, logger: logger)
                    try channel.pipeline.syncOperations.addHandler(USBIPServerHandler(connection: connection))
                }
            }
            .bind(host: host, port: requestedPort).get()
        self.channel = channel
        return channel.localAddress?.port ?? requestedPort
    }

    /// Pulls all devices out and stops listening.
    public func stop() async {
        for port in exports.keys { await unplug(port) }
        // Closing can only fail because it is closed.
        try? await channel?.close().get()
        channel = nil
    }

    /// Plugs a device in at a port such as `1-1`; whatever was there is pulled out first. Power comes on: the device is
    /// reset.
    public func plug(_ device: any VirtualUSBDevice, at port: String) async throws(USBError) {
        await unplug(port)
        let descriptor = try DescriptorParser.device(device.descriptors.device)
        let configuration = try DescriptorParser.configuration(device.descriptors.configuration)
        let requests = try StandardRequests(device.descriptors)
        await device.reset()
        lastDeviceNumber += 1
        let record = USBIPDeviceRecord(
            busID: port, busNumber: port.split(separator: "-").first.flatMap { UInt32($0) } ?? 1,
            deviceNumber: lastDeviceNumber, device: descriptor, configuration: configuration)
        exports[port] = Export(record: record, device: device, requests: requests)
    }

    /// Pulls a device out, as by hand: its client's connection closes.
    public func unplug(_ port: String) async {
        guard let export = exports.removeValue(forKey: port) else { return }
        if let importer = importers[port], importer.number == export.record.deviceNumber {
            await importer.connection.close()
        }
    }

    public func isPlugged(_ port: String) -> Bool { exports[port] != nil }

    // MARK: For connections

    func records() -> [USBIPDeviceRecord] {
        exports.values.map(\.record).sorted { $0.busID < $1.busID }
    }

    func importDevice(_ busID: String, for connection: USBIPServerConnection) -> Result<Export, Refusal> {
        guard let export = exports[busID] else { return .failure(Refusal(status: .noDevice)) }
        guard importers[busID] == nil else { return .failure(Refusal(status: .deviceBusy)) }
        importers[busID] = (export.record.deviceNumber, connection)
        logger.debug("imported", metadata: ["port": "\(busID)"])
        return .success(export)
    }

    func release(_ export: Export) {
        let busID = export.record.busID
        guard importers[busID]?.number == export.record.deviceNumber else { return }
        importers[busID] = nil
        logger.debug("released", metadata: ["port": "\(busID)"])
    }
}
