import BarcodeReader
import CardTrust
import CentralSync
import Control
import DeviceManager
import DocumentScanner
import Dossiers
import Foundation
import HallQueue
import Journey
import Kiosk
import KioskConfiguration
import KioskMaterial
import Logging
import OfficePrinter
import PCSC
import PageWorker
import Peripherals
import ServiceLifecycle
import Store
import Technician
import USB
import Web

/// Puts the rooms together.
struct Wiring {
    let services: [any Service]
    /// The parts that tests of the whole kiosk look into.
    let session: KioskSession
    let queue: HallQueue
    let store: Store
    let dossiers: Dossiers?
    let manager: DeviceManager

    /// - Parameter pages: makes documents of scanned pages; nil for the real thing.
    init(_ material: Material, pages: (any PageProcessing)? = nil, logger: Logger) async throws {
        let settings = material.settings
        let data = settings.dataDirectory
        try StartFault.makeFolder(data, key: "dataDirectory", mode: 0o700)

        store = try Store(
            file: data.appending(path: "kiosk.sqlite"), modules: [HallQueue.schema, Dossiers.schema])
        queue = HallQueue(configuration: HallConfiguration(settings), store: store)
        dossiers = try material.enrolment.map { [store] in
            try Dossiers(folder: data.appending(path: "dossiers"), store: store, keys: $0.keys)
        }
        if let dossiers {
            let removed = try await dossiers.recover()
            if removed > 0 { logger.notice("left over from before", metadata: ["files": "\(removed)"]) }
        }

        let scanner = SANEScanner(
            ScannerSetup(settings.scanner, memory: data.appending(path: "scanner.json")), logger: logger)
        let trust = TrustFolder(settings.identity.trust)
        var makePCSC: (@Sendable () -> PCSCReader)?
        if settings.reader == .pcsc { makePCSC = { PCSCReader(logger: logger) } }
        let pages = pages ?? PageWorker(program: settings.scanner.pageProgram, logger: logger)
        let printers = Printers(material, logger: logger)
        manager = DeviceManager(
            bus: settings.bus.makeBus(logger: logger), selection: printers.selection(settings.devices),
            scanner: scanner, readerProfile: material.readers.profile, trust: { await trust.current() },
            barcodeProfile: { BarcodeReaderProfile(material.barcodeReaders, $0) }, pcsc: makePCSC,
            printer: material.printerDriver(mayHangOut: try await queue.paperMayHangOut()), logger: logger)
        let devices = KioskDevices(
            card: manager.cardReader, barcode: manager.barcodeReader,
            printer: printers.tickets ?? manager.ticketPrinter,
            scanner: manager.documentScanner ?? scanner, pages: pages, documents: printers.office,
            reports: ReportsWithCUPS(manager, tickets: printers.tickets, office: printers.office))

        var sync: CentralSync?
        var services: [any Service] = []
        if let central = settings.central, let enrolment = material.enrolment, let dossiers {
            let transport = HTTPTransport(centre: central.url, enrolment: enrolment)
            let running = CentralSync(
                store: store, dossiers: dossiers, keys: enrolment.keys, transport: transport,
                backoff: Backoff(central.retry))
            services.append(
                UntilStopped(name: "sync") {
                    await running.run()
                    await transport.close()
                })
            sync = running
        }

        let kioskName = material.enrolment?.kiosk ?? settings.hall.id
        let started = ContinuousClock.now
        let memory = settings.runtimeDirectory
        try StartFault.makeFolder(memory, key: "runtimeDirectory", mode: 0o755)
        let folder = try VisitFolder(memory.appending(path: "visit"))
        let finishing = try dossiers.map {
            try DocumentFinishing(folder: memory.appending(path: "pending"), dossiers: $0, pages: pages, logger: logger)
        }
        try await finishing?.recover()
        let tickets = TicketDesk(
            settings: settings, locales: material.locales, queue: queue, printer: devices.printer, logger: logger)
        session = KioskSession(
            journey: Journey(context: JourneyContext(material)), devices: devices,
            desk: SubmissionDesk(
                kiosk: kioskName, settings: settings, store: store, queue: queue, dossiers: dossiers,
                pages: pages, finishing: finishing, tickets: tickets, logger: logger),
            tickets: tickets,
            paperwork: printers.office.map { _ in PaperworkDesk(settings: settings, locales: material.locales) },
            folder: folder, recovered: try await tickets.recover(), logger: logger,
            elapsed: { started.duration(to: .now) })

        let desk = TechnicianDesk(
            kiosk: .init(version: KioskVersion.text, kiosk: kioskName, hall: settings.hall.name.text("vi")),
            devices: devices, session: session, queue: queue, tickets: tickets, store: store, sync: sync, trust: trust,
            policy: settings.identity.policy, dataDirectory: data, runtimeDirectory: memory)
        try StartFault.makeFolder(
            settings.control.socket.deletingLastPathComponent(), key: "control.socket", mode: 0o755)
        let control = ControlServer(
            socketPath: settings.control.socket.path, policy: PeerPolicy(groupName: settings.control.group),
            service: desk, logger: logger)

        services += [
            UntilStopped(name: "devices") { [manager] in await manager.run() },
            UntilStopped(name: "session") { [session] in
                await session.run()
                // A visit that the stop cut short leaves no page behind.
                try folder.wipe()
            },
            UntilStopped(name: "queue") { [queue] in await queue.run() },
            UntilStopped(name: "control") { try await control.run() },
        ]
        // A service that ends stops the daemon: only what is configured is one.
        if let finishing { services.append(UntilStopped(name: "documents") { await finishing.run() }) }
        if let tickets = printers.tickets {
            services.append(UntilStopped(name: "ticket queue") { await tickets.run() })
        }
        if let office = printers.office {
            services.append(UntilStopped(name: "office printer") { await office.run() })
        }
        let address = settings.web.address
        services.append(
            try Web(
                touchscreen: session, desk: queue, settings: .init(host: address, port: settings.web.port),
                logger: logger
            ) { port in
                // Says when the first screen can be seen; who starts the kiosk may wait for it.
                FileHandle.standardOutput.write(Data("kioskd is ready: http://\(address):\(port)/\n".utf8))
            })
        self.services = services
    }
}

/// A loop that ends when it is cancelled, as a service that stops gracefully.
private struct UntilStopped: Service, CustomStringConvertible {
    var name: String
    var body: @Sendable () async throws -> Void

    var description: String { name }

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            do {
                try await body()
            } catch is CancellationError {
                // The daemon stops.
            }
        }
    }
}
