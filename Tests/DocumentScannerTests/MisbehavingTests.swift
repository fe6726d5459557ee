import DocumentScanner
import Foundation
import Peripherals
import Testing

@Suite("A back end that misbehaves costs one scan, and nothing else", .timeLimit(.minutes(10)))
struct MisbehavingTests {
    /// Enough for a process to start on a busy machine.
    private static let limits = ScanLimits(
        opening: .seconds(3), page: .milliseconds(1500), stopping: .milliseconds(300))

    private static let moments = ["init", "devices", "open", "options", "start", "parameters", "read", "middle"]

    private static func isClean(_ bench: borrowing ScannerBench) async throws {
        // What was killed takes a moment to be gone; the suite's time limit bounds the wait.
        while !processes(of: bench.root, named: "").isEmpty { await Task.yield() }
        let names = try FileManager.default.contentsOfDirectory(atPath: bench.pages.path)
        #expect(names.allSatisfy { !$0.hasPrefix(".") }, "no part of a page is left")
    }

    @Test(
        "one that hangs, spins or leaves a child is killed at every moment",
        arguments: moments, ["hang", "spin", "child"])
    func late(_ moment: String, _ what: String) async throws {
        await Gate.processes.enter()
        defer { Gate.processes.leave() }
        let bench = try ScannerBench()
        let scanner = try await MisbehavingBackend.scanner(
            bench, moment, what, limits: Self.limits, search: moment == "devices")
        let (pages, error) = await collect(scanner.scan(into: bench.pages))
        #expect(pages.isEmpty && error == .timedOut)
        try await Self.isClean(bench)
    }

    @Test("one that hangs within a batch keeps the pages before", arguments: ["start", "read", "middle"], [1, 9])
    func lateInBatch(_ moment: String, _ page: Int) async throws {
        await Gate.processes.enter()
        defer { Gate.processes.leave() }
        let bench = try ScannerBench()
        let scanner = try await MisbehavingBackend.scanner(bench, moment, after: page, "hang", limits: Self.limits)
        let (pages, error) = await collect(scanner.scan(into: bench.pages))
        #expect(pages.count == page && error == .timedOut)
        try await Self.isClean(bench)
    }

    @Test("one that crashes or takes all memory is an error of this scan", arguments: moments, ["crash", "eat"])
    func dead(_ moment: String, _ what: String) async throws {
        await Gate.processes.enter()
        defer { Gate.processes.leave() }
        let bench = try ScannerBench()
        let scanner = try await MisbehavingBackend.scanner(bench, moment, what, search: moment == "devices")
        let (pages, error) = await collect(scanner.scan(into: bench.pages))
        #expect(pages.isEmpty)
        guard case .failed(let reason) = error else {
            Issue.record("\(moment) \(what): \(String(describing: error))")
            return
        }
        #expect(reason.contains("crashed"))
        try await Self.isClean(bench)
    }

    @Test(
        "one that hangs or crashes when all is done spoils nothing", arguments: ["cancel", "close", "exit"],
        ["hang", "crash", "spin"])
    func afterTheEnd(_ moment: String, _ what: String) async throws {
        await Gate.processes.enter()
        defer { Gate.processes.leave() }
        let bench = try ScannerBench()
        let scanner = try await MisbehavingBackend.scanner(bench, moment, what, limits: Self.limits)
        let (pages, error) = await collect(scanner.scan(into: bench.pages))
        #expect(pages.count == 10 && error == nil)
        try await Self.isClean(bench)
    }

    @Test(
        "one that hangs while it is asked how it is leaves the condition unknown", arguments: ["init", "open", "close"])
    func status(_ moment: String) async throws {
        await Gate.processes.enter()
        defer { Gate.processes.leave() }
        let bench = try ScannerBench()
        let scanner = try await MisbehavingBackend.scanner(bench, moment, "hang", limits: Self.limits)
        #expect(await scanner.condition() == (moment == "close" ? .ready : .unknown))
        try await Self.isClean(bench)
    }

