import CUPSTestSupport
import CentralServer
import Control
import DeviceManager
import DocumentScanner
import Dossiers
import Foundation
import HallQueue
import Kiosk
import KioskConfiguration
import KioskMaterial
import Logging
import Peripherals
import ServiceLifecycle
import Simulator
import Store
import TestSupport
import Testing

@testable import kioskd

/// The whole kiosk as `kioskd` wires it, on simulated devices and with a centre of its own, in a temporary folder and on
/// free ports. Nothing is shared with another one.
///
/// ```swift
/// try await WholeKiosk.run { kiosk in
///     try await kiosk.simulate("printer", "paper-out")
///     let doctor = try await kiosk.ask(DoctorCommand())
/// }
/// ```
struct WholeKiosk: Sendable {
    let simulator: VirtualKiosk
    let centre: Centre
    let session: KioskSession
    let queue: HallQueue
    let store: Store
    let dossiers: Dossiers
    let manager: DeviceManager
    /// The settings file, as an operator would have written it.
    let settings: URL
    let socket: String
    let data: URL
    /// Where pages lie.
    let memory: URL

    /// - Parameters:
    ///   - data: the data directory; by default a new folder.
    ///   - startsCentre: false leaves the centre unreachable until `centre.start()`.
    ///   - printer: which ticket printer it has.
    ///   - office: a CUPS with a queue `office`, for a kiosk with an office printer.
    ///   - pages: makes documents of scanned pages; nil for the real thing, which keeps a core busy for seconds.
    static func run(
        data: URL? = nil, startsCentre: Bool = true, printer: PrinterModel = .standard, office: CUPSRig? = nil,
        pages: (any PageProcessing)? = ScriptedPages(), _ body: @Sendable (WholeKiosk) async throws -> Void
    ) async throws {
        await Gate.kiosks.enter()
        let result: Result<Void, any Error>
        do {
            result = .success(
                try await runAlone(
                    data: data, startsCentre: startsCentre, printer: printer, office: office, pages: pages, body))
        } catch {
            result = .failure(error)
        }
        await Gate.kiosks.leave()
        try result.get()
    }

    private static func runAlone(
        data: URL?, startsCentre: Bool, printer: PrinterModel, office: CUPSRig?, pages: (any PageProcessing)?,
        _ body: @Sendable (WholeKiosk) async throws -> Void
    ) async throws {
        let folder = TemporaryFolder()
        let quiet = Logger(label: "kiosk") { _ in SwiftLogNoOpLogHandler() }
        let simulator = try VirtualKiosk(printerModel: printer, logger: quiet)
        let ports = try await simulator.start()
        let centre = try Centre(data: folder.url.appending(path: "centre"), logger: quiet)
        if startsCentre { try await centre.start() }
        // Pages lie in memory, as on a kiosk; where the test has its own data, what a restart finds must be with it.
        let shared = TemporaryFolder(in: URL(filePath: "/dev/shm"))
        defer { withExtendedLifetime((folder, shared)) {} }
        let memory = data?.appending(path: "run") ?? shared.url
        let data = data ?? folder.url.appending(path: "data")
        let settings = try write(
            settingsIn: folder.url, data: data, memory: memory, ports: ports, centre: centre, office: office)
        let wiring = try await Wiring(try Material(settingsFile: settings), pages: pages, logger: quiet)
        let group = ServiceGroup(configuration: .init(services: wiring.services, logger: quiet))
        let running = Task { try await group.run() }
        let kiosk = WholeKiosk(
            simulator: simulator, centre: centre, session: wiring.session, queue: wiring.queue, store: wiring.store,
            dossiers: try #require(wiring.dossiers), manager: wiring.manager, settings: settings,
            socket: folder.url.appending(path: "control.sock").path,
            data: data, memory: memory)
        let result: Result<Void, any Error>
        do {
            try await kiosk.waitUntilReady(hasOfficePrinter: office != nil)
            result = .success(try await body(kiosk))
        } catch {
            result = .failure(error)
        }
        await group.triggerGracefulShutdown()
        try await running.value
        await centre.stop()
        await simulator.stop()
        try result.get()
    }

