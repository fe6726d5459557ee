import Foundation
import Peripherals
import Testing

@testable import PageWorker

/// How long a process is used, by programs of a few lines.
@Suite("One worker for a batch", .timeLimit(.minutes(5)))
struct BatchTests {
    private static let faithful = "while ask; do good; done"

    @Test("jobs one after another are done by one process, twenty of them, the next by a new one")
    func twenty() async throws {
        let shell = try ShellWorker(Self.faithful)
        for _ in 0..<20 { try await shell.prepare() }
        let first = try #require(shell.started.first)
        #expect(shell.asked == Array(repeating: first, count: 20))
        #expect(ShellWorker.isGone(first))
        try await shell.prepare()
        #expect(shell.started.count == 2 && shell.asked.last == shell.started.last)
    }

    @Test("jobs at the same time are done by two processes, which are both kept")
    func two() async throws {
        // Nobody answers before both were asked.
        let shell = try ShellWorker(
            #"while ask; do while [ "$(wc -l <"${0%/*}/asked")" -lt 2 ]; do :; done; good; done"#)
        async let one = shell.prepare()
        async let other = shell.prepare()
        _ = try await (one, other)
        #expect(Set(shell.asked).count == 2)
        try await shell.prepare()
        #expect(shell.started.count == 2)
    }

    @Test("after a failed page the process is gone, and the next page has a new one")
    func poisoned() async throws {
        let shell = try ShellWorker(
            #"if [ -e "${0%/*}/once" ]; then ask; good; else ask; >"${0%/*}/once"; failed; fi; ask"#)
        await #expect(throws: PageError.badPicture("no JPEG")) { try await shell.prepare() }
        #expect(shell.started.map(ShellWorker.isGone) == [true])
        try await shell.prepare()
        #expect(shell.started.count == 2)
    }

    @Test(
        "what a used process fails at is asked once of a fresh one",
        arguments: ["exit 0", "kill -9 $$", "failed", "say '{}'", "exec >&-; exec sleep 1000"])
    func again(_ end: String) async throws {
        let shell = try ShellWorker("ask; good; ask; \(end)")
        try await shell.prepare()
        try await shell.prepare()
        let (used, fresh) = try #require(shell.started.count == 2 ? (shell.started[0], shell.started[1]) : nil)
        #expect(shell.asked == [used, used, fresh])
        #expect(ShellWorker.isGone(used) && !ShellWorker.isGone(fresh))
    }

    @Test("a job at which a fresh process dies, too, has failed")
    func onceOnly() async throws {
        let shell = try ShellWorker(#"ask; [ -e "${0%/*}/once" ] && exit; >"${0%/*}/once"; good; ask"#)
        try await shell.prepare()
        let error = await #expect(throws: PageError.self) { try await shell.prepare() }
        #expect(error?.code == "failed")
        #expect(shell.started.count == 2 && shell.asked.count == 3)
        #expect(shell.started.allSatisfy(ShellWorker.isGone))
    }

    @Test("a process that came to its own end while it waited is not asked again")
    func ended() async throws {
        let shell = try ShellWorker("ask; good")
        try await shell.prepare()
        let first = try #require(shell.started.first)
        // It is reaped although nobody asks for it.
        while !ShellWorker.isGone(first) { await Task.yield() }
        try await shell.prepare()
        #expect(shell.started.count == 2 && shell.asked.count == 2)
    }

    @Test("an answer to another job is nobody's, be it late or early")
    func strayAnswers() async throws {
        let other = try PageAnswer.prepared(width: 5, height: 5, resolution: 200, findings: [], codes: []).line()
        let shell = try ShellWorker(
            """
            while ask; do
                echo "$((number - 1)) \(other.replacing("\"", with: "\\\""))"
                echo "$((number + 1)) \(other.replacing("\"", with: "\\\""))"
                good
                echo "$number \(other.replacing("\"", with: "\\\""))"
            done
            """)
        for _ in 0..<3 { #expect(try await shell.prepare().page.width == 1654) }
        #expect(shell.started.count == 1)
    }

    @Test("cancelling a later job kills the process, and the next job has a new one")
    func cancelled() async throws {
        let shell = try ShellWorker("ask; good; ask; exec sleep 1000")
        try await shell.prepare()
        let preparing = Task { try await shell.prepare() }
        await shell.taken(2)
        preparing.cancel()
        let result = await preparing.result
        #expect(throws: PageError.cancelled) { try result.get() }
        #expect(shell.started.map(ShellWorker.isGone) == [true])
        try await shell.prepare()
        #expect(shell.started.count == 2)
    }

    @Test("a later job that hangs is not tried again")
    func hangs() async throws {
        var limits = ShellWorker.patient
        limits.write = .milliseconds(300)
        let shell = try ShellWorker("ask; good; ask; exec sleep 1000", limits: limits)
        try await shell.prepare()
        let page = DocumentPage(picture: ShellWorker.page, layer: nil)
        let metadata = DocumentMetadata(title: "Tờ khai", component: "x", procedure: "y", createdAt: Date())
        await #expect(throws: PageError.timedOut) {
            try await shell.worker.writePDF([page], metadata, to: shell.folder.url.appending(path: "x.pdf"))
        }
        #expect(shell.started.map(ShellWorker.isGone) == [true])
    }

    @Test("processes that wait are gone when a batch is ended, and when nobody has their worker any more")
    func release() async throws {
        var shell: ShellWorker? = try ShellWorker(Self.faithful)
        try await shell?.prepare()
        await shell?.worker.endBatch()
        #expect(shell?.started.map(ShellWorker.isGone) == [true])
        try await shell?.prepare()
        let last = try #require(shell?.started.last)
        #expect(!ShellWorker.isGone(last))
        shell = nil
        while !ShellWorker.isGone(last) { await Task.yield() }
    }
}
