import DeviceTestSupport
import Simulator
import Testing
import USB

@testable import SmartCard

@Suite("Finding the contactless slot")
struct SlotChoiceTests {
    private typealias Choice = SlotChoice<Int>

    @Test(
        "evidence decides: a contactless answer to reset, or being the only slot that a person can use",
        arguments: [
            ([.empty, .empty], nil), ([.empty, .other], 0), ([.other, .empty], 1), ([.empty, .contactless], 1),
            ([.contactless, .other], 0), ([.other, .other], nil), ([.unusable, .empty], 1), ([.unusable, .other], 1),
            ([.empty, .empty, .other], nil), ([.other, .empty, .other], 1), ([.unusable, .unusable], nil),
        ] as [([SlotChoice<Int>.Evidence], Int?)])
    fileprivate func decides(evidence: [SlotChoice<Int>.Evidence], slot: Int?) {
        var choice = Choice(Array(evidence.indices))
        for (place, seen) in evidence.enumerated() { choice.note(seen, at: place) }
        switch choice.decision {
        case .settled(let place): #expect(place == slot)
        case .open(let places):
            #expect(slot == nil)
            #expect(places == evidence.indices.filter { evidence[$0] != .unusable })
        }
    }

    /// Readers with a serial number of slots; the card is on them from the start, or is laid on later.
    @Test(
        "every make of reader reads the card by evidence alone", .timeLimit(.minutes(1)),
        arguments: CCIDReaderModel.all.filter { $0 != .tpdu }, [true, false])
    func everyModel(_ model: CCIDReaderModel, cardFromTheStart: Bool) async throws {
        let bench = try await ReaderBench(model, card: cardFromTheStart)
        if !cardFromTheStart {
            #expect(await bench.transmit() == .failure(.noCard), "\(model.name)")
            var presences = await bench.reader.presences().makeAsyncIterator()
            #expect(await presences.next() == false, "\(model.name)")
            try await bench.device.insert(.nguyenVanA)
            #expect(await presences.next() == true, "\(model.name)")
        }
        #expect(await bench.works(), "\(model.name)")
        // The interfaces that hold something else are given back.
        #expect(await bench.reader.choice == nil, "\(model.name)")
        let place = await bench.reader.place
        #expect(Int(place.interface.number) == model.cardPlace.interface, "\(model.name)")
        #expect(Int(place.slot) == model.cardPlace.slot, "\(model.name)")
        var presences = await bench.reader.presences().makeAsyncIterator()
        #expect(await presences.next() == true, "\(model.name)")
        await bench.device.remove()
        #expect(await presences.next() == false, "\(model.name)")
        await bench.reader.close()
        #expect(await bench.usb.claimed == [], "\(model.name)")
    }

    @Test("the profile's word decides without a look at the other slots")
    func profile() async throws {
        var profile = ReaderBench.profile
        profile.slot = 1
        let bench = try await ReaderBench(.acr1281u, card: false, profile: profile)
        #expect(await bench.reader.choice == nil)
        #expect(await bench.reader.place.slot == 1)
        await bench.reader.close()

        profile.slot = 7
        await #expect(throws: SmartCardError.self) { try await ReaderBench(.acr1281u, profile: profile) }
        profile.slot = nil
        profile.interface = 1
        let second = try await ReaderBench(.utrust4701f, profile: profile)
        #expect(await second.usb.claimed == [1])
        #expect(await second.works())
        await second.reader.close()
    }

    @Test("a reader at TPDU level is refused with the way out")
    func tpdu() async throws {
        do {
            _ = try await ReaderBench(.tpdu)
            Issue.record("a reader at TPDU level is not served")
        } catch SmartCardError.notSupported(let what) {
            #expect(what.contains("09d8:0427") && what.contains("reader: pcsc"))
        }
    }
}

@Suite("Long messages")
struct LongMessagesTests {
    /// The reader repeats what it was sent, as often as Le says.
    private func command(_ sent: Int, _ wanted: Int) -> APDU.Command {
        APDU.Command(
            cla: 0xFF, ins: 0xEE, p1: 0, p2: 0, data: (0..<sent).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) },
            le: wanted)
    }

    @Test(
        "extended APDUs pass both ways whatever the size of a message",
        arguments: [
            CCIDReaderModel.elatecTWN4, .feitianR502, .acr1252u, .omnikey5422, .utrust3700f,
        ], [(1, 60_000), (2_048, 60_000), (2_048, 300), (54, 257), (55, 500)])
    func chained(model: CCIDReaderModel, lengths: (sent: Int, wanted: Int)) async throws {
        let bench = try await ReaderBench(model)
        let command = command(lengths.sent, lengths.wanted)
        let answer = try await bench.transmit(command, deadline: .seconds(60)).get()
        #expect(answer.status == .success)
        #expect(answer.data == (0..<lengths.wanted).map { command.data[$0 % lengths.sent] })
        await bench.reader.close()
    }

    @Test("a reader for short APDUs says how long a command may be, and refuses a longer one before it is sent")
    func short() async throws {
        let bench = try await ReaderBench(.acr122u)
        #expect(try await bench.reader.withCard { await $0.maximumCommandLength } == 261)
        let outcome = await bench.transmit(command(2_048, 300))
        #expect(throws: SmartCardError.self) { try outcome.get() }
        #expect(await bench.works())
        await bench.reader.close()
    }
}

@Suite("Polling pace")
struct PollingPaceTests {
    @Test("quick for a while after a change, slow when nobody is there")
    func pace() {
        var pace = PollingPace(slow: .milliseconds(300))
        #expect(pace.next() == .milliseconds(300))
        pace.noteChange()
        for _ in 0..<PollingPace.quickQuestions { #expect(pace.next() == PollingPace.quickest) }
        #expect(pace.next() == .milliseconds(300))
        var quick = PollingPace(slow: .milliseconds(5))
        quick.noteChange()
        #expect(quick.next() == .milliseconds(5))
    }
}
