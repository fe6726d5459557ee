import ArgumentParser
import Control
import Foundation

struct Queue: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Today's queue.", subcommands: [List.self, Confirm.self, Void.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Today's tickets in the order of issue.")
        @OptionGroup var daemon: DaemonOptions

        func run() async throws {
            let reply = try await daemon.client.ask(QueueListCommand())
            if daemon.json { return try Output.json(reply) }
            guard !reply.tickets.isEmpty else { return print("No tickets today.") }
            Output.table(
                [["number", "class", "state", "proof", "procedure", "issued"]]
                    + reply.tickets.map {
                        [
                            $0.number, $0.queueClass, $0.state, $0.proof ?? "-", $0.procedure ?? "-",
                            Output.time($0.issuedAt),
                        ]
                    })
        }
    }

    struct Confirm: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Somebody holds this number, though no printer proved it: it will be called.")
        @OptionGroup var daemon: DaemonOptions
        @Argument(help: "As it stands on the ticket, for example A005.") var number: String

        func run() async throws { try await Queue.settle(number, .confirm, daemon) }
    }

    struct Void: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Nobody holds this number: it will never be called.")
        @OptionGroup var daemon: DaemonOptions
        @Argument(help: "As it stands on the ticket, for example A005.") var number: String

        func run() async throws { try await Queue.settle(number, .void, daemon) }
    }

    private static func settle(
        _ number: String, _ decision: QueueSettleCommand.Decision, _ daemon: DaemonOptions
    ) async throws {
        let reply = try await daemon.client.ask(QueueSettleCommand(number: number, decision: decision))
        if daemon.json { return try Output.json(reply) }
        print("\(reply.number) is \(reply.state) now.")
    }
}

struct Outbox: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Dossiers on their way to the centre.", subcommands: [List.self, Retry.self])

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
                if reply.items.isEmpty {
                    print("Nothing waits.")
                } else {
                    Output.table(
                        [["", "dossier", "state", "attempts", "bytes", "reason"]]
                            + reply.items.map {
                                [
                                    Output.mark($0.state != "parked"), $0.dossier, $0.state, String($0.attempts),
                                    String($0.bytes), $0.reason ?? "-",
                                ]
                            })
                }
            }
            if !isClear { throw ExitCode(ExitStatus.fault) }
        }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sends parked dossiers again: the one named, or all of them.")
        @OptionGroup var daemon: DaemonOptions
        @Argument(help: "The dossier's code, as kioskctl outbox list shows it.") var dossier: String?

        func run() async throws {
            let reply = try await daemon.client.ask(OutboxRetryCommand(dossier: dossier))
            if daemon.json { return try Output.json(reply) }
            print(
                reply.retried.isEmpty
                    ? "Nothing is parked."
                    : "Tried again: \(reply.retried.joined(separator: ", ")). See kioskctl outbox list.")
        }
    }
}
