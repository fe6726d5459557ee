import DocumentScanner
import Foundation
import Peripherals
import Simulator
import Subprocess
import Testing

@Suite("Processes of a scan")
struct ScannerProcessTests {
    /// A scanner whose `kiosk-scan` is a shell script.
    private func scanner(_ bench: borrowing ScannerBench, _ script: String, limits: ScanLimits) throws -> SANEScanner {
        let program = bench.root.appendingPathComponent("kiosk-scan")
        try Data("#!/bin/sh\n\(script)\n".utf8).write(to: program)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: program.path)
        // The configuration's folder marks the processes of this test.
        return SANEScanner(ScannerSetup(program: program, saneConfig: bench.root, limits: limits))
    }

    private static let patient = ScanLimits()
    private static let impatient = ScanLimits(
        opening: .milliseconds(300), page: .milliseconds(300), stopping: .milliseconds(300))

    @Test("a back end that hangs and ignores every wish is killed, with all that it started", .timeLimit(.minutes(1)))
    func hanging() async throws {
        let bench = try ScannerBench()
        let scanner = try scanner(bench, "trap '' TERM; sleep 1000 & sleep 1000; sleep 1000", limits: Self.impatient)
        #expect(await collect(scanner.scan(into: bench.pages)).error == .timedOut)
        // What it had started is killed with it, and is gone as soon as the kernel has put it away.
        while processes(of: bench.root, named: "") != [] { await Task.yield() }
    }

    @Test("one that hangs while it is asked to stop is killed too")
    func hangingOnCancel() async throws {
        let bench = try ScannerBench()
        let limits = ScanLimits(opening: .seconds(600), page: .seconds(600), stopping: .milliseconds(100))
        let scanner = try scanner(
            bench, "trap '' TERM; echo '{\"event\":\"opened\",\"name\":\"x\"}'; while :; do sleep 1000; done",
            limits: limits)
        let stream = scanner.scan(into: bench.pages)
        let reader = Task { for try await _ in stream {} }
        while processes(of: bench.root, named: "sleep").isEmpty { await Task.yield() }
        reader.cancel()
        _ = await reader.result
        // The next job waits until the process of this one is gone. Its own is killed after the same time.
        try Data("#!/bin/sh\necho '{\"event\":\"done\"}'\n".utf8)
            .write(to: bench.root.appendingPathComponent("kiosk-scan"), options: .atomic)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o700], ofItemAtPath: bench.root.appendingPathComponent("kiosk-scan").path)
        #expect(await collect(scanner.scan(into: bench.pages)).error == nil)
        #expect(processes(of: bench.root, named: "") == [])
    }

    @Test("a back end that crashes is an error of this scan only", arguments: ["kill -SEGV $$", "exit 0", "exit 7"])
    func crash(_ script: String) async throws {
        let bench = try ScannerBench()
        let scanner = try scanner(bench, script, limits: Self.patient)
        guard case .failed(let reason) = await collect(scanner.scan(into: bench.pages)).error else {
            Issue.record("a crash must be an error")
            return
        }
        #expect(reason.contains("crashed"))
        #expect(await scanner.condition() == .unknown)
    }

    @Test("what a back end prints between the events is ignored")
    func noise() async throws {
        let bench = try ScannerBench()
        let events = [
            "[genesys] warming up", #"{"event":"opened","name":"x"}"#, "Segmentation fault (not really)",
            #"{"event":"page","file":"a.jpg","width":1,"height":2,"resolution":300}"#, "{", #"{"event":"done"}"#,
        ]
        let scanner = try scanner(
            bench, events.map { "echo '\($0)'" }.joined(separator: "\n"), limits: Self.patient)
        let (pages, error) = await collect(scanner.scan(into: bench.pages))
        #expect(error == nil)
        #expect(pages.map(\.file.lastPathComponent) == ["a.jpg"])
    }

    @Test("when the daemon dies, the scan ends: the end of standard input is the end of the job")
    func leash() async throws {
        let bench = try ScannerBench()
        try await withScanner(sheets: [.blank]) { server, address in
            let setup = try ScannerSetup.driverless(
                escl: address, saneConfig: bench.root.appendingPathComponent("sane"))
            _ = try await server.apply(["slow", "600000"])
            let request = ScanRequest(job: .scan, device: setup.device, directory: bench.pages.path)
            let line = try request.line() + "\n"
            let result = try await Subprocess.run(
                .path(.init(ScannerBench.program.path)), arguments: ["--request"],
                environment: .inherit.updating(["SANE_CONFIG_DIR": setup.saneConfig?.path]), input: .inputWriter,
                output: .string(limit: 10_000), error: .discarded
            ) { execution in
                _ = try await execution.standardInputWriter.write(line)
                while await server.pagesFetched == 0 { await Task.yield() }
                try await execution.standardInputWriter.finish()
            }
            let events = result.standardOutput.split(separator: "\n").compactMap { ScanEvent(line: String($0)) }
            #expect(events.last == .failed(.cancelled))
        }
    }

    @Test("a request that cannot be read is answered, not guessed")
    func badRequest() async throws {
        let result = try await Subprocess.run(
            .path(.init(ScannerBench.program.path)), arguments: ["--request"], input: .string("scan!\n"),
            output: .string(limit: 10_000))
        #expect(result.terminationStatus == .exited(2))
        #expect(result.standardOutput.contains(#""event":"failed""#))
    }
}
