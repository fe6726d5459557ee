/// Follows the status words 61xx ("xx more bytes: GET RESPONSE") and 6Cxx ("ask again with Le = xx") of ISO/IEC 7816-4,
/// 5.3.4. Pure: feed responses, transmit what it returns. A card that never ends is stopped after a bounded number of
/// commands and bytes.
public struct ResponseCollector: Sendable {
    public enum Step: Equatable, Sendable {
        case transmit(APDU.Command)
        case finished(APDU.Response)
        /// The card goes on and on.
        case endless
    }

    public static let commandLimit = 64
    public static let byteLimit = 65_536

    private let command: APDU.Command
    private var collected: [UInt8] = []
    private var commands = 1
    private var hasCorrectedLe = false

    public init(_ command: APDU.Command) { self.command = command }

    public mutating func receive(_ response: APDU.Response) -> Step {
        collected += response.data
        guard collected.count <= Self.byteLimit else { return .endless }
        let hint = response.status.sw2 == 0 ? 256 : Int(response.status.sw2)
        // Under secure messaging the same bytes must not be sent twice: the counter has moved on. There the status goes
        // to whoever keeps the session.
        let isProtected = command.cla & 0x0C != 0
        switch response.status.sw1 {
        case 0x61:
            return next(APDU.Command(cla: command.cla & 0x03, ins: 0xC0, p1: 0, p2: 0, le: hint))
        case 0x6C where !isProtected && !hasCorrectedLe && response.data.isEmpty && command.le != nil:
            hasCorrectedLe = true
            var corrected = command
            corrected.le = hint
            return next(corrected)
        default:
            return .finished(APDU.Response(data: collected, status: response.status))
        }
    }

    private mutating func next(_ command: APDU.Command) -> Step {
        commands += 1
        return commands > Self.commandLimit ? .endless : .transmit(command)
    }
}

extension CardChannel {
    /// Transmits a command and collects its whole response, see `ResponseCollector`.
    public func exchange(
        _ command: APDU.Command, deadline: Duration
    ) async throws(SmartCardError) -> APDU.Response {
        var collector = ResponseCollector(command)
        var next = command
        while true {
            switch collector.receive(try await transmit(next, deadline: deadline)) {
            case .transmit(let command): next = command
            case .finished(let response): return response
            case .endless: throw .reader("the card announces data without end")
            }
        }
    }
}
