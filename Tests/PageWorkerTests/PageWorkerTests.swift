import Foundation
import Peripherals
import TestSupport
import Testing

@testable import PageWorker

/// What the daemon does with a `kiosk-page` that misbehaves: programs of a few lines stand in for it.
@Suite("A worker that misbehaves")
struct PageWorkerTests {
    private static let page = ScannedPage(
        file: URL(filePath: "/nowhere/page.jpg"), width: 10, height: 10, resolution: 300)
    private static let good = PageAnswer.prepared(
        width: 1654, height: 2339, resolution: 200, findings: [.blurred], codes: [])

    /// A program that runs these lines of shell.
    private static func worker(
        _ script: String, in folder: TemporaryFolder, limit: Duration = .seconds(30)
    ) throws -> PageWorker {
        let program = folder.url.appending(path: "kiosk-page")
        try Data("#!/bin/sh\n\(script)\n".utf8).write(to: program)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: program.path)
        return PageWorker(program: program, limits: PageWorker.Limits(prepare: limit), cores: 2)
    }

    private static func say(_ answer: PageAnswer) throws -> String { "echo '\(try answer.line())'" }

    @Test("an answer is taken, whatever libraries print around it, and the file is the one that was asked for")
    func answers() async throws {
        let folder = TemporaryFolder()
        let file = folder.url.appending(path: "prepared.jpg")
        let worker = try Self.worker("echo 'Warning: hello'\n\(Self.say(Self.good))\necho more", in: folder)
        let prepared = try await worker.prepare(Self.page, to: file)
        #expect(prepared.page == ScannedPage(file: file, width: 1654, height: 2339, resolution: 200))
        #expect(prepared.findings == [.blurred])
    }

    @Test("the job comes whole, as one line of its standard input")
    func request() async throws {
        let folder = TemporaryFolder()
        let file = folder.url.appending(path: "prepared.jpg")
        let copy = folder.url.appending(path: "request")
        let worker = try Self.worker("read -r line\necho \"$line\" >'\(copy.path)'\n\(Self.say(Self.good))", in: folder)
        _ = try await worker.prepare(Self.page, to: file)
        let line = try String(contentsOf: copy, encoding: .utf8).trimmingCharacters(in: .newlines)
        #expect(PageJob(line: line) == .prepare(page: Self.page, file: file))
    }

    @Test(
        "no answer within its bounds is a failure, never a hang",
        arguments: [
            "exit 0", "kill -9 $$", "echo '{}'", "echo nonsense",
            #"echo '{"prepared":{"width":99999999,"height":1,"resolution":200,"findings":[],"codes":[]}}'"#,
            #"echo '{"prepared":{"width":10,"height":10,"resolution":9,"findings":[],"codes":[]}}'"#,
            #"echo '{"prepared":{"width":10,"height":10,"resolution":200,"findings":["lovely"],"codes":[]}}'"#,
            #"echo '{"written":{}}'"#,
        ])
    func garbage(_ script: String) async throws {
        let folder = TemporaryFolder()
        let worker = try Self.worker(script, in: folder)
        let error = await #expect(throws: PageError.self) {
            try await worker.prepare(Self.page, to: folder.url.appending(path: "x.jpg"))
        }
        #expect(error?.code == "failed")
    }

    @Test(
        "what the worker says of its failure is what the kiosk knows",
        arguments: [PageError.badPicture("no JPEG"), .diskFull, .failed("because"), .timedOut])
    func failures(_ error: PageError) async throws {
        let folder = TemporaryFolder()
        let worker = try Self.worker(Self.say(PageAnswer(error)) + "\nexit 1", in: folder)
        await #expect(throws: error) {
            try await worker.prepare(Self.page, to: folder.url.appending(path: "x.jpg"))
        }
    }

    @Test("a worker that hangs is killed at its deadline, also one that holds on to its output")
    func hangs() async throws {
        let folder = TemporaryFolder()
        let pid = folder.url.appending(path: "pid")
        let worker = try Self.worker(
            "echo $$ >'\(pid.path)'\nexec sleep 1000", in: folder, limit: .milliseconds(300))
        await #expect(throws: PageError.timedOut) {
            try await worker.prepare(Self.page, to: folder.url.appending(path: "x.jpg"))
        }
        let process = try #require(
            pid_t(try String(contentsOf: pid, encoding: .utf8).trimmingCharacters(in: .newlines)))
        #expect(kill(process, 0) != 0 && errno == ESRCH)
    }

    @Test("cancelling ends the worker")
    func cancelled() async throws {
        let folder = TemporaryFolder()
        let pid = folder.url.appending(path: "pid")
        let worker = try Self.worker("echo $$ >'\(pid.path)'\nexec sleep 1000", in: folder)
        let preparing = Task { try await worker.prepare(Self.page, to: folder.url.appending(path: "x.jpg")) }
        while (try? String(contentsOf: pid, encoding: .utf8))?.hasSuffix("\n") != true { await Task.yield() }
        preparing.cancel()
        let result = await preparing.result
        #expect(throws: PageError.cancelled) { try result.get() }
        let process = try #require(
            pid_t(try String(contentsOf: pid, encoding: .utf8).trimmingCharacters(in: .newlines)))
        #expect(kill(process, 0) != 0 && errno == ESRCH)
    }

    @Test("a program that is not there is told with its path")
    func missing() async {
        let worker = PageWorker(program: URL(filePath: "/nowhere/kiosk-page"))
        let error = await #expect(throws: PageError.self) {
            try await worker.prepare(Self.page, to: URL(filePath: "/nowhere/x.jpg"))
        }
        if case .failed(let message) = error { #expect(message.contains("/nowhere/kiosk-page")) }
        #expect(error?.code == "failed")
    }
}
