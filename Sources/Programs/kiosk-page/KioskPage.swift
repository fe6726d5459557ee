import ArchivalDocument
import ArgumentParser
import Foundation
import PageImaging
import PageWorker
import Peripherals

@main
enum Program {
    /// Requests are answered on the thread that the program began with: ``PageMemory`` is that one's.
    @MainActor
    static func main() async {
        guard CommandLine.arguments.dropFirst().elementsEqual(["--request"]) else { return await KioskPage.main() }
        PageMemory.useLargePages()
        exit(WorkerLoop.run(KioskPage.answer) ? 0 : 1)
    }
}

/// Wires a request on the standard input, or arguments, to `PageImaging` and `ArchivalDocument`.
struct KioskPage: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kiosk-page",
        abstract: "Makes documents of record from scanned pages. Exit: 0 fine, 1 failed.",
        subcommands: [Prepare.self, Document.self])

    @Flag(help: "Read jobs as numbered JSON lines from standard input, whose end cancels, and answer each with one.")
    var request = false

    func run() throws {
        // Beside anything else it asks for nothing.
        throw CleanExit.helpRequest()
    }

    fileprivate static func answer(_ job: PageJob) throws(PageError) -> PageAnswer {
        switch job {
        case .prepare(let page, let file):
            let prepared = try PagePreparation().prepare(page, to: file)
            return .prepared(
                width: prepared.page.width, height: prepared.page.height, resolution: prepared.page.resolution,
                findings: prepared.findings, codes: prepared.codes)
        case .write(let pages, let metadata, let file):
            try ArchivalDocument().write(pages, metadata, to: file)
            return .written
        case .recognise:
            throw .failed("text is read by kiosk-text")
        }
    }

    struct Prepare: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Cuts, straightens, cleans and judges one scanned page; says what it found.")

        @Argument(help: "The scanned page, a JPEG file.") var page: String
        @Argument(help: "Where the prepared page is written.") var output: String
        @Option(help: "Dots per inch of the scan.") var resolution = 300

        func run() throws {
            WorkerSandbox.enter()
            let scanned = ScannedPage(file: URL(filePath: page), width: 1, height: 1, resolution: resolution)
            let answer: PageAnswer
            do { answer = try KioskPage.answer(.prepare(page: scanned, file: URL(filePath: output))) } catch {
                answer = PageAnswer(error)
            }
            print(try answer.line())
            if case .failed = answer { throw ExitCode(1) }
        }
    }

    /// Does what the daemon does: by processes of its own.
    struct Document: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes one PDF/A from scanned pages: prepared, in their order.")

        @Argument(help: "The document to write.") var output: String
        @Argument(help: "The scanned pages, JPEG files.") var pages: [String]
        @Option(help: "Dots per inch of the scans.") var resolution = 300
        @Option(help: "The document's title.") var title = "Scan"
        @Flag(inversion: .prefixedNo, help: "With a text layer.") var text = true

        func run() async throws {
            let folder = URL(filePath: output).deletingLastPathComponent()
                .appending(path: ".kiosk-page-\(ProcessInfo.processInfo.processIdentifier)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let worker = PageWorker()
            var made: [DocumentPage] = []
            for (index, page) in pages.enumerated() {
                let scanned = ScannedPage(file: URL(filePath: page), width: 1, height: 1, resolution: resolution)
                let prepared = try await worker.prepare(scanned, to: folder.appending(path: "\(index).jpg"))
                print("\(page): \(prepared.findings.map(\.code)), \(prepared.codes.count) codes")
                let layer = folder.appending(path: "\(index).text.pdf")
                if text { _ = try await worker.recognise(prepared.page, layer: layer) }
                made.append(DocumentPage(picture: prepared.page, layer: text ? layer : nil))
            }
            let metadata = DocumentMetadata(title: title, component: "scan", procedure: "none", createdAt: Date())
            try await worker.writePDF(made, metadata, to: URL(filePath: output))
        }
    }
}
