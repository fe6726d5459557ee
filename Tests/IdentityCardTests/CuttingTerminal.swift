import DeviceTestSupport
import SmartCard
import Synchronization

/// A reader whose cable is pulled after so many commands to the card.
struct CuttingTerminal: CardTerminal {
    let reader: CCIDReader
    let usb: InMemoryUSBDevice
    let after: Int

    func withCard<Outcome: Sendable>(
        _ body: @Sendable (any CardChannel) async -> Outcome
    ) async throws(SmartCardError) -> Outcome {
        try await reader.withCard { await body(Channel(card: $0, usb: usb, left: Left(after))) }
    }

    private final class Left: Sendable {
        private let count: Mutex<Int>

        init(_ count: Int) { self.count = Mutex(count) }

        func take() -> Bool {
            count.withLock { count in
                count -= 1
                return count >= 0
            }
        }
    }

    private struct Channel: CardChannel {
        let card: any CardChannel
        let usb: InMemoryUSBDevice
        let left: Left

        var maximumCommandLength: Int { get async { await card.maximumCommandLength } }
        var answerToReset: [UInt8] { get async { await card.answerToReset } }

        func transmit(
            _ command: APDU.Command, deadline: Duration
        ) async throws(SmartCardError) -> APDU.Response {
            if !left.take() { await usb.unplug() }
            return try await card.transmit(command, deadline: deadline)
        }

        func resetCard() async throws(SmartCardError) { try await card.resetCard() }
    }
}
