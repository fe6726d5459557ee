import ArgumentParser
import Control
import Foundation
import Peripherals

struct Ticket: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The ticket printer and what it prints.", subcommands: [Test.self, Preview.self])

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Prints a test ticket that takes no number.")
        @OptionGroup var daemon: DaemonOptions

        func run() async throws {
            let reply = try await daemon.client.ask(TicketTestCommand())
            if daemon.json {
                try Output.json(reply)
            } else {
                print(
                    "\(Output.mark(reply.outcome != "failed")) \(reply.outcome)\(reply.condition.map { ": \($0)" } ?? "")"
                )
                if let remedy = reply.remedy { print("  → \(remedy)") }
            }
            if reply.outcome == "failed" { throw ExitCode(ExitStatus.fault) }
        }
    }
}
