import ArchivalDocument
import Foundation
import PageImaging
import Peripherals

/// Does with a folder of scans what the kiosk does with those of one component, and says how long it took.
///
///     document-bench prepare FOLDER OUTPUT.pdf       pages made fit, and a document without text
///     document-bench text FOLDER OUTPUT.pdf          with text, by two worker processes
///     document-bench memory PAGE.jpg COUNT           a document of so many pages: the most memory it took
///
/// Answers one line of JSON. A worker is this program itself, `document-bench worker SCAN FOLDER`, a process a page.
@main
enum DocumentBench {
    static let resolution = 300
    static let workers = 2

    static func main() throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4 else { return usage() }
        let (input, output) = (URL(filePath: arguments[2]), URL(filePath: arguments[3]))
        switch arguments[1] {
        case "prepare": try measure(input, output) { scan, folder in try page(scan, folder) }
        case "text": try measure(input, output, workers: workers)
        case "worker":
            let page = try readPage(input, output)
            try JSONEncoder().encode(page).write(to: answer(input, output))
        case "memory": try memory(input, Int(arguments[3]) ?? 1)
        default: usage()
        }
    }

    private static func usage() {
        FileHandle.standardError.write(Data("usage: document-bench prepare|text FOLDER OUTPUT.pdf\n".utf8))
        exit(64)
    }
}

// MARK: - one page

extension DocumentBench {
    private static func page(_ scan: URL, _ folder: URL) throws -> DocumentPage {
        let prepared = try PagePreparation().prepare([UInt8](Data(contentsOf: scan)), resolution: resolution)
        let file = folder.appending(path: scan.lastPathComponent)
        try Data(prepared.jpeg).write(to: file)
        return DocumentPage(
            picture: ScannedPage(
                file: file, width: prepared.width, height: prepared.height, resolution: prepared.resolution))
    }

    private static func readPage(_ scan: URL, _ folder: URL) throws -> DocumentPage {
        var page = try page(scan, folder)
        let layer = page.picture.file.appendingPathExtension("pdf")
        page.layer = try TextRecognition().recognise(page.picture, layer: layer).layer
        return page
    }

    private static func answer(_ scan: URL, _ folder: URL) -> URL {
        folder.appending(path: scan.lastPathComponent + ".json")
    }
}

// MARK: - all pages

extension DocumentBench {
    private static func scans(_ folder: URL) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "jpg" }.sorted { $0.path < $1.path }
    }

    private static func measure(_ input: URL, _ output: URL, _ make: (URL, URL) throws -> DocumentPage) throws {
        try inFolder { folder in
            let start = ContinuousClock.now
            let pages = try scans(input).map { try make($0, folder) }
            try write(pages, output)
            try report(start, pages)
        }
    }

    private static func measure(_ input: URL, _ output: URL, workers: Int) throws {
        try inFolder { folder in
            let start = ContinuousClock.now
            let scans = try scans(input)
            try run(scans, folder, workers)
            let pages = try scans.map {
                try JSONDecoder().decode(DocumentPage.self, from: Data(contentsOf: answer($0, folder)))
            }
            try write(pages, output)
            try report(start, pages)
        }
    }

    /// A process a page, so many at a time.
    private static func run(_ scans: [URL], _ folder: URL, _ workers: Int) throws {
        let places = DispatchSemaphore(value: workers)
        for scan in scans {
            places.wait()
            let process = Process()
            process.executableURL = URL(filePath: CommandLine.arguments[0])
            process.arguments = ["worker", scan.path, folder.path]
            process.terminationHandler = { _ in places.signal() }
            try process.run()
        }
        for _ in 0..<workers { places.wait() }
        for _ in 0..<workers { places.signal() }
    }

    private static func write(_ pages: [DocumentPage], _ output: URL) throws {
        let metadata = DocumentMetadata(
            title: "Hồ sơ", component: "bench", procedure: "1.001193",
            createdAt: Date(timeIntervalSince1970: 1_795_000_000))
        try ArchivalDocument().write(pages, metadata, to: output)
    }

    private static func memory(_ page: URL, _ count: Int) throws {
        try inFolder { folder in
            let picture = ScannedPage(file: page, width: 0, height: 0, resolution: resolution)
            try write(
                Array(repeating: DocumentPage(picture: picture), count: count), folder.appending(path: "many.pdf"))
            var usage = rusage()
            getrusage(RUSAGE_SELF.rawValue, &usage)
            print("{\"kilobytes\": \(usage.ru_maxrss)}")
        }
    }

    private static func inFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "document-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    private static func report(_ start: ContinuousClock.Instant, _ pages: [DocumentPage]) throws {
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        print("{\"pages\": \(pages.count), \"seconds\": \(seconds)}")
    }
}
