import IdentityCard
import SmartCard

extension FuzzTarget {
    /// A card's answers while a file is read: data, hints, refusals, and announcements without end.
    static let reading = FuzzTarget(name: "reading", longest: 65_536) { bytes in
        let pieces = Array(Pieces(bytes))
        let answers = pieces.compactMap { APDU.Response(bytes: $0) }
        guard !answers.isEmpty else { return }
        collect(answers)
        read(pieces)
    }

    private static func collect(_ answers: [APDU.Response]) {
        var collector = ResponseCollector(APDU.Command(ins: 0xB0, p1: 0, p2: 0, le: 256))
        for round in 0...ResponseCollector.commandLimit {
            switch collector.receive(answers[round % answers.count]) {
            case .transmit: continue
            case .finished(let response):
                precondition(response.data.count <= ResponseCollector.byteLimit)
                return
            case .endless: return
            }
        }
        preconditionFailure("a response that never ends")
    }

    /// A piece of less than two bytes is no response: the session ends there.
    private static func read(_ pieces: [[UInt8]]) {
        var reading = FileReading(.dataGroup13, habits: ChipHabits(), block: BlockSize(extended: 1000, short: 223))
        var step = reading.next()
        var sessions = 1
        // Every answer brings at least a byte, or makes the block smaller, or ends a session.
        for round in 0..<2 * FileReading.lengthLimit {
            guard case .send(let command) = step else {
                if case .finished(let file) = step { precondition(file.first == 0x6D) }
                return
            }
            precondition(command.ins == 0xA4 || (command.le ?? 0) > 0)
            if let response = APDU.Response(bytes: pieces[round % pieces.count]) {
                step = reading.receive(response)
            } else {
                guard sessions < 5, !reading.sessionEnded(with: APDU.StatusWord(0x6988)) else { return }
                sessions += 1
                step = reading.next()
            }
        }
        preconditionFailure("a file that never ends")
    }
}
