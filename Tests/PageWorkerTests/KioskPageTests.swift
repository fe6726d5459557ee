import Foundation
import Peripherals
import ScanCorpus
import TestSupport
import Testing

@testable import PageWorker

/// What `kiosk-page` does with the jobs of a batch.
@Suite("kiosk-page", .timeLimit(.minutes(5)))
struct KioskPageTests {
    private let folder = TemporaryFolder()

    @Test("ten pages and their document are the same, byte for byte, from one process and from a fresh one each")
    func nothingIsCarriedOver() throws {
        let scans = try scans()
        let (batch, fresh) = (try place("batch"), try place("fresh"))
        func job(_ index: Int, _ place: URL) -> PageJob {
            .prepare(page: scans[index], file: place.appending(path: "\(index).jpg"))
        }
        // All of the batch first: the process waits for its next job for two seconds only.
        let one = try KioskPage()
        let together = try scans.indices.map { try one.answer(to: job($0, batch)) }
        #expect(try one.answer(to: document(of: batch, scans.count)) == #"{"written":{}}"#)
        let apart = try scans.indices.map { try KioskPage().answer(to: job($0, fresh)) }
        #expect(try KioskPage().answer(to: document(of: fresh, scans.count)) == #"{"written":{}}"#)
        #expect(together == apart)
        for index in scans.indices {
            #expect(together[index]?.hasPrefix(#"{"prepared""#) == true)
            #expect(try Self.isSame("\(index).jpg", batch, fresh))
        }
        #expect(try Self.isSame("all.pdf", batch, fresh))
    }

    @Test("a process takes no more memory for its twentieth page than for its fifth")
    func memory() throws {
        let scan = try #require(try scans(1).first)
        let process = try KioskPage()
        let job = PageJob.prepare(page: scan, file: folder.url.appending(path: "prepared.jpg"))
        for _ in 0..<5 { #expect(try process.answer(to: job) != nil) }
        let before = try process.residentBytes()
        for _ in 5..<19 { #expect(try process.answer(to: job) != nil) }
        // One plane of the page is 2 MB.
        #expect(before > 0)
        #expect(try process.residentBytes() - before < 8 << 20)
        #expect(try process.answer(to: job) != nil)
        // The twentieth was the last.
        #expect(try process.answer(to: job) == nil)
    }

    /// So no page of an applicant is in memory when the next one comes.
    @Test("a process ends by itself two seconds after its last job, and each job has seconds of its own")
    func patience() async throws {
        #expect(WorkerLoop.patience == .seconds(2))
        let shell = try ShellWorker("real")
        let scan = try #require(try scans(1).first)
        // The kernel's own account; again when the process was gone before it was asked.
        var limits: String?
        while limits == nil {
            _ = try await shell.worker.prepare(scan, to: folder.url.appending(path: "prepared.jpg"))
            limits = shell.started.last.flatMap { try? String(contentsOfFile: "/proc/\($0)/limits", encoding: .utf8) }
        }
        let seconds = limits?.split(separator: "\n").first { $0.hasPrefix("Max cpu time") }
        // Of a job, what was used before rounded up; of twenty jobs.
        #expect(seconds?.split(separator: " ").dropFirst(3).prefix(2) == ["301", "6020"])
        let process = try #require(shell.started.last)
        while !ShellWorker.isGone(process) { await Task.yield() }
    }

    @Test("it ends with its input: before its first job, in the middle of one, after one", arguments: [0, 1, 2])
    func leash(_ moment: Int) throws {
        let scan = try #require(try scans(1).first)
        let process = try KioskPage()
        if moment > 0 { try process.ask(.prepare(page: scan, file: folder.url.appending(path: "prepared.jpg"))) }
        if moment > 1 { #expect(process.answer() != nil) }
        #expect(try process.end() == 3)
    }

    @Test("after a page that failed it takes no more")
    func poisoned() throws {
        let process = try KioskPage()
        let missing = ScannedPage(file: folder.url.appending(path: "none.jpg"), width: 1, height: 1, resolution: 150)
        let job = PageJob.prepare(page: missing, file: folder.url.appending(path: "prepared.jpg"))
        #expect(try process.answer(to: job)?.contains("bad-picture") == true)
        #expect(process.answer() == nil)
    }

    // MARK: Pages

    private func scans(_ count: Int = 10) throws -> [ScannedPage] {
        try CorpusPage.benchmark.prefix(count).enumerated().map { index, page in
            var page = page
            page.conditions.resolution = 150
            let file = folder.url.appending(path: "scan-\(index).jpg")
            try Data(try page.scan().jpeg).write(to: file)
            return ScannedPage(file: file, width: 1, height: 1, resolution: 150)
        }
    }

    private func place(_ name: String) throws -> URL {
        let place = folder.url.appending(path: name)
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        return place
    }

    private func document(of place: URL, _ count: Int) -> PageJob {
        let pages = (0..<count).map {
            DocumentPage(
                picture: ScannedPage(file: place.appending(path: "\($0).jpg"), width: 1, height: 1, resolution: 150))
        }
        let metadata = DocumentMetadata(
            title: "Hồ sơ", component: "test", procedure: "1.001193",
            createdAt: Date(timeIntervalSince1970: 1_795_000_000))
        return .write(pages: pages, metadata: metadata, file: place.appending(path: "all.pdf"))
    }

    private static func isSame(_ name: String, _ one: URL, _ other: URL) throws -> Bool {
        try Data(contentsOf: one.appending(path: name)) == Data(contentsOf: other.appending(path: name))
    }
}
