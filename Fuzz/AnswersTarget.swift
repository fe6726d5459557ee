import SmartCard

extension FuzzTarget {
    /// Answers to reset and to select, and the historical bytes in them.
    static let answers = FuzzTarget(name: "answers", longest: 300) { bytes in
        // The check byte is put right: otherwise nothing would get past it.
        var corrected = bytes
        if bytes.count > 2 { corrected[bytes.count - 1] = bytes[1..<bytes.count - 1].reduce(0, ^) }
        for bytes in [bytes, corrected] {
            guard let answer = try? AnswerToReset(bytes) else { continue }
            precondition(!answer.protocols.isEmpty && answer.historical.bytes.count <= 15)
            _ = answer.capabilities?.takesExtendedLength
        }
        if let answer = AnswerToSelect(bytes) {
            precondition((16...4096).contains(answer.frameSize) && answer.frameWaitingTimeUs > 0)
        }
        for object in HistoricalBytes(bytes).objects { precondition(object.key <= 15 && object.value.count <= 15) }
    }
}
