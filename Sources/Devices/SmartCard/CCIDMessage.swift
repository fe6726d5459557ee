/// One bulk message of USB CCID 1.1, clause 6: a header of ten bytes and its data.
public struct CCIDMessage: Sendable, Equatable {
    public static let headerLength = 10

    /// Messages to the reader, bulk out (6.1).
    public enum Command: UInt8, Sendable {
        case powerOn = 0x62
        case powerOff = 0x63
        case slotStatus = 0x65
        case transfer = 0x6F
        case escape = 0x6B
        case abort = 0x72
    }

    /// Messages from the reader, bulk in (6.2).
    public enum Reply: UInt8, Sendable {
        case dataBlock = 0x80
        case slotStatus = 0x81
        case parameters = 0x82
        case escape = 0x83
    }

    public var type: UInt8
    public var slot: UInt8
    public var sequence: UInt8
    /// Bytes 7 to 9: bBWI and wLevelParameter of a transfer; bStatus, bError and bChainParameter of an answer.
    public var parameters: (UInt8, UInt8, UInt8)
    public var data: [UInt8]

    public init(
        command: Command, slot: UInt8, sequence: UInt8, parameters: (UInt8, UInt8, UInt8) = (0, 0, 0),
        data: [UInt8] = []
    ) {
        type = command.rawValue
        self.slot = slot
        self.sequence = sequence
        self.parameters = parameters
        self.data = data
    }

    /// Why a frame from the reader is not a message.
    public enum Defect: Error, Sendable, Equatable {
        case shorterThanHeader(Int)
        /// dwLength promises more than the reader's own maximum.
        case tooLong(UInt32)
        /// dwLength promises more than came.
        case incomplete(promised: Int, received: Int)
    }

    /// Reads what the reader sent. dwLength is bounded by `maximum` (dwMaxCCIDMessageLength) before it is believed; bytes
    /// after the promised end are dropped.
    public init(frame: [UInt8], maximum: Int) throws(Defect) {
        guard frame.count >= Self.headerLength else { throw .shorterThanHeader(frame.count) }
        let length = Self.length(of: frame)
        guard Int(length) <= maximum - Self.headerLength else { throw .tooLong(length) }
        let end = Self.headerLength + Int(length)
        guard frame.count >= end else { throw .incomplete(promised: end, received: frame.count) }
        type = frame[0]
        slot = frame[5]
        sequence = frame[6]
        parameters = (frame[7], frame[8], frame[9])
        data = Array(frame[Self.headerLength..<end])
    }

    /// dwLength of a frame of at least ten bytes.
    static func length(of frame: [UInt8]) -> UInt32 {
        (1...4).reversed().reduce(0) { $0 << 8 | UInt32(frame[$1]) }
    }

    public var bytes: [UInt8] {
        let length = UInt32(data.count)
        return [type] + (0..<4).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
            + [slot, sequence, parameters.0, parameters.1, parameters.2] + data
    }

    public static func == (left: CCIDMessage, right: CCIDMessage) -> Bool { left.bytes == right.bytes }
}

/// bStatus and bError of an answer (6.2.6).
struct CCIDStatus {
    enum Outcome { case processed, failed, moreTime }

    let outcome: Outcome
    /// What the reader says about the card; nil for the reserved value 3.
    let card: CCIDCardState?
    let error: UInt8

    init(status: UInt8, error: UInt8) {
        outcome =
            switch status >> 6 {
            case 0: .processed
            case 2: .moreTime
            default: .failed
            }
        card = CCIDCardState(rawValue: status & 3)
        self.error = error
    }
}

/// bmICCStatus.
public enum CCIDCardState: UInt8, Sendable {
    case active = 0
    case inactive = 1
    case absent = 2
}
