import ArgumentParser
import Control
import Foundation
import Peripherals

struct Printer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The ticket printer: how it is, and what is said to it.", subcommands: [Status.self, Trace.self])

    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Its condition, how it proves a ticket, and how much paper is left.")
        @OptionGroup var daemon: DaemonOptions

        func run() async throws {
            let reply = try await daemon.client.ask(PrinterStatusCommand())
            if daemon.json { try Output.json(reply) } else { Self.show(reply) }
            if !reply.device.ready || !reply.unproved.isEmpty { throw ExitCode(ExitStatus.fault) }
        }

        private static func show(_ reply: PrinterStatusCommand.Reply) {
            let device = reply.device
            let line = [device.condition, device.product, device.usbID, device.port.map { "port \($0)" }]
                .compactMap { $0 }.joined(separator: "  ")
            print(device.ready ? "✓ \(line)" : Output.bold("✗ \(line)"))
            if !device.remedy.isEmpty { Output.remedy(device.remedy) }
            print("")
            var rows: [[String]] = []
            if let summary = reply.summary {
                rows.append(["proof", meaning(of: summary.proof)])
                rows.append(["print width", "\(summary.dots) dots at \(summary.dotsPerInch) dpi"])
                rows.append(["near-end sensor", sensor(summary, reply.roll)])
            }
            Output.table(rows + Paper.rows(reply.roll))
            if let text = Paper.proposal(reply.roll) { Output.remedy(text) }
            guard !reply.unproved.isEmpty else { return }
            print("")
            print(Output.bold("Nobody knows whether these numbers are on paper:"))
            Output.table(reply.unproved.map { ["✗", $0.number, $0.paper, $0.condition ?? "-"] })
            Output.remedy(
                "Ask in the hall who holds them, then for each: kioskctl queue confirm NUMBER, ticket reprint NUMBER, "
                    + "or queue void NUMBER.")
        }

        private static func meaning(of proof: PrinterSummary.Proof) -> String {
            switch proof {
            case .fence: "yes, by GS ( H: the printer echoes when all before is on paper"
            case .status: "yes, by GS r after the cut"
            case .idle: "yes, by its automatic status going idle"
            case .none: "none: this printer cannot tell, so applicants are asked"
            case .unknown: "not known before the first ticket"
            }
        }

        private static func sensor(_ summary: PrinterSummary, _ roll: RollReply) -> String {
            if roll.isNearEnd { return "the roll ends soon" }
            return switch summary.hasNearEndSensor {
            case true?: "enough paper"
            case false?: "none"
            case nil: "not known"
            }
        }
    }

    struct Trace: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What is said to and by the printer.",
            discussion: """
                Pictures are told by their size, so no number and no name is shown. Without --test it shows what happens \
                in the hall meanwhile.
                """)
        @OptionGroup var daemon: DaemonOptions
        @Option(help: "How long, up to 300; by default 10, or as long as the test ticket takes.") var seconds: Int?
        @Flag(help: "Print a test ticket meanwhile.") var test = false

        func validate() throws {
            if let seconds, !(1...PrinterTraceCommand.secondsLimit).contains(seconds) {
                throw ValidationError("--seconds takes 1 to \(PrinterTraceCommand.secondsLimit).")
            }
        }

        func run() async throws {
            if isatty(STDERR_FILENO) != 0 {
                let what = test ? "a test ticket" : "\(seconds ?? 10) seconds"
                FileHandle.standardError.write(Data("Listening for \(what) …\n".utf8))
            }
            let reply = try await daemon.client.ask(PrinterTraceCommand(seconds: seconds, test: test))
            if daemon.json {
                try Output.json(reply)
            } else {
                Self.show(reply)
            }
            if reply.test?.isFault == true { throw ExitCode(ExitStatus.fault) }
        }

        private static func show(_ reply: PrinterTraceCommand.Reply) {
            if reply.lines.isEmpty { print("Nothing was said.") }
            Output.table(
                reply.lines.map {
                    [
                        Output.clock(ms: $0.atMs), $0.exchange.isFromPrinter ? "←" : "→",
                        Output.right("\($0.exchange.bytes) B", 9), $0.exchange.text,
                    ]
                })
            if reply.isCut { print("… cut here: ask for fewer seconds.") }
            if let test = reply.test { Ticket.show(test) }
        }
    }
}

struct Paper: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The paper roll of the ticket printer.", subcommands: [Reset.self])

    struct Reset: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "A new roll is in the printer: count from its beginning.")
        @OptionGroup var daemon: DaemonOptions
        @Option(help: "The roll's length, as its wrapping says; by default ticket.rollMetres of kiosk.yaml.")
        var metres: Double?

        func run() async throws {
            let reply = try await daemon.client.ask(PaperResetCommand(metres: metres))
            if daemon.json { return try Output.json(reply) }
            Output.table(Paper.rows(reply))
        }
    }

    static func rows(_ roll: RollReply) -> [[String]] {
        // There can be none left although the count says otherwise: the printer's sensor knows.
        if roll.leftMetres <= 0, roll.printedMetres < roll.rollMetres {
            return [["paper left", "none: the printer is out of paper"], changed(roll)]
        }
        var left = String(format: "about %.1f of %.0f m", roll.leftMetres, roll.rollMetres)
        if let tickets = roll.leftTickets, let length = roll.ticketMillimetres {
            left += String(format: ": some %d tickets of %.0f mm", tickets, length)
        }
        return [["paper left", left], changed(roll)]
    }

    private static func changed(_ roll: RollReply) -> [String] {
        ["roll changed", roll.changedAt.map(Output.moment) ?? "never told; counted since the kiosk was set up"]
    }

    /// What the printer saw, and nobody told the kiosk.
    static func proposal(_ roll: RollReply) -> String? {
        if let at = roll.seemsChangedAt {
            return "The roll was changed at \(Output.moment(at))? Then: kioskctl paper reset"
        }
        return roll.printedMetres >= roll.rollMetres
            ? "More was printed than the roll holds. After a change: kioskctl paper reset" : nil
    }
}
