import DeviceTestSupport
import Logging
import Simulator
import Testing
import USB

@testable import SmartCard

/// What readers do in the field, each with a reader that does so.
@Suite("the nine field points", .timeLimit(.minutes(2)))
struct NineFieldPointsTests {
    @Test("1: the first answer may be slow, and even later than the reader's profile says", arguments: [100, 600])
    func slowFirstAnswer(milliseconds: Int) async throws {
        var profile = ReaderBench.profile
        profile.firstAnswerMs = 400
        let bench = try await ReaderBench(
            .utrust3700f, profile: profile, faults: [["slow-start", String(milliseconds)]])
        #expect(await bench.works())
        await bench.reader.close()
    }

    @Test("1: without a profile a reader has longer than the slowest known one needs, which is a second")
    func defaultPatience() {
        #expect(CCIDReaderProfile.standard.firstAnswerMs > 1000)
    }

    @Test("2: what the program before left in the pipes is thrown away at open", arguments: [false, true])
    func staleAtOpen(hasCard: Bool) async throws {
        let bench = try await ReaderBench(card: hasCard, faults: [["stale-at-open"]])
        var presences = await bench.reader.presences().makeAsyncIterator()
        #expect(await presences.next() == hasCard)
        #expect(await bench.works() == hasCard)
        await bench.reader.close()
    }

    @Test("2: a reader without an interrupt endpoint is asked instead")
    func withoutInterrupts() async throws {
        let bench = try await ReaderBench(.polled, card: false)
        var presences = await bench.reader.presences().makeAsyncIterator()
        #expect(await presences.next() == false)
        try await bench.device.insert(.nguyenVanA)
        #expect(await presences.next() == true)
        await bench.device.remove()
        #expect(await presences.next() == false)
        await bench.reader.close()
    }

    @Test("2: interrupts that don't come are noticed, and after two of them the reader is asked")
    func silentInterrupts() async throws {
        let bench = try await ReaderBench(card: false, faults: [["no-slot-change"]])
        var presences = await bench.reader.presences().makeAsyncIterator()
        #expect(await presences.next() == false)
        for _ in 0..<3 {
            try await bench.device.insert(.nguyenVanA)
            #expect(await presences.next() == true)
            await bench.device.remove()
            #expect(await presences.next() == false)
        }
        #expect(await bench.reader.missedChanges == CCIDReader.missedLimit)
        await bench.reader.close()
    }

    @Test("3: frames of another number are thrown away, also when the number wraps")
    func staleFrames() async throws {
        let bench = try await ReaderBench(faults: [["stale", "3"]])
        let outcome = try await bench.reader.withCard { card in
            var answers = 0
            for _ in 0..<300 where (try? await card.exchange(ReaderBench.identifier, deadline: .seconds(30))) != nil {
                answers += 1
            }
            return answers
        }
        #expect(outcome == 300)
        await bench.reader.close()
    }

    @Test("3: stale frames without end are given up after a bounded number, and the next session works")
    func endlessStaleFrames() async throws {
        let bench = try await ReaderBench()
        let device = bench.device
        let outcome = await bench.transmit { _ = try? await device.apply(["stale", "100"]) }
        #expect(throws: SmartCardError.self) { try outcome.get() }
        _ = try await device.apply(["healthy"])
        #expect(await bench.works())
        await bench.reader.close()
    }

    @Test("4: a dwLength of 49,174 is not believed; it costs one session")
    func garbageLength() async throws {
        let bench = try await ReaderBench()
        let device = bench.device
        let outcome = await bench.transmit { _ = try? await device.apply(["garbage"]) }
        #expect(throws: SmartCardError.self) { try outcome.get() }
        #expect(await bench.works())
        await bench.reader.close()
    }

    @Test(
        "5: a reader that goes silent when the card leaves is aborted, and reset if it doesn't answer that either",
        arguments: ["silent", "deaf"])
    func silentRemoval(_ fault: String) async throws {
        let bench = try await ReaderBench()
        let device = bench.device
        let before = await bench.usb.written.count
        let outcome = await bench.transmit(deadline: .seconds(3600)) {
            _ = try? await device.apply(["silent"])
            Task {
                // The command must be on its way: presence changes only matter to a running one.
                while await !device.isHoldingBack { await Task.yield() }
                if fault == "deaf" { _ = try? await device.apply(["deaf"]) }
                await device.remove()
            }
        }
        #expect(outcome == .failure(.removed))
        let messages = await bench.usb.written.dropFirst(before)
        // PC_to_RDR_Abort, 72h, with its nine further header bytes.
        #expect(messages.split(separator: [0x72, 0, 0, 0, 0, 0] as [UInt8]).count > 1)
        _ = try await device.apply(["healthy"])
        try await device.insert(.nguyenVanA)
        #expect(await bench.works())
        await bench.reader.close()
    }

    @Test("5: a reader that answers nothing any more is given up, so that it can be opened anew")
    func deadReader() async throws {
        var profile = ReaderBench.profile
        profile.statusMs = 5
        let bench = try await ReaderBench(.polled, card: false, profile: profile)
        await bench.usb.ignoreResets()
        _ = try await bench.device.apply(["deaf"])
        for await _ in await bench.reader.presences() {}
        #expect(await bench.transmit() == .failure(.readerGone))
        await bench.reader.close()
    }

