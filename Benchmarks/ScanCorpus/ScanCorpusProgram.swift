import Foundation
import ScanCorpus

/// Writes the corpus of ten scanned pages into a folder: `page-01.jpg` … `page-10.jpg` (A4, 300 dpi) and `truth.json`.
///
/// `truth.json` is `{"pages": [...]}` in the order of the files; each page is a `CorpusTruth`: `file`, `name` (what is
/// special about it), `width`, `height` (pixels), `resolution` (dots per inch), `angle` (degrees, clockwise),
/// `quarterTurns` (clockwise, how the paper lies in the picture), `corners` (the paper's four corners in pixels of the
/// picture, clockwise from the upright paper's top left), `paperWidth`, `paperHeight` (millimetres, upright), `isBlank`,
/// `codes` (texts of the QR and bar codes), and `text` (paragraphs in reading order, one a line; empty when blank).
@main
enum ScanCorpusProgram {
    static func main() throws {
        guard let path = CommandLine.arguments.dropFirst().first, CommandLine.arguments.count == 2 else {
            FileHandle.standardError.write(Data("usage: scan-corpus FOLDER\n".utf8))
            exit(64)
        }
        let folder = URL(fileURLWithPath: path, isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var truths: [CorpusTruth] = []
        for (index, page) in CorpusPage.benchmark.enumerated() {
            let number = index + 1
            let scan = try page.scan()
            var truth = scan.truth
            truth.file = "page-\(number < 10 ? "0" : "")\(number).jpg"
            try Data(scan.jpeg).write(to: folder.appendingPathComponent(truth.file))
            truths.append(truth)
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(["pages": truths]).write(to: folder.appendingPathComponent("truth.json"))
    }
}
