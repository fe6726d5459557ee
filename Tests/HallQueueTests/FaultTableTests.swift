import DeviceTestSupport
import Foundation
import HallQueue
import Peripherals
import Simulator
import Testing
import USB

@testable import TicketPrinter

/// What becomes of a ticket when something goes wrong at some moment: on paper, for the job, in the queue and on the
/// screen. Through the real driver, and the simulated printer at the level of URBs.
@Suite("Faults × moments") struct FaultTableTests {
    enum Moment: Hashable, CustomTestStringConvertible {
        case before
        case band(Int)
        case beforeCut
        case afterCut
        case beforeProof

        static let all: [Moment] = [
            .before, .band(0), .band(1), .band(2), .band(3), .beforeCut, .afterCut, .beforeProof,
        ]

        var testDescription: String {
            switch self {
            case .before: "before"
            case .band(let band): "during band \(band + 1)"
            case .beforeCut: "before the cut"
            case .afterCut: "after the cut"
            case .beforeProof: "before the proof"
            }
        }
    }

    enum Paper { case nothing, part, whole }

    /// What the screen may offer to who stands there, once the printer is well.
    enum Screen { case again, againMarked }

    struct Outcome: Equatable {
        let job: PrintOutcome
        let paper: Paper
        let queue: TicketPaper.State
        let screen: Screen
    }

    static let faults: [(event: PrinterEvent, condition: PrinterCondition)] = [
        (.paperOut, .paperOut), (.coverOpen, .coverOpen), (.cutterJam, .cutterJam), (.overheated, .overheated),
        (.offline, .offline), (.fault, .fault), (.unplug, .absent), (.powerCycle, .absent),
    ]

    /// The table.
    static func outcome(_ event: PrinterEvent, _ condition: PrinterCondition, _ moment: Moment) -> Outcome {
        func failed(_ paper: Paper) -> Outcome {
            Outcome(job: .failed(condition), paper: paper, queue: .failed, screen: .againMarked)
        }
        return switch (moment, event) {
        // Nothing is sent to a printer that is not well.
        case (.before, _): Outcome(job: .refused(condition), paper: .nothing, queue: .refused, screen: .again)
        case (.band, _): failed(.part)
        // The cutter works without paper, and without a cable.
        case (.beforeCut, .paperOut), (.beforeCut, .unplug): failed(.whole)
        case (.beforeCut, _): failed(.part)
        // All is on paper, and the machine cannot know it: it says so, and the second paper is marked.
        case (.afterCut, _), (.beforeProof, _): failed(.whole)
        }
    }

    static let cells = faults.flatMap { fault in Moment.all.map { (fault.event, fault.condition, $0) } }

    // MARK: The bench

    /// Four bands of 64 rows; the rows of a marked paper are others.
    private static let bandRows = 64
    private static func picture(marked: Bool) throws -> MonochromeBitmap {
        let bytes = [UInt8](repeating: marked ? 0x55 : 0xAF, count: 72 * 4 * bandRows)
        return try #require(MonochromeBitmap(width: 576, height: 4 * bandRows, bytes: bytes))
    }

    private static let capabilities = PrinterCapabilities(bandHeight: bandRows, bandBytes: 8192, proof: .fence)

    private static let timings = ESCPOSPrinter.Timings(
        poll: .milliseconds(2), answer: .seconds(30), write: .milliseconds(100), listen: .milliseconds(20),
        learn: .seconds(30), forget: .milliseconds(200),
        job: PrintJob.Limits(blocked: .seconds(60), proof: .seconds(60)))

    /// A printer in its place; its cable can be pulled and put in again.
    private final class Place {
        let device: TicketPrinterDevice
        private(set) var cable: InMemoryUSBDevice
        private(set) var printer: ESCPOSPrinter

        init(_ model: PrinterModel) async {
            device = TicketPrinterDevice(model: model)
            cable = InMemoryUSBDevice(device)
            printer = ESCPOSPrinter(cable, capabilities: capabilities, timings: timings)
            await connect()
        }

        private func connect() async {
            let cable = cable
            await device.whenItLeaves { _ in Task { await cable.unplug() } }
        }

        /// What a technician does.
        func repair(_ event: PrinterEvent) async {
            if let repair = event.repair { await device.apply(repair) }
            let past = await printer.memory()
            guard await printer.condition() == .absent || event == .fault else { return }
            await cable.unplug()
            cable = InMemoryUSBDevice(device)
            await connect()
            printer = ESCPOSPrinter(cable, capabilities: capabilities, timings: timings, past: past)
        }

