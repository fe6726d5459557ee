import Foundation
import ScanCorpus
import Subprocess
import Testing

@Suite("Memory")
struct MemoryTests {
    private struct Bytes: Decodable {
        var before: Int
        var after: Int
    }

    /// Where the tests were built, and `page-bench` with them.
    private static let programs: URL = {
        var folder = URL(filePath: CommandLine.arguments[0])
        for argument in CommandLine.arguments where argument.contains(".xctest") { folder = URL(filePath: argument) }
        while folder.pathComponents.count > 1, folder.path.contains(".xctest") { folder.deleteLastPathComponent() }
        return folder
    }()

    /// In a process of its own: what other tests hold does not count. The ink of
    /// the page alone, one bit a pixel, would be 4 MB if it was lost each time.
    @Test("after forty pages no more is in use than after five")
    func constant() async throws {
        let page = CorpusPage("small", .notice(code: "0427"), seed: 95, angle: 2) { $0.resolution = 100 }
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).jpg")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(try page.scan().jpeg).write(to: file)
        let bench = Self.programs.appending(path: "page-bench")
        let result = try await Subprocess.run(
            .path(.init(bench.path)), arguments: ["memory", file.path, "100", "40"], output: .string(limit: 1 << 16),
            error: .discarded)
        let bytes = try JSONDecoder().decode(Bytes.self, from: Data((result.standardOutput ?? "").utf8))
        #expect(bytes.before > 0)
        #expect(bytes.after - bytes.before < 40_000)
    }
}
