import ArgumentParser
import Control
import Foundation

struct Scan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "The document scanner.", subcommands: [Test.self])

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Scans what lies in the feeder and forgets it.")
        @OptionGroup var daemon: DaemonOptions

        func run() async throws {
            let reply = try await daemon.client.ask(ScanTestCommand())
            if daemon.json { return try Output.json(reply) }
            Output.table(
                [["page", "pixels", "dpi"]]
                    + reply.pages.enumerated().map { index, page in
                        [String(index + 1), "\(page.width) × \(page.height)", String(page.resolution)]
                    })
        }
    }
}

struct Queue: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Today's queue.", subcommands: [List.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Today's tickets in the order of issue.")
        @OptionGroup var daemon: DaemonOptions

        func run() async throws {
            let reply = try await daemon.client.ask(QueueListCommand())
            if daemon.json { return try Output.json(reply) }
            Output.table(
                [["number", "class", "state", "procedure", "issued"]]
                    + reply.tickets.map { [$0.number, $0.queueClass, $0.state, $0.procedure ?? "-", $0.issuedAt] })
        }
    }
}

struct Outbox: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Dossiers on their way to the centre.", subcommands: [List.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "What waits or is parked, oldest first.")
        @OptionGroup var daemon: DaemonOptions

        func run() async throws {
            let reply = try await daemon.client.ask(OutboxListCommand())
            let isClear = reply.items.allSatisfy { $0.state != "parked" }
            if daemon.json {
                try Output.json(reply)
            } else {
                print("centre: \(reply.centre)")
                Output.table(
                    [["dossier", "state", "attempts", "bytes", "reason"]]
                        + reply.items.map {
                            [$0.dossier, $0.state, String($0.attempts), String($0.bytes), $0.reason ?? "-"]
                        })
            }
            if !isClear { throw ExitCode(ExitStatus.fault) }
        }
    }
}
