import Peripherals
import SmartCard
import Testing

@testable import IdentityCard
@testable import Simulator

/// Whatever a card does, it costs the applicant fifteen seconds at most, and the kiosk a bounded number of commands and bytes.
@Suite("Cards that mean no good", .timeLimit(.minutes(1)))
struct MaliciousCardTests {
    static let citizen = SyntheticCitizen.nguyenVanA

    struct Course: Sendable {
        var isHolderTold = false
        var result: CardReadResult?
        var error: CardReadError?
        var took = Duration.zero
        var commands = 0
    }

    private func course(
        _ traits: SimulatedChip.Traits = .init(), each: Duration = .milliseconds(5),
        tamper: @escaping TamperedChannel.Tamper
    ) async throws -> Course {
        let clock = TestClock()
        let chip = try SimulatedChip(Self.citizen, issuer: try #require(ReadingTests.issuer), traits: traits)
        let channel = TamperedChannel(ChipChannel(chip), clock: clock, each: each, tamper: tamper)
        let reader = IdentityCardReader(channel: channel, context: clock.context)
        var course = Course()
        for await event in reader.events(.qr(Self.citizen.qrText), needs: []) {
            switch event {
            case .progress: break
            case .holder: course.isHolderTold = true
            case .finished(let result): course.result = result
            case .failed(let error): course.error = error
            }
        }
        course.took = clock.now
        course.commands = channel.commands
        return course
    }

    private func expectUnreadable(_ course: Course, _ text: String? = nil) {
        guard case .unreadable(let why) = course.error else {
            Issue.record("\(String(describing: course.error))")
            return
        }
        if let text { #expect(why.contains(text)) }
        #expect(course.took <= .seconds(15))
    }

    static func isProtected(_ command: APDU.Command) -> Bool { command.cla & 0x0C == 0x0C }

    @Test("endless announcements of more data, before and under protection", arguments: [false, true], [0, 1, 200])
    func endless61(protected: Bool, size: Int) async throws {
        let course = try await course { command, answer, _ throws(SmartCardError) in
            guard !protected || Self.isProtected(command) || command.ins == 0xC0 else { return answer }
            return APDU.Response(data: [UInt8](repeating: 0, count: size), status: .init(0x61FF))
        }
        expectUnreadable(course, "without end")
        #expect(course.commands < 100)
    }

    @Test("endless corrections of Le", arguments: [UInt16(0x6C00), 0x6C01, 0x6C08, 0x6CFF])
    func endless6C(status: UInt16) async throws {
        let plain = try await course { _, _, _ throws(SmartCardError) in APDU.Response(status: .init(status)) }
        expectUnreadable(plain)
        #expect(plain.commands < 100)
        let protected = try await course { command, answer, _ throws(SmartCardError) in
            Self.isProtected(command) && command.ins == 0xB0 ? APDU.Response(status: .init(status)) : answer
        }
        expectUnreadable(protected, "ends every session")
        #expect(protected.commands < 150)
    }

    @Test("each malicious card of the simulator: told soon, in words", arguments: CardMalice.allCases)
    func malice(_ malice: CardMalice) async throws {
        var traits = SimulatedChip.Traits()
        traits.malice = malice
        let course = try await course(traits) { _, answer, _ throws(SmartCardError) in answer }
        #expect(course.took <= .seconds(15) && course.commands < 150)
        if let result = course.result {
            #expect(result.citizen.number == Self.citizen.number)
            #expect((result.photograph == nil) == (malice != .longPhotograph))
        } else {
            expectUnreadable(course)
            // No name of a Swift type in what a technician reads.
            #expect(!String(describing: course.error).contains("Failure"))
        }
    }

    @Test("every answer takes as long as it may")
    func timeExtensions() async throws {
        let slow = try await course(each: .seconds(60)) { _, answer, _ throws(SmartCardError) in answer }
        expectUnreadable(slow)
        #expect(slow.commands <= 3)
        let nearly = try await course(each: .seconds(4)) { _, answer, _ throws(SmartCardError) in answer }
        expectUnreadable(nearly)
    }

    @Test("an altered byte in any protected answer until the holder is known: no data is believed")
    func wrongCodes() async throws {
        let total = try await course { _, answer, _ throws(SmartCardError) in answer }.commands
        for index in 0..<total {
            let course = try await course { command, answer, at throws(SmartCardError) in
                guard at == index, Self.isProtected(command), !answer.data.isEmpty else { return answer }
                var answer = answer
                answer.data[answer.data.count / 2] ^= 1
                return answer
            }
            #expect(course.took <= .seconds(15))
            if let result = course.result {
                #expect(result.citizen.number == Self.citizen.number)
                // After the holder: what was altered is missing, not wrong.
                #expect(result.verdicts.hashes.isPassed)
            } else {
                expectUnreadable(course, "secure messaging")
            }
        }
    }

    @Test("a chip that ends every session, whatever it is asked", arguments: [UInt16(0x6988), 0x6982, 0x6700, 0x6F00])
    func endlessLoss(status: UInt16) async throws {
        let course = try await course { command, answer, _ throws(SmartCardError) in
            Self.isProtected(command) && command.ins == 0xB0 ? APDU.Response(status: .init(status)) : answer
        }
        expectUnreadable(course, "ends every session")
        #expect(course.commands < 150)
    }

    @Test("a photograph longer than any, and one that comes byte by byte, are left out; the holder is served")
    func lengths() async throws {
        var traits = SimulatedChip.Traits()
        traits.leastPhotograph = FileReading.lengthLimit
        let long = try await course(traits) { _, answer, _ throws(SmartCardError) in answer }
        #expect(long.isHolderTold && long.result?.photograph == nil && long.result?.groups[2] == nil)
        #expect(long.commands < 60)
        traits.leastPhotograph = 200_000
        traits.longestRead = 50
        let slow = try await course(traits) { _, answer, _ throws(SmartCardError) in answer }
        #expect(slow.isHolderTold && slow.result?.groups[2] == nil && slow.took <= .seconds(15.1))
    }

    @Test(
        "headers that lie",
        arguments: [
            "7584FFFFFFFF00", "758500000000", "75808080808080", "7F7F7F7F7F7F7F", "7583040001", "618180", "",
            "0000000000000000",
        ])
    func headers(_ header: String) {
        var reading = FileReading(.dataGroup2, habits: ChipHabits(), block: BlockSize(extended: nil, short: 223))
        var step = reading.next()
        var commands = 0
        while case .send(let command) = step {
            let bytes = hex(header) + [UInt8](repeating: 0, count: command.le ?? 0)
            step = reading.receive(APDU.Response(data: Array(bytes.prefix(command.le ?? 0)), status: .success))
            commands += 1
            guard commands < 10 else { break }
        }
        #expect(step == .failed(.malformed))
    }

    @Test("a chip that gives more than it was asked for is not believed")
    func moreThanAsked() {
        var reading = FileReading(.dataGroup1, habits: ChipHabits(), block: BlockSize(extended: nil, short: 223))
        guard case .send = reading.next() else { return }
        let bytes = [0x61, 0x81, 0xFF] + [UInt8](repeating: 0, count: 255)
        #expect(reading.receive(APDU.Response(data: bytes, status: .success)) == .failed(.malformed))
    }
}
