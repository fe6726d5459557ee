import Peripherals
import Testing

@testable import OfficePrinter

@Suite("what becomes of a document's job")
struct DocumentWatchTests {
    typealias View = QueueWatch.View
    static let idle = PrinterSnapshot(.idle)
    static let working = View(queue: PrinterSnapshot(.processing), device: .answered(PrinterSnapshot(.processing)))

    static func watch(_ before: PrinterSnapshot = idle, pages: Int = 2) -> DocumentWatch {
        DocumentWatch(pages: pages, before: before)
    }

    @Test("CUPS's completed is transmitted, unless the printer itself can be asked")
    func completed() {
        var watch = Self.watch()
        #expect(watch.see(JobSnapshot(.processing), Self.working, at: .seconds(1)) == .wait)
        #expect(watch.see(JobSnapshot(.completed), Self.working, at: .seconds(2)) == .askDevice)
        let blind = View(queue: Self.idle, device: .notAsked)
        #expect(watch.see(JobSnapshot(.completed), blind, at: .seconds(2)) == .ended(.transmitted))
    }

    @Test(
        "only a printer that counts says that it is on paper",
        arguments: [
            (CUPSQueue.DeviceRecord.job(JobSnapshot(.completed, impressions: 2)), DocumentOutcome.printed),
            (.job(JobSnapshot(.completed, sheets: 2)), .printed),
            (.job(JobSnapshot(.completed, impressions: 0)), .transmitted),
            (.job(JobSnapshot(.completed)), .transmitted),
            (.job(JobSnapshot(.completed, impressions: 1)), .failed(.unknown)),
            (.job(JobSnapshot(.aborted)), .failed(.fault)), (.job(JobSnapshot(.processing)), .transmitted),
            (.notListed, .transmitted),
        ])
    func counted(_ record: CUPSQueue.DeviceRecord, _ outcome: DocumentOutcome) {
        var watch = Self.watch()
        #expect(watch.deviceSays(record, at: .seconds(2)) == .ended(outcome))
    }

    @Test("of a printer that is gone when CUPS is through, its own record tells when it is back, and else nobody")
    func gone() {
        let silent = View(queue: Self.idle, device: .silent)
        var watch = Self.watch()
        #expect(watch.see(JobSnapshot(.completed), Self.working, at: .seconds(1)) == .askDevice)
        #expect(watch.deviceSays(.noAnswer, at: .seconds(1)) == .tell(.offline))
        #expect(watch.see(JobSnapshot(.completed), silent, at: .seconds(2)) == .wait)
        #expect(watch.outcome(takenOut: JobSnapshot(.completed), because: .offline) == .failed(.unknown))
        var never = watch
        #expect(never.see(JobSnapshot(.completed), silent, at: .seconds(181)) == .ended(.failed(.unknown)))
        #expect(watch.see(JobSnapshot(.completed), Self.working, at: .seconds(9)) == .askDevice)
        var (forgetful, counting) = (watch, watch)
        // Gone only while CUPS was still at it.
        var early = Self.watch()
        #expect(early.see(JobSnapshot(.processing, hasBegun: true), silent, at: .seconds(1)) == .tell(.offline))
        #expect(early.deviceSays(.notListed, at: .seconds(2)) == .ended(.failed(.unknown)))
        #expect(forgetful.deviceSays(.notListed, at: .seconds(9)) == .ended(.failed(.unknown)))
        let whole = CUPSQueue.DeviceRecord.job(JobSnapshot(.completed, sheets: 2))
        #expect(counting.deviceSays(whole, at: .seconds(9)) == .ended(.printed))
    }

    @Test("a printer that lost its jobs under way makes the outcome unknown, but only when that is new")
    func powerCut() {
        let lost = View(
            queue: PrinterSnapshot(.idle, ["cups-ipp-missing-job-history"]), device: .answered(Self.idle))
        var watch = Self.watch()
        #expect(watch.see(JobSnapshot(.completed), lost, at: .seconds(9)) == .ended(.failed(.unknown)))
        var later = Self.watch(lost.queue)
        #expect(later.see(JobSnapshot(.completed), lost, at: .seconds(9)) == .askDevice)
    }

