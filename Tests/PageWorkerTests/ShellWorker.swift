import Foundation
import HostSystem
import Peripherals
import TestSupport

@testable import PageWorker

/// A `PageWorker` for whose `kiosk-page` a few lines of shell stand in. They have these words:
///
/// - `ask` takes the next job: its line is `$number $job`; false at the end of the input.
/// - `good` answers it with ``good``, `failed` with a failure.
/// - `real` becomes the real `kiosk-page`.
struct ShellWorker {
    static let page = ScannedPage(file: URL(filePath: "/nowhere/page.jpg"), width: 10, height: 10, resolution: 300)
    static let good = PageAnswer.prepared(
        width: 1654, height: 2339, resolution: 200, findings: [.blurred], codes: [])

    let folder = TemporaryFolder()
    let worker: PageWorker

    /// Deadlines that only a test about them reaches, on however busy a machine.
    static let patient = PageWorker.Limits(prepare: .seconds(600), recognise: .seconds(600), write: .seconds(600))

    init(_ script: String, limits: PageWorker.Limits = patient) throws {
        let program = folder.url.appending(path: "kiosk-page")
        let lines = """
            #!/bin/sh
            echo $$ >>'\(folder.url.path)/started'
            ask() { read -r number job && echo $$ >>'\(folder.url.path)/asked'; }
            say() { echo "$number $1"; }
            good() { say '\(try Self.good.line())'; }
            failed() { say '\(try PageAnswer(.badPicture("no JPEG")).line())'; }
            real() { exec '\(ThisProgram.neighbour("kiosk-page").path)' --request; }
            \(script)

            """
        try Data(lines.utf8).write(to: program)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: program.path)
        worker = PageWorker(program: program, limits: limits, cores: 2)
    }

    @discardableResult
    func prepare() async throws(PageError) -> PreparedPage {
        try await worker.prepare(Self.page, to: folder.url.appending(path: "prepared.jpg"))
    }

    /// The processes that were started.
    var started: [pid_t] { ids("started") }
    /// Of each job that was taken by `ask`, the process that took it.
    var asked: [pid_t] { ids("asked") }

    private func ids(_ file: String) -> [pid_t] {
        let text = (try? String(contentsOf: folder.url.appending(path: file), encoding: .utf8)) ?? ""
        // Without a line that is being written.
        return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().compactMap { pid_t($0) }
    }

    /// Ended and reaped.
    static func isGone(_ process: pid_t) -> Bool { kill(process, 0) != 0 && errno == ESRCH }

    /// Waits until the last one of so many jobs was taken.
    func taken(_ count: Int) async {
        while asked.count < count { await Task.yield() }
    }
}
