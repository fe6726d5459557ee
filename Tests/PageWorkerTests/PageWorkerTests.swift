import Foundation
import Peripherals
import TestSupport
import Testing

@testable import PageWorker

/// What the daemon does with a `kiosk-page` that misbehaves: programs of a few lines stand in for it.
@Suite("A worker that misbehaves", .timeLimit(.minutes(5)))
struct PageWorkerTests {
    @Test("an answer is taken, whatever libraries print around it, and the file is the one that was asked for")
    func answers() async throws {
        let shell = try ShellWorker("ask; echo 'Warning: hello'; echo '3 errors'; good; echo more")
        let prepared = try await shell.prepare()
        let file = shell.folder.url.appending(path: "prepared.jpg")
        #expect(prepared.page == ScannedPage(file: file, width: 1654, height: 2339, resolution: 200))
        #expect(prepared.findings == [.blurred])
    }

    @Test("the job comes whole, as one line of its standard input after its number")
    func request() async throws {
        let shell = try ShellWorker(#"ask; echo "$job" >"${0%/*}/job"; [ "$number" -eq 1 ] && good"#)
        try await shell.prepare()
        let line = try String(contentsOf: shell.folder.url.appending(path: "job"), encoding: .utf8)
        let file = shell.folder.url.appending(path: "prepared.jpg")
        #expect(
            PageJob(line: line.trimmingCharacters(in: .newlines)) == .prepare(page: ShellWorker.page, file: file))
    }

    @Test(
        "no answer within its bounds is a failure, never a hang",
        arguments: [
            "exit 0", "kill -9 $$", "ask; exit 0", "ask; kill -9 $$", "echo '{}'", "echo nonsense",
            "ask; echo '\(#"{"prepared":{"width":10,"height":10,"resolution":200,"findings":[],"codes":[]}}"#)'",
            "ask; say '{}'; exec sleep 1000", "ask; exec >&-; exec sleep 1000",
            "ask; say '{}'; good",
            #"ask; say '{"prepared":{"width":99999999,"height":1,"resolution":200,"findings":[],"codes":[]}}'"#,
            #"ask; say '{"prepared":{"width":10,"height":10,"resolution":9,"findings":[],"codes":[]}}'"#,
            #"ask; say '{"prepared":{"width":10,"height":10,"resolution":200,"findings":["lovely"],"codes":[]}}'"#,
            #"ask; say '{"written":{}}'; exec sleep 1000"#,
        ])
    func garbage(_ script: String) async throws {
        let shell = try ShellWorker(script)
        let error = await #expect(throws: PageError.self) { try await shell.prepare() }
        #expect(error?.code == "failed")
        #expect(shell.started.count <= 1)
        #expect(shell.started.allSatisfy(ShellWorker.isGone))
    }

    @Test(
        "what the worker says of its failure is what the kiosk knows",
        arguments: [PageError.badPicture("no JPEG"), .diskFull, .failed("because"), .timedOut])
    func failures(_ error: PageError) async throws {
        let shell = try ShellWorker("ask; say '\(try PageAnswer(error).line())'; exit 1")
        await #expect(throws: error) { try await shell.prepare() }
        #expect(shell.started.count == 1)
    }

    @Test("a worker that hangs is killed at its deadline, also one that holds on to its output")
    func hangs() async throws {
        let shell = try ShellWorker("exec sleep 1000", limits: PageWorker.Limits(prepare: .milliseconds(300)))
        await #expect(throws: PageError.timedOut) { try await shell.prepare() }
        #expect(shell.started.allSatisfy(ShellWorker.isGone))
    }

    @Test("cancelling ends the worker")
    func cancelled() async throws {
        let shell = try ShellWorker("ask; exec sleep 1000")
        let preparing = Task { try await shell.prepare() }
        await shell.taken(1)
        preparing.cancel()
        let result = await preparing.result
        #expect(throws: PageError.cancelled) { try result.get() }
        #expect(shell.started.map(ShellWorker.isGone) == [true])
    }

    @Test("a program that is not there is told with its path")
    func missing() async {
        let worker = PageWorker(program: URL(filePath: "/nowhere/kiosk-page"))
        let error = await #expect(throws: PageError.self) {
            try await worker.prepare(ShellWorker.page, to: URL(filePath: "/nowhere/x.jpg"))
        }
        if case .failed(let message) = error { #expect(message.contains("/nowhere/kiosk-page")) }
        #expect(error?.code == "failed")
    }
}
