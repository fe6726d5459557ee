import ArgumentParser
import CentralProtocol
import Control
import Foundation
import HostSystem
import KioskMaterial
import Logging
import ServiceLifecycle

/// `kioskd`: the kiosk's daemon. Reads the configuration, wires the rooms together, and runs until SIGTERM or SIGINT.
@main
struct Kioskd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kioskd", abstract: "Runs the kiosk of a one-stop hall.", version: KioskVersion.text)

    @Option(help: "The kiosk's settings.", completion: .file(extensions: ["yaml"]))
    var config = "/etc/kiosk/kiosk.yaml"

    @Flag(help: "Read and check the configuration, the procedures, the forms and the locales; start nothing.")
    var check = false

    @Option(help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel = "info"

    func run() async throws {
        guard let level = Logger.Level(rawValue: logLevel) else {
            throw ValidationError("--log-level \(logLevel) is not a level.")
        }
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = level
            return handler
        }
        let logger = Logger(label: "kioskd")
        do {
            let material = try Material(settingsFile: URL(filePath: config))
            if check {
                print("\(config): \(material.summary)")
                return
            }
            let data = material.settings.dataDirectory
            try StartFault.makeFolder(data, key: "dataDirectory", mode: 0o700)
            // Before anything is opened or tidied up there.
            try await FolderLock.holding(data) {
                let kiosk = try await Wiring(material, logger: logger)
                let group = ServiceGroup(
                    services: kiosk.services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
                try await group.run()
            }
        } catch {
            // Whatever stops the start says what it is about and what to do; systemd tries again.
            FileHandle.standardError.write(Data("kioskd cannot run: \(error)\n".utf8))
            throw ExitCode.failure
        }
    }
}
