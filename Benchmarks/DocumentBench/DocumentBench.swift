import ArchivalDocument
import Foundation
import PageWorker
import Peripherals

/// Does with a folder of scans what the daemon does with those of one component, by `PageWorker`, and says how long it took.
///
///     document-bench prepare FOLDER OUTPUT.pdf       pages made fit, one after the other, and a document without text
///     document-bench text FOLDER OUTPUT.pdf          with text, two pages at a time
///     document-bench memory PAGE.jpg COUNT           a document of so many pages: the most memory it took
///
/// Answers one line of JSON. `kiosk-page` and `kiosk-text` stand beside this program.
@main
enum DocumentBench {
    static let resolution = 300

    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4 else { usage() }
        let (input, output) = (URL(filePath: arguments[2]), arguments[3])
        switch arguments[1] {
        case "prepare": try await measure(input, URL(filePath: output), pagesAtATime: 1, withText: false)
        case "text": try await measure(input, URL(filePath: output), pagesAtATime: 2, withText: true)
        case "memory":
            guard let count = Int(output), count > 0 else { usage() }
            try memory(input, count)
        default: usage()
        }
    }

    private static func usage() -> Never {
        stop("usage: document-bench prepare|text FOLDER OUTPUT.pdf, or memory PAGE.jpg COUNT", code: 64)
    }

    /// Codes of sysexits.h: 64 used in the wrong way, 66 no input.
    private static func stop(_ reason: String, code: Int32) -> Never {
        FileHandle.standardError.write(Data((reason + "\n").utf8))
        exit(code)
    }

    private static let metadata = DocumentMetadata(
        title: "Hồ sơ", component: "bench", procedure: "1.001193",
        createdAt: Date(timeIntervalSince1970: 1_795_000_000))
}

// MARK: - time

extension DocumentBench {
    private static func measure(_ input: URL, _ output: URL, pagesAtATime: Int, withText: Bool) async throws {
        let scans = ((try? FileManager.default.contentsOfDirectory(at: input, includingPropertiesForKeys: nil)) ?? [])
            .filter { $0.pathExtension == "jpg" }.sorted { $0.path < $1.path }
        guard !scans.isEmpty else { stop("there are no .jpg files in \(input.path)", code: 66) }
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let start = ContinuousClock.now
        // Of the jobs that nobody waits for a worker runs one fewer.
        let worker = PageWorker(cores: withText ? pagesAtATime + 1 : pagesAtATime)
        var pages: [Int: DocumentPage] = [:]
        try await withThrowingTaskGroup(of: (Int, DocumentPage).self) { group in
            for (index, scan) in scans.enumerated() {
                if index >= pagesAtATime, let (done, page) = try await group.next() { pages[done] = page }
                group.addTask { (index, try await page(scan, folder, worker, withText)) }
            }
            for try await (index, page) in group { pages[index] = page }
        }
        try await worker.writePDF(scans.indices.compactMap { pages[$0] }, metadata, to: output)
        // Before this program ends, or nobody counts their processor time.
        await worker.endBatch()
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        print("{\"pages\": \(pages.count), \"seconds\": \(seconds)}")
    }

    private static func page(
        _ scan: URL, _ folder: URL, _ worker: PageWorker, _ withText: Bool
    ) async throws -> DocumentPage {
        let scanned = ScannedPage(file: scan, width: 1, height: 1, resolution: resolution)
        let prepared = try await worker.prepare(scanned, to: folder.appending(path: scan.lastPathComponent))
        guard withText else { return DocumentPage(picture: prepared.page) }
        let layer = prepared.page.file.appendingPathExtension("pdf")
        return DocumentPage(
            picture: prepared.page, layer: try await worker.recognise(prepared.page, layer: layer).layer)
    }
}

// MARK: - memory

extension DocumentBench {
    private static func memory(_ page: URL, _ count: Int) throws {
        guard FileManager.default.isReadableFile(atPath: page.path) else {
            stop("\(page.path) cannot be read", code: 66)
        }
        let folder = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let picture = ScannedPage(file: page, width: 0, height: 0, resolution: resolution)
        try ArchivalDocument().write(
            Array(repeating: DocumentPage(picture: picture), count: count), metadata,
            to: folder.appending(path: "many.pdf"))
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        print("{\"kilobytes\": \(usage.ru_maxrss)}")
    }

    private static func temporaryFolder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "document-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }
}
