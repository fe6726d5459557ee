/// What a CCID exchange does next. The exchange itself performs no I/O.
public enum CCIDStep: Equatable, Sendable {
    /// Send these bytes on the bulk-out endpoint, then wait for an answer at most `deadline`.
    case send([UInt8], deadline: Duration)
    /// Nothing to send: keep waiting (a stale frame was dropped, or the reader asked for more time).
    case wait(Duration)
    /// Send the class request ABORT with this slot and sequence number, then the bytes, then wait (5.3.1, 6.1.13).
    case abort(slot: UInt8, sequence: UInt8, message: [UInt8], deadline: Duration)
    case finished(CCIDReply)
    case failed(CCIDError)
}

/// The answer to a whole exchange.
public struct CCIDReply: Equatable, Sendable {
    public var data: [UInt8]
    public var card: CCIDCardState
}

/// Why an exchange gave no answer.
public enum CCIDError: Error, Equatable, Sendable {
    case noCard
    /// The card does not answer the reader (bError FEh), or its answer is unusable (FDh, FCh, F8h, F7h, F6h).
    case mute(code: UInt8)
    /// The reader refused (bError).
    case refused(code: UInt8)
    /// The reader went silent or broke the protocol, and came back after an abort.
    case aborted(CCIDTrouble)
    /// It did not even answer the abort.
    case unresponsive(CCIDTrouble)
    /// The command is longer than this reader takes.
    case commandTooLong
}

/// What made an abort necessary.
public enum CCIDTrouble: Equatable, Sendable {
    case silence
    case malformed
    case staleFrames
    case endlessTimeExtension
    case answerTooLong
    case unexpectedType(UInt8)
}

/// One request to the reader and everything that belongs to it: splitting, joining, patience, and the abort when patience
/// ends (USB CCID 1.1, clause 6). A pure state machine: feed it frames and silences, do what it returns.
public struct CCIDExchange: Sendable {
    public enum Request: Sendable, Equatable {
        case slotStatus
        case powerOn
        case powerOff
        case transmit([UInt8])
        /// Only the abort: after an exchange was cancelled in the middle.
        case abort
    }

    /// Frames with another sequence number that are thrown away before the exchange is aborted.
    public static let staleFrameLimit = 16
    /// Time extensions in one exchange.
    public static let timeExtensionLimit = 240
    /// An extended response: 65,536 bytes and the status.
    public static let answerLimit = 65_538

    private enum State { case idle, awaitingAnswer, awaitingAbort(CCIDTrouble), over }

    private let request: Request
    private let slot: UInt8
    private let maximum: Int
    private let patience: Duration
    private let mayChain: Bool
    private var state = State.idle
    private var outstanding: [UInt8] = []
    private var hasSentPart = false
    private var answer: [UInt8] = []
    private var stale = 0
    private var extensions = 0
    /// The reader split an answer, or asked for another part of the command.
    public private(set) var sawChaining = false
    /// The number of the message sent last; the next exchange begins after it.
    public private(set) var sequence: UInt8

    /// - Parameters:
    ///   - sequence: the number of the message sent before this exchange.
    ///   - maximum: the longest message that the reader takes and sends, in bytes.
    ///   - mayChain: whether a command may be split (extended APDU level).
    ///   - patience: how long the reader may be silent.
    public init(
        _ request: Request, slot: UInt8, after sequence: UInt8, maximum: Int, mayChain: Bool, patience: Duration
    ) {
        self.request = request
        self.slot = slot
        self.sequence = sequence
        self.maximum = maximum
        self.mayChain = mayChain
        self.patience = patience
    }

    public mutating func start() -> CCIDStep {
        state = .awaitingAnswer
        switch request {
        case .slotStatus: return send(.slotStatus)
        case .powerOn: return send(.powerOn)
        case .powerOff: return send(.powerOff)
        case .abort: return abort(.silence)
        case .transmit(let bytes):
            guard bytes.count <= maximum - CCIDMessage.headerLength || mayChain else { return fail(.commandTooLong) }
            outstanding = bytes
            return sendPart()
        }
    }

    /// The deadline passed without a frame.
    public mutating func receiveNothing() -> CCIDStep {
        switch state {
        case .awaitingAnswer: abort(.silence)
        case .awaitingAbort(let trouble): fail(.unresponsive(trouble))
        case .idle, .over: fail(.unresponsive(.silence))
        }
    }