    /// The shipped settings with the devices, the centre and the folders of this test.
    private static func write(
        settingsIn folder: URL, data: URL, memory: URL, ports: VirtualKiosk.Ports, centre: Centre, office: CUPSRig?
    ) throws -> URL {
        let sane = folder.appending(path: "sane.d")
        try SANEConfiguration.write(
            to: sane, airscan: [(name: "Scanner", url: "http://127.0.0.1:\(ports.escl)/eSCL")])
        let shipped = Repository.configuration
        let text = """
            \(try String(contentsOf: shipped.appending(path: "kiosk.yaml"), encoding: .utf8))
            bus: usbip://127.0.0.1:\(ports.usbip)
            dataDirectory: \(data.path)
            runtimeDirectory: \(memory.path)
            scanner:
              device: "airscan:e0:Scanner"
              saneConfig: \(sane.path)
              program: \(Repository.program("kiosk-scan").path)
              resolution: 100
            web: { address: 127.0.0.1, port: 0 }
            control: { socket: \(folder.appending(path: "control.sock").path) }
            central:
              url: "http://127.0.0.1:\(centre.port)"
              enrolment: \(centre.enrolment.path)
              retry: { firstSeconds: 1, longestSeconds: 1 }
            folders:
              procedures: \(shipped.appending(path: "procedures").path)
              forms: \(shipped.appending(path: "forms").path)
              locales: \(shipped.appending(path: "locales").path)
            \(office.map { "officePrinter: { queue: office }\ncups: { server: \($0.socket) }" } ?? "")
            """
        let file = folder.appending(path: "kiosk.yaml")
        try Data(text.utf8).write(to: file)
        return file
    }

    // MARK: - What can be done with it

    /// Tells the simulator, as `kiosk-sim` does.
    func simulate(_ words: String...) async throws { _ = try await simulator.rig.run(words) }

    /// Asks the daemon over its socket, as `kioskctl` does.
    func ask<Command: ControlCommand>(_ command: Command) async throws -> Command.Reply {
        try await ControlClient(socketPath: socket).ask(command)
    }

    /// A person at the screen.
    func applicant() -> Applicant { Applicant(kiosk: self) }

    /// The check of that name in the doctor's rounds.
    func doctor(_ name: String) async throws -> DoctorCheck {
        let reply = try await ask(DoctorCommand())
        return try #require(reply.checks.first { $0.name == name }, "the doctor has no check \(name)")
    }

    func isHealthy() async throws -> Bool { try await ask(DoctorCommand()).healthy }

    /// Waits until the doctor finds nothing.
    func becomesHealthy(within limit: Duration = .seconds(20)) async throws {
        var faults: [DoctorCheck] = []
        do {
            try await eventually("all is green", within: limit) {
                faults = try await ask(DoctorCommand()).checks.filter { !$0.ok }
                return faults.isEmpty
            }
        } catch let error as WaitedTooLong {
            throw WaitedTooLong(description: "\(error); \(faults)")
        }
    }

    /// Waits until the reports say this of a device.
    func wait(for condition: String, of role: DeviceRole) async throws {
        let reports = manager.reportChanges()
        try await within(.seconds(20), "\(role.rawValue) to be \(condition)") {
            for await now in reports where now.first(where: { $0.role == role })?.condition == condition { return }
            throw CancellationError()
        }
    }

    /// What the screen says, in the applicant's words.
    func text(_ key: String, _ language: String) throws -> String {
        let locales = try Locales.load(
            directory: Repository.configuration.appending(path: "locales"), languages: ["vi", "en"])
        try #require(locales[language].has(key), "no text \(key) in \(language)")
        return locales[language].text(key)
    }

    private func waitUntilReady(hasOfficePrinter: Bool) async throws {
        for role in DeviceRole.allCases where ![.documentScanner, .officePrinter].contains(role) {
            try await wait(for: "ready", of: role)
        }
        try await eventually("kioskd answers on its socket") {
            do {
                _ = try await ask(DevicesCommand())
                return true
            } catch let fault as ControlFault where fault.code == "no-daemon" {
                return false
            }
        }
        guard hasOfficePrinter else { return }
        try await eventually("the office printer is ready") {
            try await ask(DevicesCommand()).devices.contains { $0.role == .officePrinter && $0.condition == "ready" }
        }
    }

    /// The sealed files that still wait for the centre.
    func sealedFiles() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: data.appending(path: "dossiers").path)
    }
}
