import Foundation
import HostSystem

@testable import PageWorker

/// The real `kiosk-page`, spoken to on its pipes and without any other thread: it waits for a next job for two seconds only.
final class KioskPage {
    private let process = Process()
    private let (input, output) = (Pipe(), Pipe())
    private var asked = 0
    private var said = Data()

    init() throws {
        ThisProgram.surviveBrokenPipes()
        process.executableURL = ThisProgram.neighbour("kiosk-page")
        process.arguments = ["--request"]
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    deinit { process.terminate() }

    func ask(_ job: PageJob) throws {
        asked += 1
        let line = WorkerLine(number: asked, text: try job.line())
        try input.fileHandleForWriting.write(contentsOf: Data("\(line)\n".utf8))
    }

    /// The text of the answer to the last job; nil when the process ended without one.
    func answer() -> String? {
        while true {
            while let end = said.firstIndex(of: UInt8(ascii: "\n")) {
                let line = WorkerLine(String(decoding: said[said.startIndex..<end], as: UTF8.self))
                said = said[(end + 1)...]
                if let line, line.number == asked { return line.text }
            }
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { return nil }
            said += more
        }
    }

    func answer(to job: PageJob) throws -> String? {
        try ask(job)
        return answer()
    }

    /// Memory that is really there, in bytes.
    func residentBytes() throws -> Int {
        let fields = try String(contentsOfFile: "/proc/\(process.processIdentifier)/statm", encoding: .utf8)
            .split(separator: " ")
        return (fields.count > 1 ? Int(fields[1]) ?? 0 : 0) * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// Closes its input.
    /// - Returns: its exit status; nil when a signal ended it.
    func end() throws -> Int32? {
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        return process.terminationReason == .exit ? process.terminationStatus : nil
    }
}
