import CUPSTestSupport
import Foundation
import Peripherals
import Testing

@testable import OfficePrinter

/// Against CUPS's own server and CUPS's own simulation of an IPP printer. One after the other: each starts three programs.
@Suite("an office printer behind a real CUPS", .serialized, .timeLimit(.minutes(2)))
struct RealCUPSTests {
    @Test("the declaration arrives whole; the printer counts its sheets, so it is printed; CUPS forgets it")
    func prints() async throws {
        let hall = try await OfficePrinterHall()
        let book = StepBook()
        let outcome = await hall.driver.print(Sample.declaration, job: UUID(), journal: book.journal)
        #expect(outcome == .printed)
        #expect(book.all.first == .sending(pages: 1))
        #expect(book.all.count == 2)
        let papers = try await hall.papers()
        #expect(papers.count == 1)
        let text = try await Sample.text(of: try #require(papers.first))
        for words in ["TỜ KHAI ĐĂNG KÝ KHAI SINH", "NGUYỄN THỊ THU THẢO", "RƠ CHÂM H'BLUÊ", Sample.code, "Trang 1/1"] {
            #expect(text.contains(words), "\(words)")
        }
        let rig = hall.rig
        let kept = try await offPool { try rig.run("lpstat", ["-W", "completed", "-o", "office"]) }
        #expect(kept.isEmpty, "CUPS keeps \(kept)")
        #expect(await hall.driver.condition() == .ready)
        #expect(await hall.driver.report().product?.contains("IPP Everywhere") == true)
        #expect(await hall.driver.advice().isEmpty)
    }

    @Test("a printer that counts nothing can't prove its paper: transmitted")
    func countsNothing() async throws {
        let hall = try await OfficePrinterHall()
        try hall.device.countNothing()
        #expect(await hall.driver.print(Sample.declaration, job: UUID()) { _ in } == .transmitted)
    }

    @Test("paper out and an open cover during a job are told at once; after the repair it is printed once")
    func faultsDuringJob() async throws {
        let hall = try await OfficePrinterHall()
        let book = StepBook()
        try hall.device.hold("media-empty-error")
        async let outcome = hall.driver.print(Sample.declaration, job: UUID(), journal: book.journal)
        await book.waiting(.paperOut)
        try hall.device.hold("cover-open-error")
        await book.waiting(.coverOpen)
        #expect(await hall.driver.condition() == .coverOpen)
        try hall.device.release()
        #expect(await outcome == .printed)
        #expect(try await hall.papers().count == 1)
    }

    @Test(
        "what an idle printer only reports arrives by its type and severity, from the printer itself",
        arguments: [("media-empty", PrinterStateReason.Kind.mediaEmpty), ("cover-open", .coverOpen)])
    func reportsWhenIdle(_ reason: String, _ kind: PrinterStateReason.Kind) async throws {
        let hall = try await OfficePrinterHall()
        try hall.device.leave(reason)
        #expect(await hall.driver.print(Sample.declaration, job: UUID()) { _ in } == .printed)
        let answer = try await offPool { hall.queue.lookAtDevice(try hall.queue.look()) }
        guard case .answered(let device) = answer else {
            Issue.record("\(answer)")
            return
        }
        #expect(device.state == .idle && device.has(kind))
        #expect(device.reasons.allSatisfy { $0.severity == .report })
    }

    @Test("the power is cut in the middle of a job: CUPS says completed, the kiosk says that nobody knows")
    func powerCut() async throws {
        let hall = try await OfficePrinterHall()
        let book = StepBook()
        try hall.device.hold("")
        async let outcome = hall.driver.print(Sample.declaration, job: UUID(), journal: book.journal)
        await book.queued()
        try await offPool {
            guard Wait.until({ hall.device.hasBegun }) else { throw CocoaError(.fileNoSuchFile) }
            hall.device.cutPower()
        }
        await book.waiting(.offline)
        try hall.device.release()
        try await offPool { try hall.device.start() }
        #expect(await outcome == .failed(.unknown))
        // It depends on what CUPS was just asking the printer whether it noticed that the job was lost.
        let hasNoticed = try await offPool { try hall.queue.look() }.has(.missingJobHistory)
        #expect(await hall.driver.advice().count == (hasNoticed ? 1 : 0))
    }

    @Test("a printer that is switched off is offline; a job for it is refused and never comes out")
    func unplugged() async throws {
        let hall = try await OfficePrinterHall()
        try await hall.watched {
            await hall.driver.becomes(.ready)
            try await offPool { hall.device.cutPower() }
            await hall.driver.becomes(.offline)
            #expect(await hall.driver.print(Sample.declaration, job: UUID()) { _ in } == .refused(.offline))
            try await offPool { try hall.device.start() }
            await hall.driver.becomes(.ready)
        }
        #expect(try await hall.papers().isEmpty)
    }

    @Test("CUPS is stopped and started: no-service, then ready again by itself")
    func serverGone() async throws {
        let hall = try await OfficePrinterHall()
        try await hall.watched {
            await hall.driver.becomes(.ready)
            try await offPool { hall.rig.stopServer() }
            await hall.driver.becomes(.noService)
            #expect(await hall.driver.print(Sample.declaration, job: UUID()) { _ in } == .refused(.noService))
            try await offPool { try hall.rig.startServer() }
            await hall.driver.becomes(.ready)
            #expect(await hall.driver.print(Sample.declaration, job: UUID()) { _ in } == .printed)
        }
    }

    @Test("who leaves takes the document along: it is out of the queue and never printed")
    func cancelled() async throws {
        let hall = try await OfficePrinterHall()
        let book = StepBook()
        try hall.device.hold("media-empty-error")
        let job = Task { await hall.driver.print(Sample.declaration, job: UUID(), journal: book.journal) }
        await book.waiting(.paperOut)
        job.cancel()
        #expect(await job.value == .failed(.paperOut))
        try hall.device.release()
        let rig = hall.rig
        #expect(try await offPool { try rig.run("lpstat", ["-o"]) } == "")
        #expect(await hall.driver.print(Sample.declaration, job: UUID()) { _ in } != .refused(.paperOut))
    }

    @Test("what an earlier process left in the queue is taken out; jobs of others stay")
    func swept() async throws {
        let hall = try await OfficePrinterHall()
        let rig = hall.rig
        let pdf = rig.url.appending(path: "left.pdf")
        try A4Drawing().draw(Sample.declaration).data.write(to: pdf)
        try await offPool {
            try rig.run("cupsdisable", ["office"])
            try rig.run("lp", ["-d", "office", "-t", CUPSQueue.jobName(UUID()), pdf.path])
            try rig.run("lp", ["-d", "office", "-t", "somebody else's", pdf.path])
        }
        try await hall.watched {
            await hall.driver.becomes(.paused)
            #expect(await hall.driver.print(Sample.declaration, job: UUID()) { _ in } == .refused(.paused))
        }
        #expect(try await offPool { try rig.run("lpstat", ["-o"]) }.split(separator: "\n").count == 1)
    }

    @Test("there is no such queue")
    func noQueue() async throws {
        let rig = try await offPool { try CUPSRig() }
        let driver = OfficePrinterHall.driver(rig, queue: "nowhere")
        #expect(await driver.print(Sample.declaration, job: UUID()) { _ in } == .refused(.absent))
    }

    @Test("a queue that stopped for paper is resumed after the refill, and the document is printed once")
    func resumed() async throws {
        let rig = try await offPool { try CUPSRig() }
        let printer = try await offPool { try rig.addDumbQueue("dumb") }
        let driver = OfficePrinterHall.driver(rig, queue: "dumb")
        let book = StepBook()
        try printer.set("empty", true)
        async let outcome = driver.print(Sample.declaration, job: UUID(), journal: book.journal)
        await book.waiting(.paperOut)
        #expect(try printer.papers().isEmpty)
        try printer.set("empty", false)
        // Nobody behind this queue can be asked.
        #expect(await outcome == .transmitted)
        let papers = try printer.papers()
        #expect(papers.count == 1)
        #expect(papers.first?.starts(with: Data("%PDF".utf8)) == true)
    }

    @Test("events tell of what was only for a moment, without looking at the printer")
    func events() async throws {
        let hall = try await OfficePrinterHall()
        let queue = CUPSQueue(server: CUPSServer(socket: hall.rig.socket), name: "office")
        let id = try await offPool { try queue.subscribe(leaseSeconds: 60) }
        try hall.device.hold("cover-open-error")
        let book = StepBook()
        async let outcome = hall.driver.print(Sample.declaration, job: UUID(), journal: book.journal)
        await book.waiting(.coverOpen)
        // At the queue it shows later than at the printer.
        let isTold = try await offPool {
            Wait.until {
                (try? queue.events(of: id, from: 1))?.contains { $0.printer?.has(.coverOpen) ?? false } ?? false
            }
        }
        #expect(isTold)
        try hall.device.release()
        #expect(await outcome == .printed)
        var subscription = EventSubscription(id: id, at: .zero)
        let events = subscription.take(try await offPool { try queue.events(of: id, from: 1) })
        // It is over now, and still told.
        #expect(events.contains { $0.printer?.has(.coverOpen) ?? false })
        #expect(events.contains { $0.job != nil })
        let next = subscription.next
        let more = try await offPool { try queue.events(of: id, from: next) }
        #expect(subscription.take(more).isEmpty)
        try await offPool { try queue.unsubscribe(id) }
    }
}
