import ArgumentParser
import Control
import Foundation
import Peripherals

struct Scanner: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The document scanner: how it is, and what it can do.", subcommands: [Status.self])

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Its condition, serial number and port, its sources and resolutions, and how the last scan ended."
        )
        @OptionGroup var daemon: DaemonOptions

        func run() async throws {
            let reply = try await daemon.client.ask(ScannerStatusCommand())
            if daemon.json { try Output.json(reply) } else { Self.show(reply) }
            if !reply.device.ready { throw ExitCode(ExitStatus.fault) }
        }

        private static func show(_ reply: ScannerStatusCommand.Reply) {
            let device = reply.device
            let line = [
                device.condition, device.product, device.usbID, device.serial.map { "serial \($0)" },
                device.port.map { "port \($0)" },
            ].compactMap { $0 }.joined(separator: "  ")
            print(device.ready ? "✓ \(line)" : Output.bold("✗ \(line)"))
            if !device.remedy.isEmpty { Output.remedy(device.remedy) }
            print("")
            guard let summary = reply.summary else { return print("What it can do cannot be asked now.") }
            Output.table(
                [["source", "serves", "dots per inch", "largest paper"]]
                    + summary.abilities.sources.map {
                        [
                            $0.name.isEmpty ? "(only one)" : $0.name, $0.kind?.rawValue ?? "-", resolutions($0),
                            paper($0),
                        ]
                    })
            print("")
            let modes = summary.abilities.modes
            var rows = [
                ["modes", modes.isEmpty ? "no choice" : modes.joined(separator: ", ")], ["in SANE", summary.name],
            ]
            if let address = summary.address { rows.append(["address", address]) }
            rows.append(["last scan", summary.lastScan.map(words) ?? "none since kioskd started"])
            Output.table(rows)
        }

        private static func resolutions(_ source: ScannerAbilities.Source) -> String {
            guard let first = source.resolutions.first, let last = source.resolutions.last else { return "-" }
            return source.isRange ? "\(first) to \(last)" : source.resolutions.map(String.init).joined(separator: ", ")
        }

        private static func paper(_ source: ScannerAbilities.Source) -> String {
            guard let width = source.width, let height = source.height else { return "-" }
            return "\(width) × \(height) mm"
        }

        private static func words(_ scan: ScannerSummary.LastScan) -> String {
            let pages = scan.pages == 1 ? "1 page" : "\(scan.pages) pages"
            return "\(Output.moment(scan.endedAt)), \(pages) in \(Scan.seconds(scan.milliseconds))"
                + (scan.error.map { ", ended by \($0)" } ?? ", well")
        }
    }
}
