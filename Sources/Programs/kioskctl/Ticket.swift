import ArgumentParser
import Control
import Foundation
import Peripherals

struct Ticket: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The ticket printer and what it prints.", subcommands: [Test.self, Reprint.self, Preview.self])

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Prints a test ticket that takes no number.")
        @OptionGroup var daemon: DaemonOptions

        func run() async throws {
            let reply = try await daemon.client.ask(TicketTestCommand())
            if daemon.json {
                try Output.json(reply)
            } else {
                Ticket.show(reply)
            }
            if reply.isFault { throw ExitCode(ExitStatus.fault) }
        }
    }

    struct Reprint: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints one of today's tickets again; the paper says so, unless none can have come out before.")
        @OptionGroup var daemon: DaemonOptions
        @Argument(help: "As it stands on the ticket, for example A005.") var number: String

        func run() async throws {
            let reply = try await daemon.client.ask(TicketReprintCommand(number: number))
            if daemon.json {
                try Output.json(reply)
            } else {
                Ticket.show(reply.paper)
                let mark = reply.isMarked ? "; its paper says IN LẠI" : "; none came out before, so it bears no mark"
                print("  \(reply.number) is \(reply.state) now\(reply.paper.outcome == "refused" ? "" : mark).")
            }
            if reply.paper.isFault { throw ExitCode(ExitStatus.fault) }
        }
    }

    static func show(_ reply: PaperReply) {
        let meaning =
            switch reply.outcome {
            case "printed": "printed: the printer confirmed it"
            case "transmitted": "transmitted: this printer cannot confirm, so look at the paper"
            case "refused": "not printed: \(reply.condition ?? "unknown"); no paper comes of it"
            default: "not confirmed: \(reply.condition ?? "unknown"); a part may be on paper"
            }
        print("\(Output.mark(!reply.isFault)) \(meaning)")
        if let remedy = reply.remedy, !remedy.isEmpty { print("  → \(remedy)") }
    }
}
