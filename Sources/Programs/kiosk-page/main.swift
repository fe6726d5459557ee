import ArchivalDocument
import ArgumentParser
import Foundation
import PageImaging
import PageWorker
import Peripherals

/// Wires a request on the standard input, or arguments, to `PageImaging` and `ArchivalDocument`.
struct KioskPage: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kiosk-page",
        abstract: "Makes documents of record from scanned pages. Exit: 0 fine, 1 failed.",
        subcommands: [Prepare.self, Document.self])

    @Flag(help: "Read one job as a JSON line from standard input, whose end cancels, and answer with one.")
    var request = false

    func run() throws {
        guard request else { throw CleanExit.helpRequest() }
        WorkerSandbox.enter(seconds: 300)
        let answer: PageAnswer
        if let job = readLine().flatMap(PageJob.init(line:)) {
            WorkerSandbox.endWithInput()
            answer = job.answer()
        } else {
            answer = .failed(code: "failed", message: "the request is no job of a page: see the README of PageWorker")
        }
        print(try answer.line())
        if case .failed = answer { throw ExitCode(1) }
    }

    struct Prepare: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Cuts, straightens, cleans and judges one scanned page; says what it found.")

        @Argument(help: "The scanned page, a JPEG file.") var page: String
        @Argument(help: "Where the prepared page is written.") var output: String
        @Option(help: "Dots per inch of the scan.") var resolution = 300

        func run() throws {
            WorkerSandbox.enter(seconds: 300)
            let scanned = ScannedPage(file: URL(filePath: page), width: 1, height: 1, resolution: resolution)
            try tell(PageJob.prepare(page: scanned, file: URL(filePath: output)).answer())
        }
    }

    struct Document: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes one PDF/A from scanned pages: prepared, in their order.")

        @Argument(help: "The document to write.") var output: String
        @Argument(help: "The scanned pages, JPEG files.") var pages: [String]
        @Option(help: "Dots per inch of the scans.") var resolution = 300
        @Option(help: "The document's title.") var title = "Scan"
        @Flag(inversion: .prefixedNo, help: "With a text layer.") var text = true

        func run() throws {
            WorkerSandbox.enter(seconds: 3600)
            let folder = URL(filePath: output).deletingLastPathComponent()
                .appending(path: ".kiosk-page-\(ProcessInfo.processInfo.processIdentifier)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let made = try pages.enumerated().map { index, page in
                let picture = folder.appending(path: "\(index).jpg")
                let layer = folder.appending(path: "\(index).text.pdf")
                let scanned = ScannedPage(file: URL(filePath: page), width: 1, height: 1, resolution: resolution)
                guard
                    case .prepared(let width, let height, let dots, _, _) = try tell(
                        PageJob.prepare(page: scanned, file: picture).answer())
                else { throw ExitCode(1) }
                let prepared = ScannedPage(file: picture, width: width, height: height, resolution: dots)
                if text { try tell(PageJob.recognise(page: prepared, layer: layer).answer()) }
                return DocumentPage(picture: prepared, layer: text ? layer : nil)
            }
            let metadata = DocumentMetadata(title: title, component: "scan", procedure: "none", createdAt: Date())
            try tell(PageJob.write(pages: made, metadata: metadata, file: URL(filePath: output)).answer())
        }
    }
}

/// Prints the answer; one that failed ends the program.
@discardableResult
private func tell(_ answer: PageAnswer) throws -> PageAnswer {
    print(try answer.line())
    if case .failed = answer { throw ExitCode(1) }
    return answer
}

extension PageJob {
    fileprivate func answer() -> PageAnswer {
        do throws(PageError) {
            switch self {
            case .prepare(let page, let file):
                PageMemory.useLargePages()
                let prepared = try PagePreparation().prepare(page, to: file)
                return .prepared(
                    width: prepared.page.width, height: prepared.page.height, resolution: prepared.page.resolution,
                    findings: prepared.findings, codes: prepared.codes)
            case .recognise(let page, let layer):
                WorkerSandbox.stepBack()
                let found = try TextRecognition().recognise(page, layer: layer)
                return .recognised(text: found.text, confidence: found.confidence)
            case .write(let pages, let metadata, let file):
                try ArchivalDocument().write(pages, metadata, to: file)
                return .written
            }
        } catch {
            return PageAnswer(error)
        }
    }
}

KioskPage.main()
