import ArgumentParser
import CentralServer
import Foundation
import Logging
import ServiceLifecycle

@main
struct KioskCentral: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kiosk-central", abstract: "Takes, opens and shows the dossiers that kiosks send.",
        subcommands: [Serve.self, Enroll.self], defaultSubcommand: Serve.self)
}

extension KioskCentral {
    struct Serve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Serves kiosks and staff on a loopback address.")

        @Option(help: "Loopback address; TLS is a reverse proxy's.") var host = "127.0.0.1"
        @Option(help: "Port; 0 takes a free one.") var port = 8490
        @Option(help: "A name by which staff call the centre, besides localhost and IP addresses; repeat for more.")
        var name: [String] = []
        @Option(help: "Folder for database, keys and dossiers.") var data: String
        @Option(help: "Enrol this kiosk when it isn't; repeat for more. Its file: DATA/enrolments/KIOSK.json.")
        var kiosk: [String] = []

        func run() async throws {
            LoggingSystem.bootstrap(StreamLogHandler.standardError)
            let host = host
            let server = try CentralServer(
                data: URL(filePath: data), host: host, port: port, hostNames: name,
                onReady: { port in
                    print("kiosk-central ready on http://\(host):\(port)/")
                    fflush(nil)
                })
            for kiosk in kiosk { try server.ensureEnrolled(kiosk) }
            let group = ServiceGroup(
                configuration: .init(
                    services: [server], gracefulShutdownSignals: [.sigterm, .sigint],
                    logger: Logger(label: "kiosk-central")))
            try await group.run()
        }
    }

    struct Enroll: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Gives a kiosk a new secret and prints its enrolment file's path.")

        @Option(help: "Folder for database, keys and dossiers.") var data: String
        @Argument(help: "The kiosk's id.") var kiosk: String

        func run() throws {
            let server = try CentralServer(data: URL(filePath: data))
            try server.enroll(kiosk)
            print(server.enrolmentFile(kiosk).path)
        }
    }
}
