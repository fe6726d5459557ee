import ArgumentParser
import Control
import Foundation
import Peripherals
import TicketPrinter

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
                let mark = reply.isMarked ? "the paper says IN LẠI" : "no paper came out before: it bears no mark"
                print("  \(reply.number) is \(reply.state) now; \(mark).")
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

extension Ticket {
    struct Preview: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Draws a ticket without a printer.",
            discussion: """
                FILE is JSON with the ticket's texts: hall, number, className, procedure, issuedAt, notes, qr and \
                reprintMark. The result goes to --output, or to standard output.
                """)

        enum Format: String, ExpressibleByArgument, CaseIterable { case png, escpos }

        @Argument(help: "The ticket's texts.", completion: .file(extensions: ["json"])) var file: String
        @Option(help: "png shows the paper, escpos is what the printer is sent.") var format = Format.png
        @Option(help: "Where to write.", completion: .file()) var output: String?

        func run() async throws {
            let content: TicketContent
            guard let text = FileManager.default.contents(atPath: file) else {
                throw ControlFault(
                    code: "bad-file", message: "\(file) cannot be read.",
                    remedy: "Check the path; samples lie in kiosk-config/tickets/samples.")
            }
            do {
                content = try JSONDecoder().decode(TicketContent.self, from: text)
            } catch {
                throw ControlFault(
                    code: "bad-file", message: "\(file) does not hold a ticket: \(Self.reason(error)).",
                    remedy: "See kioskctl ticket preview --help for the fields.")
            }
            let bytes = try TicketPreview.bytes(of: content, as: format == .png ? .png : .escpos)
            if let output {
                try Data(bytes).write(to: URL(filePath: output))
            } else {
                FileHandle.standardOutput.write(Data(bytes))
            }
        }

        private static func reason(_ error: any Error) -> String {
            switch error as? DecodingError {
            case .keyNotFound(let key, _): "the field \(key.stringValue) is missing"
            case .typeMismatch(_, let context), .valueNotFound(_, let context):
                "the field \(context.codingPath.last?.stringValue ?? "") has another type"
            case .dataCorrupted: "it is not JSON"
            default: error.localizedDescription
            }
        }
    }
}
