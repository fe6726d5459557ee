import DeviceTestSupport
import Foundation
import Peripherals
import Simulator
import Synchronization
import Testing
import USB

@testable import TicketPrinter

/// The driver against the simulated printer.
@Suite struct ESCPOSPrinterTests {
    /// Rows of paper that the sample ticket takes: its picture and the feed before the cut.
    static let rows: Int = ((try? TicketDrawing().draw(Samples.ticket))?.height ?? 0) + 24

    @Test("a printed ticket is on paper dot by dot, and readable by programs that others wrote")
    func printed() async throws {
        let folder = try Samples.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let bench = Bench(directory: folder)
        #expect(await bench.printer.print(Samples.ticket) == .printed)
        let slips = await bench.device.slips
        #expect(slips.count == 1)
        let slip = try #require(slips.first)
        let drawn = try TicketDrawing().draw(Samples.ticket)
        #expect([UInt8](slip.bytes.prefix(drawn.bytes.count)) == drawn.bytes)
        #expect(slip.height == Self.rows)
        #expect(await bench.device.unknownCommands.isEmpty)
        let file = try #require(slip.file)
        #expect(file.lastPathComponent == "ticket-0001.png")
        #expect(try await Reader.qrTexts(file) == [Samples.ticket.qr])
        let text = try await Reader.text(file).joined(separator: " ")
        #expect(text.contains("U005") && text.contains("Đăng ký khai sinh"), "\(text)")
    }

    @Test("two tickets at once come out one after the other, each whole")
    func twoAtOnce() async throws {
        let bench = Bench()
        async let first = bench.printer.print(Samples.ticket("A001"))
        async let second = bench.printer.print(Samples.ticket("A002"))
        #expect(await [first, second] == [.printed, .printed])
        let slips = await bench.device.slips.map { [UInt8]($0.bytes) }
        #expect(slips.count == 2)
        let drawn = try ["A001", "A002"].map { try TicketDrawing().draw(Samples.ticket($0)).bytes }
        #expect(drawn.allSatisfy { picture in slips.contains { $0.starts(with: picture) } })
    }

    @Test(
        "the paper ends: failed, never printed, and after the refill ready again",
        arguments: [0, 1, 100, 400, rows - 30, rows - 24, rows - 1, rows])
    func paperOut(_ afterRows: Int) async throws {
        let bench = Bench()
        await bench.device.endRoll(afterRows: afterRows)
        let expected: PrintOutcome = afterRows == 0 ? .refused(.paperOut) : .failed(.paperOut)
        #expect(await bench.printer.print(Samples.ticket) == expected)
        #expect(await bench.printer.condition() == .paperOut)
        await bench.watching {
            #expect(await bench.reaches(.paperOut))
            _ = try? await bench.device.apply(["paper-in"])
            #expect(await bench.reaches(.ready))
        }
    }

    @Test(
        "after the refill nothing comes out by itself, and the reprint is whole on its own paper",
        arguments: [1, 100, 400, rows], [true, false])
    func reprint(_ afterRows: Int, _ softReset: Bool) async throws {
        var model = PrinterModel.standard
        model.hasSoftReset = softReset
        // Without SOFT_RESET a printer that keeps its job would end it by itself: see `lateProof`.
        model.keepsJobOnReload = softReset || afterRows < 400
        let bench = Bench(model)
        await bench.device.endRoll(afterRows: afterRows)
        #expect(await bench.printer.print(Samples.ticket) == .failed(.paperOut))
        _ = try await bench.device.apply(["paper-in"])
        let before = await bench.device.slips
        #expect(before.filter { !$0.isTorn }.count == (afterRows == Self.rows ? 1 : 0))
        let again = Samples.ticket("U005", mark: "IN LẠI")
        #expect(await bench.printer.print(again) == .printed)
        let last = try #require(await bench.device.slips.last)
        let drawn = try TicketDrawing().draw(again)
        #expect([UInt8](last.bytes.prefix(drawn.bytes.count)) == drawn.bytes)
        #expect(last.height == drawn.height + 24)
        #expect(await bench.device.unknownCommands.isEmpty)
    }

    @Test(
        "a fault is seen while the printer is idle, and so is its end",
        arguments: [
            ("paper-out", "paper-in", PrinterCondition.paperOut),
            ("cover-open", "cover-close", .coverOpen),
            ("cutter-jam", "cutter-clear", .cutterJam),
            ("overheated", "cooled", .overheated),
            ("offline", "online", .offline),
            ("near-end", "paper-in", .paperNearEnd),
        ])
    func idle(_ fault: String, _ repair: String, _ expected: PrinterCondition) async throws {
        let bench = Bench()
        try await bench.watching {
            #expect(await bench.reaches(.ready))
            if expected == .paperNearEnd {
                _ = try await bench.device.apply([fault])
                #expect(await bench.reaches(expected))
                #expect(await bench.printer.print(Samples.ticket) == .printed)
                _ = try await bench.device.apply(["paper-out"])
                #expect(await bench.reaches(.paperOut))
            } else {
                _ = try await bench.device.apply([fault])
                #expect(await bench.reaches(expected))
                #expect(await bench.printer.print(Samples.ticket) == .refused(expected))
                #expect(await bench.device.slips.isEmpty)
            }
            _ = try await bench.device.apply([repair])
            #expect(await bench.reaches(.ready))
        }
    }

