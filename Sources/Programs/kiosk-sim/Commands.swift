import ArgumentParser
import Foundation
import Simulator

/// Where a running kiosk-sim listens.
struct ControlOption: ParsableArguments {
    @Option(name: .customLong("control"), help: "The control socket; else $KIOSK_SIM_CONTROL, else .kiosk/sim.sock.")
    var path: String?

    var resolved: String {
        path ?? ProcessInfo.processInfo.environment["KIOSK_SIM_CONTROL"] ?? ".kiosk/sim.sock"
    }

    /// Sends a command and prints its answer; exit code 1 for a refusal.
    func send(_ words: [String]) async throws {
        let answer: RigWire.Answer
        do {
            answer = try await RigClient.send(words, to: resolved)
        } catch let error as FaultError {
            try Self.refuse(error.description)
        }
        if !answer.ok { try Self.refuse(answer.text) }
        print(answer.text)
    }

    private static func refuse(_ text: String) throws -> Never {
        FileHandle.standardError.write(Data("kiosk-sim: \(text)\n".utf8))
        throw ExitCode(1)
    }
}

struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists the devices and the faults that each knows.")
    @OptionGroup var control: ControlOption

    func run() async throws { try await control.send(["list"]) }
}

struct Plug: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Plugs a device in.")
    @OptionGroup var control: ControlOption
    @Argument(help: "reader, printer or qr") var device: String

    func run() async throws { try await control.send(["plug", device]) }
}

struct Unplug: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Pulls a device out.")
    @OptionGroup var control: ControlOption
    @Argument(help: "reader, printer or qr") var device: String

    func run() async throws { try await control.send(["unplug", device]) }
}

struct Fault: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Makes a device fail, or be well again.")
    @OptionGroup var control: ControlOption
    @Argument(help: "reader, printer, qr or scanner") var device: String
    @Argument(parsing: .allUnrecognized, help: "The fault and its arguments; `kiosk-sim list` shows them.")
    var words: [String]

    func run() async throws { try await control.send(["fault", device] + words) }
}

struct Card: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "insert NAME, remove, remove --after-apdu N, …")
    @OptionGroup var control: ControlOption
    @Argument(parsing: .allUnrecognized) var words: [String]

    func run() async throws { try await control.send(["card"] + words) }
}

struct QR: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "show NAME|TEXT: holds a citizen's QR code, or any text, before the QR reader.")
    @OptionGroup var control: ControlOption
    @Argument(parsing: .allUnrecognized) var words: [String]

    func run() async throws { try await control.send(["qr"] + words) }
}

struct Printer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "paper-out, paper-in, cover-open, cover-close, …")
    @OptionGroup var control: ControlOption
    @Argument(parsing: .allUnrecognized) var words: [String]

    func run() async throws { try await control.send(["printer"] + words) }
}

struct Scanner: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "jam, clear, …")
    @OptionGroup var control: ControlOption
    @Argument(parsing: .allUnrecognized) var words: [String]

    func run() async throws { try await control.send(["scanner"] + words) }
}