    /// Feeds one bulk-in frame.
    public mutating func receive(_ frame: [UInt8]) -> CCIDStep {
        // A zero-length packet that only ends a transfer.
        if frame.isEmpty { return dropped() }
        let message: CCIDMessage
        do {
            message = try CCIDMessage(frame: frame, maximum: maximum)
        } catch {
            if case .awaitingAbort = state { return dropped() }
            return abort(.malformed)
        }
        guard message.sequence == sequence, message.slot == slot else { return dropped() }
        let status = CCIDStatus(status: message.parameters.0, error: message.parameters.1)
        switch state {
        case .awaitingAbort(let trouble):
            guard message.type == CCIDMessage.Reply.slotStatus.rawValue else { return dropped() }
            return fail(.aborted(trouble))
        case .awaitingAnswer:
            return judge(message, status)
        case .idle, .over:
            return dropped()
        }
    }

    private mutating func judge(_ message: CCIDMessage, _ status: CCIDStatus) -> CCIDStep {
        switch status.outcome {
        case .moreTime:
            // Some readers send it with another message type than the awaited one, so that the type is not looked at.
            extensions += 1
            guard extensions <= Self.timeExtensionLimit else { return abort(.endlessTimeExtension) }
            return .wait(patience)
        case .failed:
            return fail(Self.error(status))
        case .processed:
            let isTransfer = if case .transmit = request { true } else { false }
            let expected: CCIDMessage.Reply =
                isTransfer || request == .powerOn ? .dataBlock : .slotStatus
            guard message.type == expected.rawValue else { return abort(.unexpectedType(message.type)) }
            return isTransfer ? collect(message, status) : finish(message.data, status)
        }
    }

    /// bChainParameter (6.2.1): 0 whole, 1 begins, 2 ends, 3 goes on, 10h "send the next part".
    private mutating func collect(_ message: CCIDMessage, _ status: CCIDStatus) -> CCIDStep {
        if [1, 3, 0x10].contains(message.parameters.2) { sawChaining = true }
        if message.parameters.2 == 0x10 {
            guard !outstanding.isEmpty else { return abort(.malformed) }
            return sendPart()
        }
        answer += message.data
        guard answer.count <= Self.answerLimit else { return abort(.answerTooLong) }
        switch message.parameters.2 {
        case 1, 3:
            guard !message.data.isEmpty else { return abort(.malformed) }
            return send(.transfer, parameters: (0, 0x10, 0))
        default:
            return finish(answer, status)
        }
    }

    /// wLevelParameter (6.1.4): 0 whole, 1 begins, 2 ends, 3 goes on.
    private mutating func sendPart() -> CCIDStep {
        let part = Array(outstanding.prefix(maximum - CCIDMessage.headerLength))
        outstanding.removeFirst(part.count)
        let level: UInt8 =
            switch (hasSentPart, outstanding.isEmpty) {
            case (false, true): 0
            case (false, false): 1
            case (true, true): 2
            case (true, false): 3
            }
        hasSentPart = true
        return send(.transfer, parameters: (0, level, 0), data: part)
    }

    private mutating func send(
        _ command: CCIDMessage.Command, parameters: (UInt8, UInt8, UInt8) = (0, 0, 0), data: [UInt8] = []
    ) -> CCIDStep {
        sequence &+= 1
        let message = CCIDMessage(
            command: command, slot: slot, sequence: sequence, parameters: parameters, data: data)
        return .send(message.bytes, deadline: patience)
    }

    private mutating func abort(_ trouble: CCIDTrouble) -> CCIDStep {
        state = .awaitingAbort(trouble)
        stale = 0
        sequence &+= 1
        let message = CCIDMessage(command: .abort, slot: slot, sequence: sequence)
        return .abort(slot: slot, sequence: sequence, message: message.bytes, deadline: .milliseconds(500))
    }

    private mutating func dropped() -> CCIDStep {
        stale += 1
        guard stale > Self.staleFrameLimit else { return .wait(patience) }
        if case .awaitingAnswer = state { return abort(.staleFrames) }
        return fail(.unresponsive(.staleFrames))
    }

    private mutating func finish(_ data: [UInt8], _ status: CCIDStatus) -> CCIDStep {
        state = .over
        return .finished(CCIDReply(data: data, card: status.card ?? .absent))
    }

    private mutating func fail(_ error: CCIDError) -> CCIDStep {
        state = .over
        return .failed(error)
    }

    /// bError (table 6.2-2).
    private static func error(_ status: CCIDStatus) -> CCIDError {
        if status.card == .absent { return .noCard }
        return switch status.error {
        case 0xFE, 0xFD, 0xFC, 0xF8, 0xF7, 0xF6: .mute(code: status.error)
        default: .refused(code: status.error)
        }
    }
}
