import Foundation
import HostSystem
import Peripherals
import ScanCorpus
import TestSupport
import Testing

@testable import PageWorker

/// The real `kiosk-page`.
@Suite("kiosk-page", .timeLimit(.minutes(5)))
struct KioskPageTests {
    @Test("ten pages and their document are the same, byte for byte, from one process and from a fresh one each")
    func nothingIsCarriedOver() async throws {
        let shell = try ShellWorker("real")
        let scans = try Self.scans(in: shell.folder.url)
        var (batch, fresh): ([PreparedPage], [PreparedPage]) = ([], [])
        for scan in scans { batch.append(try await Self.prepare(scan, "batch", shell.worker)) }
        try await Self.write(batch, shell.folder.url.appending(path: "batch.pdf"), shell.worker)
        #expect(shell.started.count == 1)
        await shell.worker.endBatch()
        for scan in scans {
            fresh.append(try await Self.prepare(scan, "fresh", shell.worker))
            await shell.worker.endBatch()
        }
        try await Self.write(fresh, shell.folder.url.appending(path: "fresh.pdf"), shell.worker)
        #expect(shell.started.count == 12)
        for (one, other) in zip(batch, fresh) {
            #expect(try Data(contentsOf: one.page.file) == Data(contentsOf: other.page.file))
            #expect(one.findings == other.findings && one.codes == other.codes)
            #expect(one.page.width == other.page.width && one.page.height == other.page.height)
        }
        let documents = try ["batch.pdf", "fresh.pdf"].map {
            try Data(contentsOf: shell.folder.url.appending(path: $0))
        }
        #expect(documents[0] == documents[1])
    }

    /// So no page of an applicant is in memory when the next one comes.
    @Test("a process ends by itself two seconds after its last job, and each job has seconds of its own")
    func patience() async throws {
        #expect(WorkerLoop.patience == .seconds(2))
        let shell = try ShellWorker("real")
        let scan = try #require(try Self.scans(in: shell.folder.url, count: 1).first)
        _ = try await Self.prepare(scan, "first", shell.worker)
        let process = try #require(shell.started.first)
        // The kernel's own account: what the process took before the job is not counted.
        let limits = try String(contentsOfFile: "/proc/\(process)/limits", encoding: .utf8)
        let seconds = limits.split(separator: "\n").first { $0.hasPrefix("Max cpu time") }
        #expect(seconds?.split(separator: " ").dropFirst(3).prefix(2) == ["301", "6020"])
        while !ShellWorker.isGone(process) { await Task.yield() }
        _ = try await Self.prepare(scan, "second", shell.worker)
        #expect(shell.started.count == 2)
    }

    @Test("it ends with its input, before its first job, after one and in the middle of one", arguments: [0, 1, 2])
    func leash(_ jobs: Int) throws {
        let folder = TemporaryFolder()
        let scan = try #require(try Self.scans(in: folder.url, count: 1).first)
        let job = PageJob.prepare(page: scan, file: folder.url.appending(path: "prepared.jpg"))
        let process = Process()
        process.executableURL = ThisProgram.neighbour("kiosk-page")
        process.arguments = ["--request"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        for number in 0..<jobs {
            input.fileHandleForWriting.write(Data("\(WorkerLine(number: number, text: try job.line()))\n".utf8))
            // Of the second one nobody waits for the answer.
            if number == 0 { #expect(output.fileHandleForReading.availableData.count > 0) }
        }
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == 3)
    }

    // MARK: Pages

    private static func scans(in folder: URL, count: Int = 10) throws -> [ScannedPage] {
        try CorpusPage.benchmark.prefix(count).enumerated().map { index, page in
            var page = page
            page.conditions.resolution = 150
            let file = folder.appending(path: "scan-\(index).jpg")
            try Data(try page.scan().jpeg).write(to: file)
            return ScannedPage(file: file, width: 1, height: 1, resolution: 150)
        }
    }

    private static func prepare(_ scan: ScannedPage, _ name: String, _ worker: PageWorker) async throws -> PreparedPage
    {
        let folder = scan.file.deletingLastPathComponent().appending(path: name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return try await worker.prepare(scan, to: folder.appending(path: scan.file.lastPathComponent))
    }

    private static func write(_ pages: [PreparedPage], _ file: URL, _ worker: PageWorker) async throws {
        let metadata = DocumentMetadata(
            title: "Hồ sơ", component: "test", procedure: "1.001193",
            createdAt: Date(timeIntervalSince1970: 1_795_000_000))
        try await worker.writePDF(pages.map { DocumentPage(picture: $0.page) }, metadata, to: file)
    }
}
