import Foundation
import Logging

/// A kiosk's whole set of virtual devices on one rig: what `kiosk-sim serve` runs, and what tests of the whole run.
///
/// ```swift
/// let kiosk = try await VirtualKiosk(state: folder, logger: logger)
/// let addresses = try await kiosk.start()          // addresses.usbip, addresses.escl
/// _ = try await kiosk.rig.run(["fault", "printer", "paper-out"])
/// await kiosk.stop()
/// ```
public actor VirtualKiosk {
    public struct Ports: Sendable {
        /// 0 takes any free port.
        public var usbip: Int
        public var escl: Int

        public init(usbip: Int = 0, escl: Int = 0) {
            self.usbip = usbip
            self.escl = escl
        }
    }

    public nonisolated let rig: SimulatorRig
    public nonisolated let reader: CCIDReaderDevice
    public nonisolated let printer: TicketPrinterDevice
    public nonisolated let qr: QRReaderDevice
    public nonisolated let scanner: ESCLServer
    private let server: USBIPServer
    private let control: RigServer?

    /// - Parameters:
    ///   - state: where the printer leaves what it printed, below `paper/`; nil keeps it in memory.
    ///   - control: the path of the control socket; nil for none.
    public init(ports: Ports = Ports(), state: URL? = nil, control: String? = nil, logger: Logger) throws {
        let server = USBIPServer(port: ports.usbip, logger: logger)
        let rig = SimulatorRig(server: server, logger: logger)
        self.server = server
        self.rig = rig
        if let state { try FileManager.default.createDirectory(at: state, withIntermediateDirectories: true) }
        reader = CCIDReaderDevice(issuer: try SimulatedIssuer())
        printer = TicketPrinterDevice(directory: state?.appending(path: "paper"), logger: logger)
        qr = QRReaderDevice()
        scanner = ESCLServer(port: ports.escl, logger: logger)
        self.control = control.map { RigServer(path: $0, rig: rig, logger: logger) }
    }

    /// Plugs everything in and serves.
    /// - Returns: the ports.
    @discardableResult
    public func start() async throws -> Ports {
        try await rig.add("reader", device: reader, at: "1-1")
        try await rig.add("printer", device: printer, at: "1-2")
        try await rig.add("qr", device: qr, at: "1-3")
        await rig.add("scanner", faults: scanner)
        await rig.nameTexts(Dictionary(SyntheticCitizen.all.map { ($0.id, $0.qrText) }, uniquingKeysWith: { $1 }))
        let ports = Ports(usbip: try await server.start(), escl: try await scanner.start())
        try await control?.start()
        return ports
    }

    public func stop() async {
        await control?.stop()
        await scanner.stop()
        await server.stop()
    }
}
