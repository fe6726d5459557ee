import ArgumentParser
import Control
import Foundation

/// `kioskctl`: what a technician asks the kiosk, and what it answers.
@main
struct Kioskctl: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kioskctl",
        abstract: "Looks after a kiosk: devices, queue, outbox, tests.",
        discussion: "Exit codes: 0 all fine, 1 a fault was found, 2 wrong usage, 3 no kioskd answers.",
        version: KioskVersion.text,
        subcommands: [
            Status.self, Devices.self, Card.self, Ticket.self, Printer.self, Paper.self, Scanner.self,
            Scan.self, Queue.self, Outbox.self, Trust.self, Config.self, Doctor.self,
        ])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let fault as ControlFault {
            Output.complain(fault, asJSON: CommandLine.arguments.contains("--json"))
            Foundation.exit(fault.code == "no-daemon" ? ExitStatus.noDaemon : ExitStatus.fault)
        } catch {
            // ArgumentParser's own: help and version are no errors; anything else is wrong usage.
            let text = fullMessage(for: error)
            if exitCode(for: error) == .success {
                print(text)
                Foundation.exit(ExitStatus.fine)
            }
            if let code = error as? ExitCode { Foundation.exit(code.rawValue) }
            FileHandle.standardError.write(Data((text + "\n").utf8))
            Foundation.exit(exitCode(for: error) == .validationFailure ? ExitStatus.usage : ExitStatus.fault)
        }
    }
}

/// What the shell sees.
enum ExitStatus {
    static let fine: Int32 = 0
    static let fault: Int32 = 1
    static let usage: Int32 = 2
    static let noDaemon: Int32 = 3
}

/// The options of every command that asks the daemon.
struct DaemonOptions: ParsableArguments {
    @Option(help: "The daemon's socket; by default $KIOSK_SOCKET, then /run/kiosk/control.sock.")
    var socket: String?

    @Flag(help: "Answer as one JSON object.")
    var json = false

    var client: ControlClient {
        ControlClient(
            socketPath: socket ?? ProcessInfo.processInfo.environment["KIOSK_SOCKET"] ?? "/run/kiosk/control.sock")
    }
}