        func paper() async throws -> Paper {
            let slips = await device.slips
            let black = try picture(marked: false).bytes
            if slips.contains(where: { $0.bytes.starts(with: black) }) { return .whole }
            let hangs = await device.hangingRows > 0
            return hangs || slips.contains { $0.blackDots > 0 } ? .part : .nothing
        }
    }

    /// Prints with the paper's journal; the fault comes at its moment.
    private func print(
        _ event: PrinterEvent, _ moment: Moment, on place: Place, _ paper: inout TicketPaper
    ) async throws -> PrintOutcome {
        let picture = try Self.picture(marked: false)
        #expect(await place.printer.print(picture) == .printed)
        await place.device.clearTray()
        if moment == .before {
            await place.device.apply(event)
            // The pulled cable is noticed by whoever looks.
            if event == .unplug || event == .powerCycle { await place.cable.unplug() }
        }
        let bytes = ESCPOS.ticket(picture, capabilities: Self.capabilities).map(\.count).reduce(0, +) + 3 + 11
        let kept = Kept()
        let outcome = await place.printer.print(picture, job: Self.job) { [device = place.device] step in
            await kept.took(step)
            guard case .sending = step else { return }
            switch moment {
            case .before: break
            case .band(let band):
                await device.apply(event, .afterRows(Self.bandRows * band + Self.bandRows / 2))
            case .beforeCut: await device.apply(event, .beforeCut)
            case .afterCut: await device.apply(event, .afterCut)
            case .beforeProof: await device.apply(event, .afterBytes(bytes - 1))
            }
        }
        paper = await kept.paper
        paper.ended(outcome)
        return outcome
    }

    private actor Kept {
        var paper = TicketPaper()
        func took(_ step: PrintStep) { paper.took(step) }
    }

    private static let job = UUID()

    // MARK: The cells

    @Test("on paper, for the job, in the queue and on the screen", arguments: cells)
    func cell(_ event: PrinterEvent, _ condition: PrinterCondition, _ moment: Moment) async throws {
        let place = await Place(.standard)
        var paper = TicketPaper()
        let job = try await print(event, moment, on: place, &paper)
        let outcome = Outcome(
            job: job, paper: try await place.paper(), queue: paper.state,
            screen: paper.needsMark ? .againMarked : .again)
        #expect(outcome == Self.outcome(event, condition, moment))

        // After the repair nothing comes out by itself; a second paper is offered once, and is whole.
        let before = await place.device.slips.filter { !$0.isTorn && $0.blackDots > 0 }.count
        await place.repair(event)
        #expect(await place.device.slips.filter { !$0.isTorn && $0.blackDots > 0 }.count <= before)
        #expect(paper.offer() && !paper.offer())
        let isMarked = paper.needsMark
        paper.reprint()
        let second = try Self.picture(marked: isMarked)
        #expect(await place.printer.print(second) == .printed)
        let slips = await place.device.slips
        #expect(slips.last.map { $0.bytes.starts(with: second.bytes) } == true)
        let unmarked = try Self.picture(marked: false).bytes
        #expect(slips.filter { $0.bytes.starts(with: unmarked) }.count <= 1)
        #expect(await place.device.unknownCommands.isEmpty)
    }

    /// A printer that can't be told to forget prints what it holds when it is well again. Its echo counts as proof where
    /// nobody had the paper in hands.
    static let keepers: [(PrinterEvent, Moment, isProvedLate: Bool)] =
        [.overheated, .offline].flatMap { event in
            Moment.all.dropFirst().map { (event, $0, $0 != .band(0) && $0 != .band(1) && $0 != .band(2)) }
        }
        + [.paperOut, .coverOpen, .cutterJam].flatMap { event in Moment.all.dropFirst().map { (event, $0, false) } }

    @Test("a printer that keeps its buffer: what was held as a whole is proved late", arguments: keepers)
    func keepsBuffer(_ event: PrinterEvent, _ moment: Moment, _ isProvedLate: Bool) async throws {
        let place = await Place(.keepsBuffer)
        var late = place.printer.lateProofs().makeAsyncIterator()
        var paper = TicketPaper()
        let outcome = try await print(event, moment, on: place, &paper)
        guard case .failed = outcome else {
            Issue.record("\(outcome)")
            return
        }
        await place.repair(event)
        if isProvedLate {
            #expect(await late.next() == Self.job)
            paper.provedLate()
            #expect(paper.state == .printed && !paper.offer())
            #expect(try await place.paper() == .whole)
        } else {
            #expect(paper.offer() && paper.needsMark)
        }
        // The next one is whole and alone on its paper, whatever was left.
        let second = try Self.picture(marked: true)
        #expect(await place.printer.print(second) == .printed)
        let last = try #require(await place.device.slips.last)
        #expect(last.bytes.starts(with: second.bytes) && last.height == second.height + 24)
    }
}