    @Test("6: time extensions keep a command alive under whatever message type they come")
    func oddExtensions() async throws {
        let bench = try await ReaderBench(faults: [["odd-extensions"], ["slow", "7"]])
        #expect(await bench.works())
        await bench.reader.close()
    }

    @Test("6: time extensions without end are ended")
    func endlessExtensions() async throws {
        let bench = try await ReaderBench()
        let device = bench.device
        let outcome = await bench.transmit { _ = try? await device.apply(["slow", "forever"]) }
        #expect(throws: SmartCardError.self) { try outcome.get() }
        _ = try await device.apply(["healthy"])
        #expect(await bench.works())
        await bench.reader.close()
    }

    @Test("6: a frame of five bytes is answered with an abort; it costs one session")
    func shortFrame() async throws {
        let bench = try await ReaderBench()
        let device = bench.device
        let outcome = await bench.transmit { _ = try? await device.apply(["short-frame"]) }
        #expect(throws: SmartCardError.self) { try outcome.get() }
        #expect(await bench.works())
        await bench.reader.close()
    }

    @Test("7: the class descriptor is found after the last endpoint")
    func descriptorLast() async throws {
        let device = CCIDReaderDevice(model: .polled, issuer: try #require(ReaderBench.issuer))
        let configuration = device.descriptors.configuration
        // An endpoint descriptor (7 bytes, type 5) stands right before the class descriptor (54 bytes, type 21h).
        let at = configuration.count - 54
        #expect(configuration[at] == 54 && configuration[at + 1] == 0x21)
        #expect(configuration[at - 7] == 7 && configuration[at - 6] == 5)
        let bench = try await ReaderBench(.polled)
        #expect(await bench.works())
        await bench.reader.close()
    }

    @Test(
        "7: a reader that says short but chains is treated as extended, from what it does and from what its profile says"
    )
    func understated() async throws {
        let long = APDU.Command(cla: 0xFF, ins: 0xEE, p1: 0, p2: 0, data: [UInt8](repeating: 7, count: 200), le: 600)
        let bench = try await ReaderBench(.understated)
        #expect(try await bench.reader.withCard { await $0.maximumCommandLength } == 261)
        let answer = try await bench.transmit(long).get()
        #expect(answer.data.count == 600)
        #expect(try await bench.reader.withCard { await $0.maximumCommandLength } > 65_000)
        await bench.reader.close()

        var profile = ReaderBench.profile
        profile.level = .extendedAPDU
        let told = try await ReaderBench(.understated, profile: profile)
        #expect(try await told.reader.withCard { await $0.maximumCommandLength } > 65_000)
        await told.reader.close()
    }

    @Test("8: a reader that another program holds says who it is, and is free for the next attempt")
    func busy() async throws {
        let device = CCIDReaderDevice(issuer: try #require(ReaderBench.issuer))
        let usb = InMemoryUSBDevice(device)
        await usb.refuseClaims(.busy("pcscd"))
        await #expect(throws: SmartCardError.busy("pcscd")) { try await CCIDReader(device: usb) }
        await usb.refuseClaims(nil)
        let reader = try await CCIDReader(device: usb)
        #expect(await usb.claimed == [0])
        await reader.close()
    }

    @Test("9: a reader that comes back elsewhere is found by vendor, product and serial; the old handle is dead")
    func reenumerated() async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let device = CCIDReaderDevice(issuer: try #require(ReaderBench.issuer), makesCardsWait: false)
        try await device.insert(.nguyenVanA)
        let server = USBIPServer(port: 0, logger: logger)
        let port = try await server.start()
        let bus = USBIPBus(host: "127.0.0.1", port: port, interval: .milliseconds(10), logger: logger)
        try await server.plug(device, at: "1-1")
        let first = try #require(await bus.find { $0.port == "1-1" })
        let reader = try await CCIDReader(device: try await bus.open(first), profile: ReaderBench.profile)
        let presences = await reader.presences()

        await server.unplug("1-1")
        try await server.plug(device, at: "1-4")
        for await _ in presences {}
        await #expect(throws: SmartCardError.readerGone) { try await reader.withCard { _ in } }
        let again = try #require(await bus.find { $0.port == "1-4" })
        #expect(again != first)
        #expect([again.vendor, again.product] == [first.vendor, first.product] && again.serial == first.serial)
        let anew = try await CCIDReader(device: try await bus.open(again), profile: ReaderBench.profile)
        #expect(try await anew.withCard { await $0.answerToReset.first } == 0x3B)
        await reader.close()
        await anew.close()
        await server.stop()
    }
}

extension USBIPBus {
    /// Waits for a device.
    fileprivate func find(_ isWanted: @Sendable (USBDeviceInfo) -> Bool) async -> USBDeviceInfo? {
        for await set in deviceSets() {
            if let info = set.first(where: isWanted) { return info }
        }
        return nil
    }
}
