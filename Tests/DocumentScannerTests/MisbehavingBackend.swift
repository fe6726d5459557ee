import DocumentScanner
import Foundation
import Subprocess
import Testing

/// The SANE back end `misbehaving`, compiled once by the compiler that comes with Swift, and loaded by the real libsane.
enum MisbehavingBackend {
    /// A folder with the library.
    private static let library = Task<URL, any Error> {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("misbehaving-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let source = try #require(
            Bundle.module.url(forResource: "misbehaving", withExtension: "c", subdirectory: "Misbehaving"))
        _ = try await output(
            of: "clang",
            ["-shared", "-fPIC", "-w", "-o", folder.path + "/libsane-misbehaving.so.1", source.path])
        return folder
    }

    /// A scanner of it that does `what` at `moment` after `page` pages.
    static func scanner(
        _ bench: borrowing ScannerBench, _ moment: String, after page: Int = 0, _ what: String,
        limits: ScanLimits = ScanLimits(), search: Bool = false
    ) async throws -> SANEScanner {
        let sane = bench.root.appendingPathComponent("sane")
        try SANEConfiguration.write(to: sane, backends: ["misbehaving"])
        try Data("\(moment) \(page) \(what)\n".utf8).write(to: sane.appendingPathComponent("misbehave.conf"))
        let program = bench.root.appendingPathComponent("kiosk-scan")
        let script = """
            #!/bin/sh
            exec env LD_LIBRARY_PATH='\(try await library.value.path)' '\(ScannerBench.program.path)' "$@"

            """
        try Data(script.utf8).write(to: program)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: program.path)
        return SANEScanner(
            ScannerSetup(
                program: program, saneConfig: sane,
                device: search ? .first : ScannerSelection(name: "misbehaving:0"), limits: limits,
                statusLifetime: .zero))
    }

    /// Returns when the moment has come.
    static func reached(_ bench: borrowing ScannerBench) async {
        let mark = bench.root.appendingPathComponent("sane/reached").path
        while !FileManager.default.fileExists(atPath: mark) { await Task.yield() }
    }
}