    @Test("a fault is told by automatic status, without being asked for, and before the first ticket too")
    func atOnce() async throws {
        var timings = Samples.timings
        timings.poll = .seconds(3600)
        let bench = Bench(timings: timings)
        try await bench.watching {
            #expect(await bench.reaches(.ready))
            // The first look has ended when automatic status is on.
            for await exchange in bench.printer.exchanges() where exchange.text.hasPrefix("ASB") { break }
            for event in [PrinterEvent.coverOpen, .paperOut, .cutterJam, .overheated, .offline, .fault] {
                await bench.device.apply(event)
                #expect(await bench.leaves(.ready))
                await bench.device.apply(event.repair == .powerCycle ? .online : event.repair ?? .online)
                if event != .fault { #expect(await bench.reaches(.ready)) }
            }
        }
    }

    @Test(
        "a printer that was well a moment ago and tells of faults by itself is not asked before its ticket; any other is",
        arguments: [
            // Moments are as long as two looks are apart; automatic status goes on with the first look.
            (PrinterCapabilities.Proof.fence, true, Duration.seconds(3600), false), (.fence, true, .zero, true),
            (.fence, false, .seconds(3600), true), (.status, true, .seconds(3600), true),
        ])
    func isAsked(
        proof: PrinterCapabilities.Proof, wasLookedAt: Bool, poll: Duration, isAsked: Bool
    ) async throws {
        var timings = Samples.timings
        timings.poll = poll
        let bench = Bench(proof: proof, timings: timings)
        // The first ticket opens the printer and asks it.
        #expect(await bench.printer.print(Samples.ticket) == .printed)
        if wasLookedAt { await bench.printer.look() }
        let told = bench.printer.exchanges()
        #expect(await bench.printer.print(Samples.ticket("A002")) == .printed)
        var hasAsked = false
        for await exchange in told where !exchange.isFromPrinter {
            if exchange.text.hasPrefix("GS v 0") { break }
            if exchange.text.hasPrefix("DLE EOT") { hasAsked = true }
        }
        #expect(hasAsked == isAsked)
    }

    @Test("what is held while the printer is overheated comes out when it has cooled, and is proved late, once")
    func lateProof() async throws {
        let bench = Bench(.keepsBuffer)
        var late = bench.printer.lateProofs().makeAsyncIterator()
        let (first, second) = (UUID(), UUID())
        await bench.device.apply(.overheated, .afterRows(Self.rows - 30))
        #expect(await bench.printer.print(Samples.ticket, job: first) { _ in } == .failed(.overheated))
        await bench.device.apply(.cooled)
        // It is recognised while a later job runs, too.
        #expect(await bench.printer.print(Samples.ticket("A002"), job: second) { _ in } == .printed)
        #expect(await late.next() == first)
        let slips = await bench.device.slips
        #expect(slips.count == 3 && slips.first?.height == Self.rows)
        #expect(slips.last?.bytes.starts(with: try TicketDrawing().draw(Samples.ticket("A002")).bytes) == true)
    }

    @Test("a printer that knows DLE DC4 8 forgets what it holds; one that knows SOFT_RESET too")
    func forgets() async throws {
        for model in [PrinterModel.standard, .statusOnly] {
            let bench = Bench(model, proof: model.hasFence ? .fence : .status)
            await bench.device.apply(.overheated, .afterRows(Self.rows - 30))
            #expect(await bench.printer.print(Samples.ticket) == .failed(.overheated))
            #expect(await bench.device.bufferedBytes == 0)
            await bench.device.apply(.cooled)
            #expect(await bench.device.slips.isEmpty)
            #expect(await bench.printer.print(Samples.ticket("A002")) == .printed)
            let slips = await bench.device.slips
            // The half ticket is cut off and does not hang on the next.
            let drawn = try TicketDrawing().draw(Samples.ticket("A002"))
            #expect(slips.count == 2 && slips.last?.height == drawn.height + 24)
            #expect(slips.last?.bytes.starts(with: drawn.bytes) == true)
        }
    }

    @Test("everything that is said is told in words, pictures by their size only")
    func exchanges() async throws {
        let bench = Bench()
        let told = bench.printer.exchanges()
        #expect(await bench.printer.print(Samples.ticket) == .printed)
        var texts: [String] = []
        for await exchange in told {
            texts.append((exchange.isFromPrinter ? "← " : "→ ") + exchange.text)
            if exchange.text.hasSuffix("printed") { break }
        }
        #expect(texts.contains("→ DLE EOT 1 (printer?)") && texts.contains("← DLE EOT 1 answer 12: ready"))
        #expect(texts.contains("→ ESC @ (initialise)") && texts.contains("→ GS a 14 (automatic status on)"))
        #expect(texts.contains { $0.hasPrefix("→ GS v 0 (picture of ") })
        #expect(texts.contains("→ GS V 66 24 (feed and cut)"))
        #expect(texts.contains("← ASB 10 00 00 0F: ready"))
        #expect(texts.last == "← fence 41424344: printed")
        #expect(texts.allSatisfy { $0.count < 80 })
    }

    @Test("a sensor for the thin roll is known when it has spoken")
    func nearEndSensor() async throws {
        let bench = Bench()
        #expect(await bench.printer.print(Samples.ticket) == .printed)
        #expect(await bench.printer.summary()?.hasNearEndSensor == nil)
        await bench.device.apply(.nearEnd)
        #expect(await bench.printer.print(Samples.ticket) == .printed)
        #expect(await bench.printer.summary()?.hasNearEndSensor == true)
        #expect(await bench.printer.condition() == .paperNearEnd)
    }

    @Test("the cover is opened while the printer refuses bytes: the cause comes by automatic status")
    func coverOpenWhileBlocked() async throws {
        let bench = Bench()
        await bench.device.openCover(afterRows: 100)
        #expect(await bench.printer.print(Samples.ticket) == .failed(.coverOpen))
        #expect(await bench.device.slips.isEmpty)
    }

    @Test("the echo of another fence, stray automatic status and a bare byte are no proof")
    func noProof() async throws {
        var model = PrinterModel.standard
        model.hasFence = false
        var timings = Samples.timings
        timings.job.proof = .milliseconds(300)
        let bench = Bench(model, timings: timings)
        await bench.device.babble([0x37, 0x22, 0x4F, 0x4F, 0x4F, 0x4F, 0])
        async let outcome = bench.printer.print(Samples.ticket)
        await bench.device.babble([0x10, 0, 0, 0x0F, 0x00, 0x12, 0x37, 0x22, 0x40, 0x40, 0x40, 0x40, 0])
        #expect(await outcome == .failed(.unknown))
    }

    @Test("stale answers of every kind before a status request are not its answers")
    func staleAnswers() async throws {
        let bench = Bench()
        await bench.device.babble([0x1A, 0x32, 0x18, 0x00, 0x0F, 0x0F])
        #expect(await bench.printer.print(Samples.ticket) == .printed)
        #expect(await bench.printer.condition() == .ready)
    }

    @Test(
        "the driver learns how a printer proves",
        arguments: [
            (PrinterModel.standard, PrintOutcome.printed, PrinterCapabilities.Proof.fence),
            (.statusOnly, .printed, .status), (.automaticOnly, .printed, .idle), (.cheap, .transmitted, .none),
        ])
    func learning(_ model: PrinterModel, _ outcome: PrintOutcome, _ proof: PrinterCapabilities.Proof) async throws {
        var timings = Samples.timings
        if !model.hasFence { timings.learn = .seconds(1) }
        let bench = Bench(model, proof: .learn, timings: timings)
        #expect(await bench.printer.print(Samples.ticket) == outcome)
        #expect(await bench.printer.capabilities.proof == proof)
        // The question left nothing on the paper.
        #expect(await bench.device.slips.map(\.height) == [Self.rows])
    }

    @Test("a silent printer is unknown and gets no ticket; when it answers again it is ready")
    func silent() async throws {
        var timings = Samples.timings
        timings.answer = .milliseconds(50)
        let bench = Bench(timings: timings)
        _ = try await bench.device.apply(["silent"])
        #expect(await bench.printer.print(Samples.ticket) == .refused(.unknown))
        #expect(await bench.device.slips.isEmpty)
        try await bench.watching {
            _ = try await bench.device.apply(["answering"])
            #expect(await bench.reaches(.ready))
        }
        #expect(await bench.cable.written.count < 100)
    }

    @Test("a stalled endpoint is made usable again; the next ticket is printed")
    func stall() async throws {
        let bench = Bench()
        #expect(await bench.printer.print(Samples.ticket) == .printed)
        _ = try await bench.device.apply(["stall"])
        #expect(await bench.printer.print(Samples.ticket) == .refused(.unknown))
        #expect(await bench.printer.print(Samples.ticket) == .printed)
        #expect(await bench.device.slips.count == 2)
    }

    @Test("unplugged: absent, the running loop ends, and the driver stays dead")
    func unplugged() async throws {
        let bench = Bench()
        let watch = Task { await bench.printer.run() }
        #expect(await bench.reaches(.ready))
        await bench.cable.unplug()
        #expect(await watch.value == .absent)
        #expect(await bench.printer.print(Samples.ticket) == .refused(.absent))
    }

    @Test("unplugged in the middle of a ticket: failed")
    func unpluggedWhilePrinting() async throws {
        let bench = Bench()
        await bench.device.openCover(afterRows: 10)
        async let outcome = bench.printer.print(Samples.ticket)
        while await bench.device.bufferedBytes == 0 { await Task.yield() }
        await bench.cable.unplug()
        #expect(await [.failed(.absent), .failed(.coverOpen)].contains(outcome))
        #expect(await bench.device.slips.isEmpty)
    }

    @Test("a printer that another program holds is busy, and taken when it is free")
    func busy() async throws {
        let bench = Bench()
        await bench.cable.refuseClaims(.busy("usblp"))
        #expect(await bench.printer.print(Samples.ticket) == .refused(.busy))
        await bench.watching {
            #expect(await bench.reaches(.busy))
            await bench.cable.refuseClaims(nil)
            #expect(await bench.reaches(.ready))
        }
    }

    @Test("each step is written down before it is taken; a first step that can't be kept sends nothing")
    func journal() async throws {
        let bench = Bench()
        let steps = Mutex<[PrintStep]>([])
        let outcome = await bench.printer.print(Samples.ticket, job: UUID()) { [device = bench.device] step in
            let isOnPaper = await !device.slips.isEmpty
            if case .sending = step { #expect(!isOnPaper) }
            steps.withLock { $0.append(step) }
        }
        #expect(outcome == .printed)
        let height = try TicketDrawing().draw(Samples.ticket).height
        let millimetres = Double(height + 24) * 25.4 / 203 + 12
        #expect(steps.withLock { $0 } == [.sending(millimetres: millimetres), .awaitingProof])
        let refused = await bench.printer.print(Samples.ticket, job: UUID()) { _ in throw CancellationError() }
        #expect(refused == .refused(.unknown))
        #expect(await bench.device.slips.count == 1)
        let moving = await bench.printer.print(Samples.ticket, job: UUID()) { step in
            if step == .awaitingProof { throw CancellationError() }
        }
        #expect(moving == .printed)
    }

    @Test("a ticket goes on when the caller's task is cancelled")
    func cancelledCaller() async throws {
        let bench = Bench()
        let caller = Task { await bench.printer.print(Samples.ticket) }
        caller.cancel()
        #expect(await caller.value == .printed)
    }

    @Test("the report names the printer by its own words")
    func report() async throws {
        let bench = Bench()
        _ = await bench.printer.print(Samples.ticket)
        let report = await bench.printer.report()
        #expect(report.product == "EPSON TM-T20III (simulated)")
        #expect(report.usbID == "04b8:0202" && report.ready && report.condition == "ready")
    }

    @Test("only class-7 interfaces with bulk out are matched, bidirectional ones first")
    func matches() {
        #expect(ESCPOSPrinter.matches(Samples.printerInfo))
        var other = Samples.printerInfo
        other.interfaces[0].interfaceClass = 3
        #expect(!ESCPOSPrinter.matches(other))
        var ippUSB = Samples.printerInfo
        ippUSB.interfaces[0].interfaceProtocol = 4
        #expect(!ESCPOSPrinter.matches(ippUSB))
        var both = Samples.printerInfo
        var oneWay = both.interfaces[0]
        (oneWay.number, oneWay.interfaceProtocol) = (3, 1)
        both.interfaces.insert(oneWay, at: 0)
        #expect(PrinterPort(both)?.interface == 0)
    }

    @Test("a printer that can't answer prints too, if at least its port says that it is well")
    func oneWay() async throws {
        var info = Samples.printerInfo
        info.interfaces[0].interfaceProtocol = 1
        info.interfaces[0].endpoints.removeLast()
        let device = TicketPrinterDevice()
        let printer = ESCPOSPrinter(InMemoryUSBDevice(device, info: info), timings: Samples.timings)
        #expect(await printer.print(Samples.ticket) == .transmitted)
        _ = try await device.apply(["paper-out"])
        #expect(await printer.print(Samples.ticket) == .refused(.paperOut))
        #expect(await device.slips.map(\.height) == [Self.rows])
    }

    @Test("the bytes of a preview print the same ticket, and ask for no answers")
    func preview() async throws {
        let bytes = try TicketPreview.bytes(of: Samples.ticket, as: .escpos)
        let device = TicketPrinterDevice()
        try await device.receive(endpoint: 0x01, bytes)
        #expect(await device.slips.map(\.height) == [Self.rows])
        #expect(try TicketPreview.bytes(of: Samples.ticket, as: .png).prefix(4) == [0x89, 0x50, 0x4E, 0x47])
    }
}
