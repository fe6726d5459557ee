import IdentityCard
import SmartCard

extension FuzzTarget {
    /// A card's answers while a file is read: data, hints, refusals, and announcements without end.
    static let reading = FuzzTarget(name: "reading", longest: 65_536) { bytes in
        let answers = Pieces(bytes).compactMap { APDU.Response(bytes: $0) }
        guard !answers.isEmpty else { return }
        collect(answers)
        read(answers)
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

    private static func read(_ answers: [APDU.Response]) {
        var reading = FileReading(.dataGroup1, block: BlockSize(extended: 1000, short: 223))
        var step = reading.next()
        // Every answer brings at least a byte, or makes the block smaller.
        for round in 0..<70_000 {
            guard case .send(let command) = step else {
                if case .finished(let file) = step { precondition(file.first == 0x61) }
                return
            }
            precondition((command.le ?? 0) > 0)
            step = reading.receive(answers[round % answers.count])
        }
        preconditionFailure("a file that never ends")
    }
}
