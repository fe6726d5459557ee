import ArgumentParser
import Control
import Foundation
import Peripherals

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "How the kiosk is, on one screen.")
    @OptionGroup var daemon: DaemonOptions

    func run() async throws {
        let reply = try await daemon.client.ask(StatusCommand())
        if daemon.json {
            try Output.json(reply)
        } else {
            print(
                "\(Output.mark(reply.ready)) \(reply.kiosk), \(reply.hall) (kioskd \(reply.version), up \(uptime(reply)))"
            )
            Output.table([
                ["screen", reply.screen], ["waiting tickets", String(reply.waitingTickets)],
                ["dossiers to send", String(reply.outbox)], ["centre", reply.centre],
            ])
            print("")
            DeviceTable.show(reply.devices)
        }
        if !reply.ready { throw ExitCode(ExitStatus.fault) }
    }

    private func uptime(_ reply: StatusCommand.Reply) -> String {
        Duration.seconds(reply.uptimeSeconds).formatted(
            .units(allowed: [.days, .hours, .minutes, .seconds], width: .narrow))
    }
}

struct Devices: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "The devices, what is wrong with them, and what to do.")
    @OptionGroup var daemon: DaemonOptions

    func run() async throws {
        let reply = try await daemon.client.ask(DevicesCommand())
        if daemon.json { try Output.json(reply) } else { DeviceTable.show(reply.devices) }
        if !reply.devices.allSatisfy(\.ready) { throw ExitCode(ExitStatus.fault) }
    }
}

enum DeviceTable {
    static func show(_ reports: [DeviceReport]) {
        let remedies = reports.enumerated().filter { !$0.element.remedy.isEmpty }
        Output.table(
            [["", "device", "condition", "port", "usb id", "product"]]
                + reports.map {
                    [
                        Output.mark($0.ready), $0.role.rawValue, $0.condition, $0.port ?? "-", $0.usbID ?? "-",
                        $0.product ?? "-",
                    ]
                },
            below: Dictionary(
                remedies.map { ($0.offset + 1, $0.element.remedy) }, uniquingKeysWith: { $1 }))
    }
}

struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Checks everything and names each fault with its remedy.")
    @OptionGroup var daemon: DaemonOptions

    func run() async throws {
        let reply = try await daemon.client.ask(DoctorCommand())
        if daemon.json {
            try Output.json(reply)
        } else {
            let faults = reply.checks.enumerated().filter { !$0.element.ok }
            Output.table(
                reply.checks.map { [Output.mark($0.ok), $0.name, $0.detail] },
                below: Dictionary(faults.map { ($0.offset, $0.element.remedy) }, uniquingKeysWith: { $1 }))
            print("")
            print(
                reply.healthy
                    ? "All is well." : Output.bold(faults.count == 1 ? "1 fault." : "\(faults.count) faults."))
        }
        if !reply.healthy { throw ExitCode(ExitStatus.fault) }
    }
}
