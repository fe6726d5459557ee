import ArgumentParser
import Control
import Foundation
import Peripherals
import TicketPrinter

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
