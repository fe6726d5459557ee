import Foundation
import Testing

@testable import HostSystem

@Suite("Processes")
struct ProcessTests {
    @Test("a program beside this one is found where this one really is, not where a link to it is")
    func neighbour() {
        let program = ThisProgram.neighbour("kiosk-page")
        #expect(program.lastPathComponent == "kiosk-page" && program.path.hasPrefix("/"))
        #expect(FileManager.default.isExecutableFile(atPath: program.path))
    }

    /// The kernel's own account of a program that limited itself, and that waits for its job.
    @Test("a process that took limits upon itself has them, dumps no core and keeps its files to itself")
    func limits() async throws {
        let process = Process()
        process.executableURL = ThisProgram.neighbour("kiosk-page")
        process.arguments = ["--request"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let place = "/proc/\(process.processIdentifier)"
        // The program sets its umask last.
        while process.isRunning, try Self.field("Umask:", of: place + "/status") != "0077" { await Task.yield() }
        let soft = try [
            "Max data size", "Max file size", "Max cpu time", "Max core file size",
        ].map { try Self.field($0, of: place + "/limits") }
        #expect(soft == ["1073741824", "1073741824", "300", "0"])
        // Bit 25 - 1 of the mask: SIGXFSZ.
        let ignored = try #require(UInt64(try Self.field("SigIgn:", of: place + "/status") ?? "", radix: 16))
        #expect(ignored & (1 << (UInt64(SIGXFSZ) - 1)) != 0)
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// The first word after a name in a file of the kernel's.
    private static func field(_ name: String, of file: String) throws -> String? {
        try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").first { $0.hasPrefix(name) }
            .flatMap { $0.dropFirst(name.count).split(whereSeparator: \.isWhitespace).first.map(String.init) }
    }
}
