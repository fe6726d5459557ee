import Foundation
import PageImaging
import ScanCorpus
import Subprocess
import Testing

@Suite("Small print stays readable")
struct ReadabilityTests {
    @Test("tesseract reads a full page of 8 pt text, kept in 200 KB")
    func smallPrint() async throws {
        let page = try Prepared(CorpusPage("8 pt", .smallPrint, seed: 80, angle: 1.6))
        #expect(page.picture.jpeg.count <= 200_000)
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).jpg")
        try Data(page.picture.jpeg).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let result = try await Subprocess.run(
            .name("tesseract"), arguments: [file.path, "-", "-l", "vie+eng"],
            environment: .inherit.updating(["OMP_THREAD_LIMIT": "1"]), output: .string(limit: 1 << 20),
            error: .discarded)
        let text = Self.letters(result.standardOutput)
        let truth = Self.letters(page.truth.text)
        let rate = Double(Self.distance(text, truth)) / Double(truth.count)
        print("8 pt: \(truth.count) letters, \(rate) wrong, \(page.picture.jpeg.count) bytes")
        #expect(rate < 0.02)
    }

    private static func letters(_ text: String) -> [Character] {
        Array(text.precomposedStringWithCanonicalMapping.filter { !$0.isWhitespace })
    }

    /// Insertions, deletions and replacements (Levenshtein).
    private static func distance(_ one: [Character], _ other: [Character]) -> Int {
        var last = Array(0...other.count)
        for (row, letter) in one.enumerated() {
            var line = [row + 1]
            line.reserveCapacity(other.count + 1)
            for (column, wanted) in other.enumerated() {
                line.append(min(last[column + 1] + 1, line[column] + 1, last[column] + (letter == wanted ? 0 : 1)))
            }
            last = line
        }
        return last[other.count]
    }
}
