import Peripherals
import SmartCard
import Synchronization

@testable import IdentityCard

/// Time as a test makes it pass.
final class TestClock: Sendable {
    private let time = Mutex(Duration.zero)

    var now: Duration { time.withLock { $0 } }
    func pass(_ duration: Duration) { time.withLock { $0 += duration } }
    var context: ReadingContext { ReadingContext(clock: { self.now }) }
}

/// A channel in whose middle somebody sits: each answer can be replaced, and takes time on the test's clock.
final class TamperedChannel: CardChannel {
    typealias Tamper =
        @Sendable (_ command: APDU.Command, _ answer: APDU.Response, _ index: Int) throws(SmartCardError)
        -> APDU.Response

    private let channel: any CardChannel
    private let clock: TestClock
    private let each: Duration
    private let tamper: Tamper
    private let count = Mutex(0)

    init(_ channel: any CardChannel, clock: TestClock, each: Duration = .milliseconds(5), tamper: @escaping Tamper) {
        self.channel = channel
        self.clock = clock
        self.each = each
        self.tamper = tamper
    }

    var commands: Int { count.withLock { $0 } }
    var maximumCommandLength: Int { get async { await channel.maximumCommandLength } }

    func transmit(
        _ command: APDU.Command, deadline: Duration
    ) async throws(SmartCardError) -> APDU.Response {
        let index = count.withLock { count in
            defer { count += 1 }
            return count
        }
        let answer = try await channel.transmit(command, deadline: deadline)
        if each > deadline {
            clock.pass(deadline)
            throw .mute
        }
        clock.pass(each)
        return try tamper(command, answer, index)
    }

    func resetCard() async throws(SmartCardError) {
        clock.pass(.milliseconds(100))
        try await channel.resetCard()
    }
}