    @Test("the applicant is told once what the job waits for; the job is taken out when nobody comes")
    func waits() {
        let empty = View(queue: PrinterSnapshot(.processing, ["media-empty-error"]), device: .notAsked)
        var watch = Self.watch()
        #expect(watch.see(JobSnapshot(.processing), empty, at: .seconds(1)) == .tell(.paperOut))
        #expect(watch.see(JobSnapshot(.processing), empty, at: .seconds(2)) == .wait)
        #expect(watch.see(JobSnapshot(.processing), Self.working, at: .seconds(3)) == .tell(.ready))
        #expect(watch.see(JobSnapshot(.processing), empty, at: .seconds(4)) == .tell(.paperOut))
        #expect(watch.see(JobSnapshot(.processing), empty, at: .seconds(183)) == .wait)
        #expect(watch.see(JobSnapshot(.processing), empty, at: .seconds(184)) == .takeOut(.paperOut))
        #expect(
            watch.outcome(takenOut: JobSnapshot(.canceled, hasBegun: true), because: .paperOut) == .failed(.paperOut))
        #expect(
            watch.outcome(takenOut: JobSnapshot(.canceled, hasBegun: false), because: .paperOut) == .refused(.paperOut))
        #expect(watch.outcome(takenOut: nil, because: .paperOut) == .failed(.paperOut))
        #expect(watch.outcome(takenOut: JobSnapshot(.completed), because: .paperOut) == .transmitted)
    }

    @Test("a queue that an error stopped is resumed when the printer is well, and never one that somebody paused")
    func resumes() {
        let stopped = PrinterSnapshot(.stopped, ["paused", "media-empty-error"])
        let paused = PrinterSnapshot(.stopped, ["paused"], message: "Paused")
        func steps(_ queue: PrinterSnapshot, _ device: DeviceAnswer, seconds: [Int]) -> [DocumentWatch.Step] {
            var watch = Self.watch()
            return seconds.map {
                watch.see(JobSnapshot(.pending), View(queue: queue, device: device), at: .seconds($0))
            }
        }
        let out = DeviceAnswer.answered(PrinterSnapshot(.stopped, ["media-empty-error"]))
        #expect(steps(stopped, out, seconds: [1, 2, 30]) == [.tell(.paperOut), .wait, .wait])
        #expect(steps(stopped, .answered(Self.idle), seconds: [1, 2, 3]) == [.tell(.stopped), .resume, .wait])
        // A printer that can't be asked is tried every ten seconds.
        #expect(steps(stopped, .notAsked, seconds: [1, 2, 3, 12]) == [.tell(.paperOut), .resume, .wait, .resume])
        #expect(steps(stopped, .silent, seconds: [1, 2, 30]) == [.tell(.offline), .wait, .wait])
        #expect(steps(paused, .answered(Self.idle), seconds: [1, 2, 30]) == [.tell(.paused), .wait, .wait])
    }

    @Test("a job that somebody cancelled is refused when it had not begun")
    func cancelled() {
        var watch = Self.watch()
        #expect(
            watch.see(JobSnapshot(.canceled, hasBegun: false), Self.working, at: .zero) == .ended(.refused(.fault)))
        #expect(watch.see(JobSnapshot(.aborted), Self.working, at: .zero) == .ended(.failed(.fault)))
        #expect(watch.see(nil, Self.working, at: .zero) == .ended(.failed(.unknown)))
    }

    @Test("when CUPS does not come back, nobody knows")
    func serverGone() {
        var watch = Self.watch()
        #expect(watch.cannotLook(.noService, at: .seconds(1)) == .tell(.noService))
        #expect(watch.cannotLook(.noService, at: .seconds(2)) == .wait)
        #expect(watch.cannotLook(.noService, at: .seconds(181)) == .ended(.failed(.noService)))
    }

    @Test("events are taken once, in their order")
    func events() throws {
        func event(_ number: Int) -> QueueEvent? {
            QueueEvent(
                IPPAttributes(values: [
                    "notify-sequence-number": .integers([number]),
                    "notify-subscribed-event": .texts(["printer-state-changed"]),
                ]))
        }
        var subscription = EventSubscription(id: 7, at: .zero)
        #expect(subscription.take([2, 1].compactMap(event)).map(\.sequence) == [1, 2])
        #expect(subscription.take([1, 2, 3].compactMap(event)).map(\.sequence) == [3])
        #expect(subscription.take([]).isEmpty)
        #expect(subscription.next == 4)
        #expect(!subscription.isToBeRenewed(at: .seconds(299)))
        #expect(subscription.isToBeRenewed(at: .seconds(300)))
    }
}
