import Testing

@testable import TicketPrinter

/// A printer's stream as it may come: answers of every kind one after the other, real-time answers also in the middle of
/// longer ones, cut into transfers anywhere.
@Suite("Interleaved answers") struct InterleavingTests {
    /// Bytes, and the answers that they are, written down from the maker's description of each kind.
    private struct Stream {
        var bytes: [UInt8] = []
        var answers: [ESCPOSAnswer] = []

        /// An answer of several bytes, with real-time answers thrown in.
        mutating func add(
            _ long: [UInt8], _ answer: ESCPOSAnswer, realTime: [Int: UInt8]
        ) {
            for (index, byte) in long.enumerated() {
                if index > 0, let status = realTime[index] {
                    bytes.append(status)
                    answers.append(.realTime(status))
                }
                bytes.append(byte)
            }
            answers.append(answer)
        }
    }

    private static let own = FenceID(0x0BCD)

    private func stream(_ random: inout SeededGenerator, withOwnFence: Bool) -> Stream {
        var stream = Stream()
        let count = Int.random(in: 3...7, using: &random)
        let place = Int.random(in: 0..<count, using: &random)
        for index in 0..<count {
            // Bits 1 and 4 are set, 0 and 7 are clear.
            let realTime = Dictionary(
                uniqueKeysWithValues: (1..<7).filter { _ in Bool.random(using: &random) }.map {
                    ($0, UInt8.random(in: 0...255, using: &random) & 0x6C | 0x12)
                })
            if withOwnFence, index == place {
                stream.add([0x37, 0x22, 0x40, 0x4B, 0x4C, 0x4D, 0], .fence(Self.own), realTime: realTime)
                continue
            }
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                let first = UInt8.random(in: 0...255, using: &random) & 0x6C | 0x10
                let rest = (0..<3).map { _ in UInt8.random(in: 0...255, using: &random) & 0x6F }
                stream.add([first] + rest, .automatic([first] + rest), realTime: realTime.filter { $0.key < 4 })
            case 1:
                let letters = (0..<4).map { _ in UInt8.random(in: 0x40...0x4A, using: &random) }
                guard let id = FenceID(bytes: letters) else { continue }
                stream.add([0x37, 0x22] + letters + [0], .fence(id), realTime: realTime)
            case 2: stream.add([0x37, 0x25, 0], .cleared, realTime: realTime.filter { $0.key < 3 })
            default: stream.add([0x12], .realTime(0x12), realTime: [:])
            }
        }
        return stream
    }

    @Test("2,000 random streams are the same answers at every split into transfers, and at random ones")
    func everySplit() {
        var random = SeededGenerator(seed: 41)
        for _ in 0..<2000 {
            let stream = stream(&random, withOwnFence: Bool.random(using: &random))
            for split in 0...stream.bytes.count {
                var parser = ESCPOSAnswerParser()
                let answers = parser.feed(stream.bytes[..<split]) + parser.feed(stream.bytes[split...])
                #expect(answers == stream.answers, "\(stream.bytes) at \(split)")
                guard answers == stream.answers else { return }
            }
            var parser = ESCPOSAnswerParser()
            var (at, answers) = (0, [ESCPOSAnswer]())
            while at < stream.bytes.count {
                let end = min(stream.bytes.count, at + Int.random(in: 1...5, using: &random))
                answers += parser.feed(stream.bytes[at..<end])
                at = end
            }
            #expect(answers == stream.answers)
        }
    }

    @Test(
        "only its own fence prints a ticket, only a requested byte, only two automatic reports: never what strayed",
        arguments: [PrinterCapabilities.Proof.fence, .status])
    func proofs(_ proof: PrinterCapabilities.Proof) {
        var random = SeededGenerator(seed: 43)
        for round in 0..<2000 {
            let hasFence = round % 2 == 0
            let stream = stream(&random, withOwnFence: hasFence)
            var job = PrintJob(pieces: [[1]], proof: proof, fence: Self.own)
            _ = job.begin()
            _ = job.handle(.status(.ready, answers: []), at: .zero)
            _ = job.handle(.recorded, at: .zero)
            _ = job.handle(.sent, at: .zero)
            _ = job.handle(.recorded, at: .zero)
            var parser = ESCPOSAnswerParser()
            for byte in stream.bytes { _ = job.handle(.answers(parser.feed([byte])), at: .zero) }
            let isPrinted = job.state == .ended(.printed)
            #expect(isPrinted == (hasFence && proof == .fence), "\(stream.bytes)")
        }
    }

    @Test(
        "an answer that breaks off anywhere never makes a fence of what follows",
        arguments: [[0x37, 0x22, 0x40, 0x4B, 0x4C, 0x4D, 0], [0x18, 0, 0x0F, 0x0F], [0x37, 0x25, 0]] as [[UInt8]])
    func brokenOff(_ long: [UInt8]) {
        for length in 1..<long.count {
            for stray in [[0x10, 0, 0, 0x0F], [0x37, 0x22, 0x41, 0x41, 0x41, 0x41, 0]] as [[UInt8]] {
                var parser = ESCPOSAnswerParser()
                let answers = parser.feed(long[..<length] + stray)
                #expect(!answers.contains(.fence(Self.own)) && !answers.contains(.cleared))
            }
        }
    }
}
