import ArgumentParser
import Control
import Foundation
import Peripherals

struct Card: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The identity card on the reader.", subcommands: [Read.self, Trace.self, Replay.self])

    struct Read: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Reads the card; without a key it waits for its QR code at the QR reader.")
        @OptionGroup var daemon: DaemonOptions
        @OptionGroup var key: CardKeyOptions

        func run() async throws {
            if !daemon.json { key.announce() }
            let reply = try await daemon.client.ask(key.command)
            if daemon.json { return try Output.json(reply) }
            let holder = reply.holder
            Output.table([
                ["holder", holder.fullName], ["number", holder.number],
                ["born", "\(holder.dateOfBirth)"], ["sex", holder.sex], ["residence", holder.placeOfResidence ?? "-"],
                ["access", reply.access],
                ["photograph", reply.photograph.map { "\($0.width) x \($0.height), \($0.bytes) bytes" } ?? "none"],
                ["commands", "\(reply.commands), \(reply.bytes) bytes"],
            ])
            print("")
            Output.table(CardVerdicts.Kind.allCases.map { [$0.rawValue, Self.words(reply.verdicts[$0])] })
            print("")
            Output.table(
                reply.steps.map {
                    [
                        $0.name, String(format: "%8.1f ms", $0.milliseconds),
                        "\($0.commands) command\($0.commands == 1 ? "" : "s")",
                        "\($0.bytes) bytes",
                    ]
                })
            let isBroken = CardVerdicts.Kind.allCases.contains { reply.verdicts[$0].isFailed }
            if isBroken { throw ExitCode(ExitStatus.fault) }
        }

        private static func words(_ verdict: CardVerdict) -> String {
            switch verdict {
            case .passed(let by): "yes" + (by.map { ", by \($0)" } ?? "")
            case .failed(let why): "NO: \(why)"
            case .notReached(let why): "not known: \(why)"
            }
        }
    }
}

/// What opens the chip.
struct CardKeyOptions: ParsableArguments {
    @Option(help: "The text of the card's QR code.") var qr: String?
    @Option(help: "The card access number: six digits.") var can: String?
    @Option(parsing: .upToNextOption, help: "The three lines of the machine-readable zone.") var mrz: [String] = []

    func validate() throws {
        guard [qr != nil, can != nil, !mrz.isEmpty].count(where: { $0 }) <= 1 else {
            throw ValidationError("Give one of --qr, --can and --mrz.")
        }
        if let can, can.wholeMatch(of: /[0-9]{6}/) == nil { throw ValidationError("--can takes six digits.") }
        if !mrz.isEmpty, mrz.count != 3 || mrz.contains(where: { $0.count != 30 }) {
            throw ValidationError("--mrz takes three lines of 30 characters each.")
        }
    }

    var command: CardReadCommand { CardReadCommand(qr: qr, can: can, mrz: mrz.isEmpty ? nil : mrz) }

    /// Says what the daemon waits for.
    func announce() {
        if qr == nil, can == nil, mrz.isEmpty { print("Show the card's QR code to the QR reader …") }
    }
}
