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
    private let qr: any VirtualUSBDevice & FaultTarget
    public nonisolated let scanner: ESCLServer
    /// DER of the authority's certificate that vouches for the simulated cards; made anew at each start.
    public nonisolated var rootCertificate: [UInt8] { reader.issuer.rootCertificate }
    private let ports: Ports
    private let server: USBIPServer
    private let control: RigServer?

    /// - Parameters:
    ///   - state: where the printer leaves what it printed, below `paper/`; nil keeps it in memory.
    ///   - control: the path of the control socket; nil for none.
    ///   - readerModel: which card reader it has.
    ///   - printerModel: which ticket printer it has.
    ///   - qrReader: which kind of QR reader it has.
    public init(
        ports: Ports = Ports(), state: URL? = nil, control: String? = nil, readerModel: CCIDReaderModel = .standard,
        printerModel: PrinterModel = .standard, qrReader: QRReaderKind = .hidPOS,
        logger: Logger
    ) throws {
        let server = USBIPServer(port: ports.usbip, logger: logger)
        let rig = SimulatorRig(server: server, logger: logger)
        self.ports = ports
        self.server = server
        self.rig = rig
        if let state { try FileManager.default.createDirectory(at: state, withIntermediateDirectories: true) }
        reader = CCIDReaderDevice(model: readerModel, issuer: try SimulatedIssuer())
        printer = TicketPrinterDevice(
            directory: state?.appending(path: "paper"), model: printerModel, logger: logger)
        qr = qrReader.makeDevice()
        scanner = ESCLServer(port: ports.escl, logger: logger)
        self.control = control.map { RigServer(path: $0, rig: rig, logger: logger) }
    }

    /// Plugs everything in and serves.
    /// - Returns: the ports.
    @discardableResult
    public func start() async throws -> Ports {
        try await rig.add("reader", device: reader, at: "1-1")
        try await rig.add("printer", device: printer, at: "1-2")
        await printer.whenItLeaves { [rig] departure in
            Task { await rig.leave("printer", comesBack: departure == .powerCycled) }
        }
        try await rig.add("qr", device: qr, at: "1-3")
        await rig.add("scanner", faults: scanner)
        await rig.nameTexts(Dictionary(SyntheticCitizen.all.map { ($0.id, $0.qrText) }, uniquingKeysWith: { $1 }))
        let taken = Ports(
            usbip: try await listening("USB/IP at port \(ports.usbip)") { try await server.start() },
            escl: try await listening("eSCL at port \(ports.escl)") { try await scanner.start() })
        if let control { try await listening("its control socket \(control.path)") { try await control.start() } }
        return taken
    }

    /// The system's errors say what is wrong, but not with what.
    private func listening<Value: Sendable>(
        _ what: String, _ start: @Sendable () async throws -> Value
    ) async throws -> Value {
        do {
            return try await start()
        } catch {
            throw CannotListen(what: what, reason: "\(error)")
        }
    }

    /// An address is taken, or is none.
    public struct CannotListen: Error, CustomStringConvertible {
        public let what: String
        public let reason: String

        public var description: String {
            "kiosk-sim can't serve \(what): \(reason). Stop the program that listens there, or choose another; see --help"
        }
    }

    public func stop() async {
        await control?.stop()
        await scanner.stop()
        await server.stop()
    }
}
