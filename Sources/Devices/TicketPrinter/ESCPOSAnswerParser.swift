/// One answer of a printer on its bulk-in endpoint.
public enum ESCPOSAnswer: Sendable, Equatable {
    /// The answer to a `DLE EOT n`. It does not say to which n.
    case realTime(UInt8)
    /// Automatic status (`GS a`): something has changed. Never the answer to a request.
    case automatic([UInt8])
    /// `GS ( H` function 48: everything before that fence is printed.
    case fence(FenceID)
    /// `DLE DC4` function 8: both buffers are empty.
    case cleared
    /// The answer to a `GS r`.
    case requested(UInt8)
    /// Bytes that fit no answer.
    case noise([UInt8])
}

/// Cuts a printer's stream of bytes into answers. Kinds are told apart by the fixed bits of their first byte; a
/// real-time answer may stand in the middle of a longer one.
///
/// | kind | first byte | then |
/// | --- | --- | --- |
/// | real time | `0xx1xx10` | – |
/// | automatic | `0xx1xx00` | three bytes `0xx0xxxx` |
/// | fence | 37h | 22h, four bytes of ours, 00h |
/// | cleared | 37h | 25h, 00h |
/// | requested | `0xx0xxxx` | – |
public struct ESCPOSAnswerParser: Sendable {
    /// The beginning of a longer answer.
    private var partial: [UInt8] = []

    private static let blockHeader: UInt8 = 0x37
    private static let fenceMark: UInt8 = 0x22
    private static let clearedMark: UInt8 = 0x25

    public init() {}

    /// Forgets the beginning of an answer whose end will not come.
    public mutating func reset() { partial = [] }

    public mutating func feed(_ bytes: some Sequence<UInt8>) -> [ESCPOSAnswer] {
        var answers: [ESCPOSAnswer] = []
        for byte in bytes { take(byte, into: &answers) }
        return answers
    }

    private mutating func take(_ byte: UInt8, into answers: inout [ESCPOSAnswer]) {
        if byte & 0x93 == 0x12 {
            answers.append(.realTime(byte))
            return
        }
        guard let first = partial.first else {
            begin(byte, into: &answers)
            return
        }
        let fits = first == Self.blockHeader ? fitsBlock(byte) : byte & 0x90 == 0
        guard fits else {
            answers.append(.noise(partial))
            partial = []
            begin(byte, into: &answers)
            return
        }
        partial.append(byte)
        complete(into: &answers)
    }

    private mutating func begin(_ byte: UInt8, into answers: inout [ESCPOSAnswer]) {
        if byte == Self.blockHeader || byte & 0x93 == 0x10 {
            partial = [byte]
        } else if byte & 0x90 == 0 {
            answers.append(.requested(byte))
        } else {
            answers.append(.noise([byte]))
        }
    }

    private func fitsBlock(_ byte: UInt8) -> Bool {
        switch partial.count {
        case 1: byte == Self.fenceMark || byte == Self.clearedMark
        case _ where partial[1] == Self.clearedMark: byte == 0
        case 2...5: byte & 0xF0 == 0x40
        default: byte == 0
        }
    }

    private mutating func complete(into answers: inout [ESCPOSAnswer]) {
        if partial[0] == Self.blockHeader {
            if partial == [Self.blockHeader, Self.clearedMark, 0] {
                answers.append(.cleared)
                partial = []
            }
            guard partial.count == 7 else { return }
            if let id = FenceID(bytes: partial[2...5]) { answers.append(.fence(id)) }
        } else {
            guard partial.count == 4 else { return }
            answers.append(.automatic(partial))
        }
        partial = []
    }
}
