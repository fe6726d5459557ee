import ArgumentParser
import Control
import Foundation
import Peripherals

struct Scan: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Scans with the document scanner.", subcommands: [Test.self, Document.self],
        defaultSubcommand: Document.self)

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Scans what lies in the feeder, or one page from the glass, measures it and forgets it.")
        @OptionGroup var daemon: DaemonOptions
        @OptionGroup var options: ScanOptions

        func run() async throws {
            let batch = try await daemon.client.ask(ScanTestCommand(choices: options.choices))
            if daemon.json {
                try Output.json(batch)
            } else {
                Scan.show(batch)
                print("Nothing was kept.")
            }
            if batch.fault != nil { throw ExitCode(ExitStatus.fault) }
        }
    }

    struct Document: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "document", abstract: "Scans into a PDF: kioskctl scan --to FILE.pdf")
        @OptionGroup var daemon: DaemonOptions
        @OptionGroup var options: ScanOptions
        @Option(
            help: "The PDF to write, for its owner's eyes only; an existing file is never overwritten.",
            completion: .file(extensions: ["pdf"]))
        var to: String

        func run() async throws {
            // Before a sheet moves: a file that cannot be written costs nobody a scan.
            let file = try PrivateFile.create(to)
            let reply: ScanDocumentCommand.Reply
            do {
                reply = try await daemon.client.ask(ScanDocumentCommand(choices: options.choices))
                try await fetch(reply, into: file)
            } catch {
                unlink(to)
                throw error
            }
            if daemon.json {
                try Output.json(Written(file: to, bytes: reply.bytes, batch: reply.batch))
            } else {
                Scan.show(reply.batch)
                print("\(to): \(reply.bytes) bytes. It holds what was on the paper: delete it after use.")
            }
            if reply.batch.fault != nil { throw ExitCode(ExitStatus.fault) }
        }

        private struct Written: Encodable {
            var file: String
            var bytes: Int
            var batch: ScannedBatch
        }

        private func fetch(_ reply: ScanDocumentCommand.Reply, into file: FileHandle) async throws {
            guard let document = reply.document else {
                throw ControlFault(code: "no-page", message: "No page was scanned.", remedy: "Lay in paper, try again.")
            }
            var offset = 0
            while true {
                let piece = try await daemon.client.ask(ScanFetchCommand(document: document, offset: offset))
                do {
                    try file.write(contentsOf: piece.bytes)
                } catch {
                    throw ControlFault(
                        code: "cannot-write", message: "\(to) cannot be written to its end: \(error).",
                        remedy: "Free space there, or give another file, and scan again.")
                }
                offset += piece.bytes.count
                if piece.isLast { break }
            }
            guard offset == reply.bytes else {
                throw ControlFault(
                    code: "incomplete", message: "\(offset) of \(reply.bytes) bytes arrived.", remedy: "Scan again.")
            }
            try file.synchronize()
            try file.close()
        }
    }

    static func show(_ batch: ScannedBatch) {
        let pages = batch.pages.count == 1 ? "1 page" : "\(batch.pages.count) pages"
        let line = "\(pages) in \(seconds(batch.milliseconds))"
        if let fault = batch.fault {
            print(Output.bold("\(Output.mark(false)) \(line), then: \(fault.message)"))
            Output.remedy(fault.remedy)
        } else {
            print("\(Output.mark(true)) \(line)")
        }
        Output.table(
            [["page", "size", "pixels", "dpi", "bytes", "time"]]
                + batch.pages.enumerated().map { index, page in
                    [
                        String(index + 1),
                        "\(millimetres(page.width, page)) × \(millimetres(page.height, page)) mm",
                        "\(page.width) × \(page.height)", String(page.resolution), String(page.bytes),
                        seconds(page.milliseconds),
                    ]
                })
    }

    private static func millimetres(_ pixels: Int, _ page: ScannedBatch.Page) -> Int {
        Int((Double(pixels) / Double(max(1, page.resolution)) * 25.4).rounded())
    }

    static func seconds(_ milliseconds: Int) -> String { String(format: "%.1f s", Double(milliseconds) / 1000) }
}

/// What may be chosen for one scan instead of what kiosk.yaml says.
struct ScanOptions: ParsableArguments {
    @Option(help: "automatic, feeder, duplex or flatbed.") var source: ScanSource?
    @Option(help: "colour or grey.") var mode: ScanMode?
    @Option(help: "auto, a4, a5, a6, letter or legal.") var paper: ScanPaper?
    @Option(help: "Dots per inch.") var resolution: Int?

    func validate() throws {
        if let resolution, !ScanChoices.resolutions.contains(resolution) {
            throw ValidationError(
                "--resolution takes \(ScanChoices.resolutions.lowerBound) to \(ScanChoices.resolutions.upperBound).")
        }
    }

    var choices: ScanChoices { ScanChoices(source: source, mode: mode, paper: paper, resolution: resolution) }
}

extension ScanSource: ExpressibleByArgument {}
extension ScanMode: ExpressibleByArgument {}
extension ScanPaper: ExpressibleByArgument {}
