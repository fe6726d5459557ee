import CMalloc
import Foundation
import PageImaging

/// Prepares the pages of a corpus several times over on one core, and says how long that took and how large they became.
///
/// `page-bench CORPUS [FOLDER]`: `CORPUS` is a folder that `scan-corpus` wrote; with `FOLDER` the prepared pages are kept
/// there under the same names. It measures the room alone, in this process; what somebody waits for, processes and all,
/// is measured by `document-bench`. The answer is JSON on standard output: `milliseconds` and `bytes` are means over the
/// pages, `milliseconds` of this thread's own time, of each page the fastest of the rounds; `pages` has each of them.
///
/// `page-bench memory PAGE.jpg DPI COUNT` prepares one page five times, then `COUNT` times more, and answers `before` and
/// `after`: bytes that were in use each time.
@main
enum PageBench {
    struct Page: Encodable {
        var file: String
        var milliseconds: Double
        var bytes: Int
        var width: Int
        var height: Int
        var resolution: Int
        var angle: Double
        var quarterTurns: Int
        var isBlank: Bool
        var findings: [String]
        /// Milliseconds of each stage in the fastest round.
        var stages: [String: Double]
    }

    struct Figures: Encodable {
        var milliseconds: Double
        var bytes: Double
        /// The largest page, in bytes.
        var mostBytes: Int
        var pages: [Page]
    }

    private static let rounds = 5
    private static let resolution = 300

    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments.first == "memory" {
            guard arguments.count == 4, let resolution = Int(arguments[2]), let count = Int(arguments[3]) else {
                stop("usage: page-bench memory PAGE.jpg DPI COUNT", code: 64)
            }
            return try memory(URL(filePath: arguments[1]), resolution: resolution, count)
        }
        guard arguments.count == 1 || arguments.count == 2 else {
            stop("usage: page-bench CORPUS [FOLDER]", code: 64)
        }
        let corpus = URL(fileURLWithPath: arguments[0], isDirectory: true)
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: corpus.path)) ?? [])
            .filter { $0.hasSuffix(".jpg") }.sorted()
        guard !names.isEmpty else {
            stop("there are no .jpg files in \(corpus.path): give a folder that scan-corpus wrote", code: 66)
        }
        // As kiosk-page does.
        PageMemory.useLargePages()
        let output = arguments.count == 2 ? URL(fileURLWithPath: arguments[1], isDirectory: true) : nil
        if let output { try FileManager.default.createDirectory(at: output, withIntermediateDirectories: true) }
        let pages = try names.map { try measure($0, corpus, output) }
        let count = Double(pages.count)
        let figures = Figures(
            milliseconds: pages.reduce(0) { $0 + $1.milliseconds } / count,
            bytes: pages.reduce(0) { $0 + Double($1.bytes) } / count, mostBytes: pages.map(\.bytes).max() ?? 0,
            pages: pages)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        FileHandle.standardOutput.write(try encoder.encode(figures))
    }

    private static func measure(_ name: String, _ corpus: URL, _ output: URL?) throws -> Page {
        let file = [UInt8](try Data(contentsOf: corpus.appendingPathComponent(name)))
        let preparation = PagePreparation()
        var best: PreparedPicture?
        var fastest = Double.infinity
        for _ in 0..<rounds {
            let picture = try preparation.prepare(file, resolution: resolution)
            let time = picture.measurements.stages.reduce(0) { $0 + $1.1 }
            if time < fastest { (fastest, best) = (time, picture) }
        }
        guard let picture = best else { throw CocoaError(.fileReadCorruptFile) }
        if let output { try Data(picture.jpeg).write(to: output.appendingPathComponent(name)) }
        return Page(
            file: name, milliseconds: fastest, bytes: picture.jpeg.count, width: picture.width, height: picture.height,
            resolution: picture.resolution, angle: picture.measurements.angle,
            quarterTurns: picture.measurements.quarterTurns, isBlank: picture.isBlank,
            findings: picture.findings.map(\.code),
            stages: Dictionary(picture.measurements.stages, uniquingKeysWith: +))
    }

    /// Codes of sysexits.h: 64 used in the wrong way, 66 no input.
    private static func stop(_ reason: String, code: Int32) -> Never {
        FileHandle.standardError.write(Data((reason + "\n").utf8))
        exit(code)
    }

    private static func memory(_ page: URL, resolution: Int, _ count: Int) throws {
        guard let file = (try? Data(contentsOf: page)).map([UInt8].init) else {
            stop("\(page.path) cannot be read", code: 66)
        }
        func prepare(_ count: Int) throws -> Int {
            for _ in 0..<count {
                _ = try PagePreparation().prepare(file, resolution: resolution)
            }
            let state = mallinfo2()
            return Int(state.uordblks + state.hblkhd)
        }
        let before = try prepare(5)
        let after = try prepare(count)
        print("{\"before\": \(before), \"after\": \(after)}")
    }
}
