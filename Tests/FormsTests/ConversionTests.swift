import Foundation
import Testing

@Suite("The committed XForms")
struct ConversionTests {
    @Test("are what scripts/forms makes of their sources now")
    func fresh() async throws {
        let fixtures = try FileManager.default.contentsOfDirectory(atPath: House.fixtures.path)
            .filter { $0.hasSuffix(".md") }.map { House.fixtures.appendingPathComponent($0).path }
        for arguments in [[], fixtures] {
            let (status, output) = try await run(["--check"] + arguments)
            #expect(status == 0, "\(output)")
        }
    }

    @Test("are refused when they differ, with the command that mends it")
    func stale() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("forms-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = folder.appendingPathComponent("visit.md")
        try FileManager.default.copyItem(at: House.fixtures.appendingPathComponent("visit.md"), to: source)
        try Data("<old/>\n".utf8).write(to: folder.appendingPathComponent("visit.xml"))
        let (status, output) = try await run(["--check", source.path])
        #expect(status == 1)
        #expect(output.contains("run scripts/forms"))
        #expect(try await run([source.path]).status == 0)
        #expect(try await run(["--check", source.path]).status == 0)
    }

    @Test("a mistake in a form is one clear line")
    func mistake() async throws {
        let source = FileManager.default.temporaryDirectory.appendingPathComponent("forms-\(UUID().uuidString).md")
        defer { try? FileManager.default.removeItem(at: source) }
        try Data("| survey |\n| | type | name | label |\n| | txt | a | A |\n".utf8).write(to: source)
        let (status, output) = try await run(["--check", source.path])
        #expect(status == 1)
        #expect(output.contains("txt"))
        #expect(!output.contains("Traceback"))
    }

    /// Waits without holding a thread of the pool that all tests share.
    private func run(_ arguments: [String]) async throws -> (status: Int32, output: String) {
        let log = FileManager.default.temporaryDirectory.appendingPathComponent("forms-\(UUID().uuidString).log")
        try Data().write(to: log)
        defer { try? FileManager.default.removeItem(at: log) }
        let process = Process()
        let handle = try FileHandle(forWritingTo: log)
        process.executableURL = House.root.appendingPathComponent("scripts/forms")
        process.arguments = arguments
        process.standardOutput = handle
        process.standardError = handle
        process.standardInput = FileHandle.nullDevice
        let status: Int32 = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        try handle.close()
        return (status, String(bytes: try Data(contentsOf: log), encoding: .utf8) ?? "")
    }
}
