import Foundation
import Fuzzing
import TestSupport
import Testing

/// What the fuzzer begins with and what it found, run once each by the ordinary tests.
@Suite("Fuzz targets")
struct FuzzingTests {
    private static let seeds = Result { try Seeds() }

    @Test("every target has seeds, and takes each of them", arguments: FuzzTarget.all.map(\.name))
    func seeds(_ name: String) throws {
        let target = try #require(FuzzTarget.named(name))
        let seeds = try #require(try Self.seeds.get().byTarget[name])
        #expect(!seeds.isEmpty && seeds.allSatisfy { $0.count <= target.longest })
        for seed in seeds { target.run(seed) }
    }

    @Test("what the fuzzer found stays fixed", arguments: Finding.all)
    func findings(_ finding: Finding) throws {
        let target = try #require(FuzzTarget.named(finding.target), "no target \(finding.target)")
        target.run([UInt8](try Data(contentsOf: finding.file)))
    }

    @Test("the corpora are written, one file a seed: into KIOSK_FUZZ_CORPUS, where scripts/fuzz asks for them")
    func corpora() throws {
        let temporary = TemporaryFolder()
        let folder =
            ProcessInfo.processInfo.environment["KIOSK_FUZZ_CORPUS"].map { URL(filePath: $0) } ?? temporary.url
        for (name, seeds) in try Self.seeds.get().byTarget {
            let place = folder.appending(path: name)
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            for (index, seed) in seeds.enumerated() { try Data(seed).write(to: place.appending(path: "seed-\(index)")) }
            #expect(try FileManager.default.contentsOfDirectory(atPath: place.path).count >= seeds.count)
        }
    }

    /// A file `Regression/TARGET/what-was-wrong`.
    struct Finding: Sendable, CustomTestStringConvertible {
        let target: String
        let file: URL

        var testDescription: String { "\(target): \(file.lastPathComponent)" }

        static let all: [Finding] = {
            let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Regression")
            return entries(of: folder).flatMap { target in
                entries(of: target).map { Finding(target: target.lastPathComponent, file: $0) }
            }
        }()

        private static func entries(of folder: URL) -> [URL] {
            do {
                return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
                    .sorted { $0.path < $1.path }
            } catch {
                preconditionFailure("\(folder.lastPathComponent) cannot be listed")
            }
        }
    }
}