    @Test(
        "a scan can be given up at every moment, also while the back end hangs",
        arguments: ["open", "options", "start", "read", "middle", "close"])
    func cancel(_ moment: String) async throws {
        await Gate.processes.enter()
        defer { Gate.processes.leave() }
        let bench = try ScannerBench()
        let limits = ScanLimits(opening: .seconds(600), page: .seconds(600), stopping: .milliseconds(300))
        let scanner = try await MisbehavingBackend.scanner(bench, moment, "hang", limits: limits)
        let stream = scanner.scan(into: bench.pages)
        let reader = Task { for try await _ in stream {} }
        await MisbehavingBackend.reached(bench)
        reader.cancel()
        _ = await reader.result
        // The next job waits for the end of this one's process.
        try FileManager.default.removeItem(at: bench.root.appendingPathComponent("sane/misbehave.conf"))
        let (pages, error) = await collect(scanner.scan(into: bench.pages))
        #expect(error == nil && pages.count == 10)
        try await Self.isClean(bench)
    }

    @Test("a scan that is given up before it begins never opens the scanner")
    func cancelFirst() async throws {
        await Gate.processes.enter()
        defer { Gate.processes.leave() }
        let bench = try ScannerBench()
        let scanner = try await MisbehavingBackend.scanner(bench, "open", "hang", limits: Self.limits)
        let stream = scanner.scan(into: bench.pages)
        let reader = Task { for try await _ in stream {} }
        reader.cancel()
        _ = await reader.result
        try FileManager.default.removeItem(at: bench.root.appendingPathComponent("sane/misbehave.conf"))
        #expect(await collect(scanner.scan(into: bench.pages)).pages.count == 10)
        try await Self.isClean(bench)
    }

    /// SANE Standard 1.06, 4.2.7, by number; what each means at the first bytes of a page.
    static let statuses: [(Int, ScanError)] = [
        (2, .cancelled), (3, .device(.busy)), (4, .device(.fault)), (6, .device(.jam)), (8, .device(.coverOpen)),
        (9, .device(.fault)), (11, .device(.accessDenied)), (12, .device(.warmingUp)),
    ]

    @Test(
        "each SANE status at each page of a batch: the pages before are kept, the error is its own",
        arguments: statuses, ["start", "read"])
    func status(_ status: (number: Int, error: ScanError), _ moment: String) async throws {
        await Gate.processes.enter()
        defer { Gate.processes.leave() }
        for page in 0..<10 {
            let bench = try ScannerBench()
            let scanner = try await MisbehavingBackend.scanner(bench, moment, after: page, String(status.number))
            let (pages, error) = await collect(scanner.scan(into: bench.pages))
            #expect(pages.count == page && error == status.error, "\(status) at \(moment) of page \(page)")
            try FileManager.default.removeItem(at: bench.root.appendingPathComponent("sane/misbehave.conf"))
            let next = await collect(scanner.scan(into: bench.pages))
            #expect(next.pages.count == 10 && next.error == nil)
        }
    }

    @Test("no documents: at the start an empty feeder, after a page the end, within a page a jam", arguments: 0..<10)
    func noDocuments(_ page: Int) async throws {
        await Gate.processes.enter()
        defer { Gate.processes.leave() }
        let bench = try ScannerBench()
        let atStart = try await MisbehavingBackend.scanner(bench, "start", after: page, "7")
        let start = await collect(atStart.scan(into: bench.pages))
        #expect(start.pages.count == page && start.error == (page == 0 ? .device(.feederEmpty) : nil))
        let within = try await MisbehavingBackend.scanner(bench, "middle", after: page, "7")
        let middle = await collect(within.scan(into: bench.pages))
        #expect(middle.pages.count == page && middle.error == .device(.jam))
    }

    @Test("a part of a page that a killed process left is removed")
    func partial() async throws {
        await Gate.processes.enter()
        defer { Gate.processes.leave() }
        let bench = try ScannerBench()
        let scanner = try await MisbehavingBackend.scanner(bench, "start", "hang", limits: Self.limits)
        let part = bench.pages.appendingPathComponent(".page-001.jpg.0A1B.part")
        try Data("half".utf8).write(to: part)
        #expect(await collect(scanner.scan(into: bench.pages)).error == .timedOut)
        #expect(!FileManager.default.fileExists(atPath: part.path))
    }
}
