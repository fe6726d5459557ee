import Peripherals
import Testing

@testable import DocumentScanner

@Suite("Supervision of a scan")
struct ScanSupervisionTests {
    private static let limits = ScanLimits(opening: .seconds(1), page: .seconds(2), stopping: .seconds(3))
    private static let scanner = FoundScanner(name: "test:0", vendor: "", model: "", type: "")
    private static let opened = ScanSupervision.Input.line(ScanEvent.opened(scanner).line)
    private static let page = ScanSupervision.Input.line(
        ScanEvent.page(file: "p.jpg", width: 10, height: 20, resolution: 300).line)
    private static let done = ScanSupervision.Input.line(ScanEvent.done.line)

    private func failed(_ error: ScanError) -> ScanSupervision.Input { .line(ScanEvent.failed(error).line) }

    /// All that the supervision asked for, in order.
    private func run(_ inputs: [ScanSupervision.Input], maximumPages: Int = 9) -> [ScanSupervision.Action] {
        var supervision = ScanSupervision(limits: Self.limits, maximumPages: maximumPages)
        return supervision.start() + inputs.flatMap { supervision.handle($0) }
    }

    @Test("each page gets a deadline of its own; the end is good")
    func goodBatch() {
        let page = ScanSupervision.Action.page(file: "p.jpg", width: 10, height: 20, resolution: 300)
        #expect(
            run([Self.opened, Self.page, Self.page, Self.done, .exited]) == [
                .allow(.seconds(1)), .opened(Self.scanner), .allow(.seconds(2)), page, .allow(.seconds(2)), page,
                .allow(.seconds(2)), .allow(.seconds(3)), .over(nil),
            ])
    }

    @Test("a scanner that goes silent is killed and reported as timed out", arguments: 0...2)
    func silence(_ step: Int) {
        let before = Array([Self.opened, Self.page].prefix(step))
        #expect(run(before + [.deadline, .exited]).suffix(2) == [.kill, .over(.timedOut)])
    }

    @Test("a cancelled scan is asked to stop first, and killed when it does not", arguments: 0...2)
    func cancel(_ step: Int) {
        let before = Array([Self.opened, Self.page].prefix(step))
        #expect(run(before + [.cancel, .exited]).suffix(3) == [.stop, .allow(.seconds(3)), .over(.cancelled)])
        #expect(
            run(before + [.cancel, .deadline, .exited]).suffix(4) == [
                .stop, .allow(.seconds(3)), .kill, .over(.cancelled),
            ])
    }

    @Test("pages that arrive after the wish to stop are not delivered")
    func latePage() {
        #expect(run([Self.opened, .cancel, Self.page, Self.done, .exited]).last == .over(.cancelled))
        #expect(
            !run([Self.opened, .cancel, Self.page]).contains(
                .page(file: "p.jpg", width: 10, height: 20, resolution: 300)))
    }

    @Test("an error is told as it is", arguments: [ScanError.device(.jam), .device(.feederEmpty), .diskFull])
    func error(_ error: ScanError) {
        #expect(run([Self.opened, failed(error), .exited]).last == .over(error))
    }

    @Test("a process that said how it ended and does not leave is killed; the result stands")
    func lingering() {
        #expect(run([Self.opened, Self.done, .deadline, .exited]).suffix(2) == [.kill, .over(nil)])
    }

    @Test("a process that ends without a word has crashed", arguments: 0...2)
    func crash(_ step: Int) throws {
        let before = Array([Self.opened, Self.page].prefix(step))
        guard case .over(.failed(let reason)) = run(before + [.exited]).last else {
            Issue.record("a crash must be an error")
            return
        }
        #expect(reason.contains("crashed"))
    }

    @Test("more pages than allowed end the batch")
    func tooManyPages() {
        #expect(
            run([Self.opened, Self.page, Self.page, .exited], maximumPages: 1).last
                == .over(.failed("more than 1 pages in one batch")))
    }

    @Test("what a back end prints is no event and does not move the deadline")
    func noise() {
        #expect(run([Self.opened, .line("[fujitsu] wait_scanner: timeout"), .line("")]).last == .allow(.seconds(2)))
    }

    @Test("a flood of noise ends the process")
    func flood() {
        let lines = [ScanSupervision.Input](repeating: .line("x"), count: ScanSupervision.noiseLimit + 1)
        #expect(run([Self.opened] + lines).last == .kill)
    }

    @Test("after the end nothing happens any more")
    func afterwards() {
        #expect(run([Self.opened, Self.done, .exited, .deadline, .cancel, Self.page, .exited]).last == .over(nil))
    }
}
