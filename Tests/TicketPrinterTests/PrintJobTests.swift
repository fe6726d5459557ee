import Peripherals
import Testing

@testable import TicketPrinter

@Suite struct PrintJobTests {
    private static let fence = FenceID(7)
    private static let pieces: [[UInt8]] = [[1, 2, 3, 4], [5, 6]]

    private func job(_ proof: PrinterCapabilities.Proof = .fence) -> PrintJob {
        PrintJob(
            pieces: Self.pieces, proof: proof, fence: Self.fence, millimetres: 120,
            limits: PrintJob.Limits(blocked: .seconds(6), proof: .seconds(15)))
    }

    /// A job whose last byte has gone out at second 0.
    private func sent(_ proof: PrinterCapabilities.Proof = .fence) -> (PrintJob, PrintJob.Step) {
        var job = job(proof)
        _ = job.begin()
        _ = job.handle(.status(.ready, answers: []), at: .zero)
        _ = job.handle(.recorded, at: .zero)
        _ = job.handle(.sent, at: .zero)
        _ = job.handle(.sent, at: .zero)
        let step = job.handle(.recorded, at: .zero)
        return (job, step)
    }

    @Test("a ticket that all goes well for is printed")
    func printed() {
        var job = job()
        #expect(job.begin() == .askStatus)
        let first = job.handle(.status(.paperNearEnd, answers: []), at: .zero)
        #expect(first == .record(.sending(millimetres: 120)))
        #expect(job.handle(.recorded, at: .zero) == .send([1, 2, 3, 4]))
        #expect(job.state == .sending(piece: 0, offset: 0))
        #expect(job.handle(.sent, at: .zero) == .send([5, 6]))
        #expect(job.handle(.sent, at: .zero) == .record(.awaitingProof))
        #expect(job.handle(.recorded, at: .zero) == .listen)
        #expect(job.state == .awaitingProof)
        #expect(
            job.handle(.answers([.automatic([0x10, 0, 0, 0x0F]), .fence(Self.fence)]), at: .zero) == .ended(.printed))
        #expect(job.handle(.sent, at: .zero) == .ended(.printed))
    }

    @Test(
        "nothing is sent to a printer that is not ready",
        arguments: PrinterCondition.allCases.filter { !$0.isReady })
    func notReady(_ condition: PrinterCondition) {
        var job = job()
        _ = job.begin()
        #expect(job.handle(.status(condition, answers: []), at: .zero) == .ended(.refused(condition)))
        #expect(job.unfinished == 0)
    }

    @Test("a job whose first step can't be kept is refused; one whose paper moves already goes on")
    func notRecorded() {
        var job = job()
        _ = job.begin()
        _ = job.handle(.status(.ready, answers: []), at: .zero)
        #expect(job.handle(.notRecorded, at: .zero) == .ended(.refused(.unknown)))
        var other = self.job()
        _ = other.begin()
        _ = other.handle(.status(.ready, answers: []), at: .zero)
        _ = other.handle(.recorded, at: .zero)
        _ = other.handle(.sent, at: .zero)
        #expect(other.handle(.sent, at: .zero) == .record(.awaitingProof))
        #expect(other.handle(.notRecorded, at: .zero) == .listen)
        #expect(other.handle(.answers([.fence(Self.fence)]), at: .zero) == .ended(.printed))
    }

    @Test(
        "only the echo of its own fence proves a job",
        arguments: [
            .fence(FenceID(8)), .automatic([0x10, 0, 0, 0x0F]), .realTime(0x12), .requested(0), .noise([0x37]),
        ] as [ESCPOSAnswer])
    func noProof(_ answer: ESCPOSAnswer) {
        var (job, _) = sent()
        #expect(job.handle(.answers([answer]), at: .seconds(1)) == .askStatus)
        #expect(job.handle(.status(.ready, answers: [answer]), at: .seconds(1)) == .listen)
        #expect(job.handle(.answers([answer]), at: .seconds(15)) == .ended(.failed(.unknown)))
    }

    @Test("a fence that comes among the answers to a status request counts, whatever the status is")
    func fenceWithStatus() {
        var (job, _) = sent()
        _ = job.handle(.answers([]), at: .seconds(1))
        #expect(job.handle(.status(.paperOut, answers: [.fence(Self.fence)]), at: .seconds(1)) == .ended(.printed))
    }

    @Test("a fault while the proof is awaited fails the job with its cause")
    func faultBeforeProof() {
        var (job, step) = sent()
        #expect(step == .listen)
        #expect(job.handle(.answers([]), at: .seconds(1)) == .askStatus)
        #expect(job.handle(.status(.coverOpen, answers: []), at: .seconds(1)) == .ended(.failed(.coverOpen)))
        #expect(job.unfinished == 0)
    }

    @Test("a printer that can't prove gives transmitted, or the fault it shows afterwards")
    func transmitted() {
        for proof in [PrinterCapabilities.Proof.none, .learn] {
            var (job, step) = sent(proof)
            #expect(step == .askStatus)
            #expect(job.handle(.status(.ready, answers: [.fence(FenceID(9))]), at: .zero) == .ended(.transmitted))
            (job, step) = sent(proof)
            #expect(job.handle(.status(.paperOut, answers: []), at: .zero) == .ended(.failed(.paperOut)))
        }
    }

    @Test("GS r proves where the printer has no fence")
    func statusProof() {
        var (job, step) = sent(.status)
        #expect(step == .listen)
        #expect(job.handle(.answers([.requested(0)]), at: .zero) == .ended(.printed))
    }

    @Test("automatic status proves only as often as it was asked for, and when all is well")
    func idleProof() {
        let ready = ESCPOSAnswer.automatic([0x10, 0, 0, 0x0F])
        var (job, step) = sent(.idle)
        #expect(step == .listen)
        #expect(job.handle(.answers([ready]), at: .zero) == .askStatus)
        #expect(job.handle(.status(.ready, answers: [.requested(0), .realTime(0x12)]), at: .zero) == .listen)
        #expect(job.handle(.answers([ready]), at: .zero) == .ended(.printed))
        (job, step) = sent(.idle)
        let ill = ESCPOSAnswer.automatic([0x18, 0, 0x0F, 0x0F])
        #expect(job.handle(.answers([ill, ill, ready]), at: .zero) == .askStatus)
        #expect(job.handle(.status(.paperOut, answers: []), at: .zero) == .ended(.failed(.paperOut)))
    }

    @Test("a blocked printer is asked why; with a cause the job fails, without one it goes on where it stopped")
    func blocked() {
        var job = job()
        _ = job.begin()
        _ = job.handle(.status(.ready, answers: []), at: .zero)
        _ = job.handle(.recorded, at: .zero)
        #expect(job.handle(.blocked(transferred: 3), at: .seconds(2)) == .findCause)
        #expect(job.state == .sending(piece: 0, offset: 3))
        #expect(job.handle(.cause(nil, answers: []), at: .seconds(2)) == .send([4]))
        #expect(job.handle(.blocked(transferred: 0), at: .seconds(4)) == .findCause)
        #expect(job.handle(.cause(.ready, answers: []), at: .seconds(4)) == .send([4]))
        #expect(job.handle(.blocked(transferred: 0), at: .seconds(8)) == .findCause)
        var other = job
        #expect(other.handle(.cause(nil, answers: []), at: .seconds(8)) == .ended(.failed(.offline)))
        #expect(job.handle(.cause(.paperOut, answers: []), at: .seconds(8)) == .ended(.failed(.paperOut)))
        #expect(job.unfinished == 1)
    }

    @Test("a printer that takes not one byte leaves no paper: refused")
    func blockedFromTheStart() {
        var job = job()
        _ = job.begin()
        _ = job.handle(.status(.ready, answers: []), at: .zero)
        _ = job.handle(.recorded, at: .zero)
        #expect(job.handle(.blocked(transferred: 0), at: .seconds(2)) == .findCause)
        #expect(job.handle(.cause(.coverOpen, answers: []), at: .seconds(2)) == .ended(.refused(.coverOpen)))
    }

    @Test("whatever happens in whatever order: bytes go out once and in order, and only the fence gives printed")
    func anyOrder() {
        let all = Self.pieces.flatMap { $0 }
        var random = SeededGenerator(seed: 2026)
        var printed = 0
        for _ in 0..<10_000 {
            var job = job()
            var step = job.begin()
            var (out, pending, sawFence) = ([UInt8](), [UInt8](), false)
            for second in 0..<14 {
                let answers: [ESCPOSAnswer] = [.fence(Self.fence), .fence(FenceID(99)), .automatic([0x18, 0, 15, 15])]
                let some = answers.filter { _ in Int.random(in: 0..<4, using: &random) == 0 }
                let condition = PrinterCondition.allCases.randomElement(using: &random) ?? .ready
                let calm = Int.random(in: 0..<4, using: &random) > 0 ? .ready : condition
                let event: PrintJob.Event
                switch step {
                case .askStatus: event = .status(calm, answers: some)
                case .record: event = Int.random(in: 0..<20, using: &random) == 0 ? .notRecorded : .recorded
                case .send(let bytes):
                    pending = bytes
                    let moved = Int.random(in: 0...bytes.count, using: &random)
                    out += bytes.prefix(moved)
                    event = moved == bytes.count ? .sent : .blocked(transferred: moved)
                case .findCause: event = .cause(Bool.random(using: &random) ? nil : calm, answers: some)
                case .listen: event = Int.random(in: 0..<20, using: &random) == 0 ? .lost(.absent) : .answers(some)
                case .ended: continue
                }
                if job.state == .awaitingProof { sawFence = sawFence || some.contains(.fence(Self.fence)) }
                step = job.handle(event, at: .seconds(second))
            }
            #expect(all.starts(with: out))
            if case .ended(.printed) = step {
                printed += 1
                #expect(sawFence && out == all && !pending.isEmpty)
            }
        }
        #expect(printed > 500)
    }

    @Test("a lost connection ends the job in every state")
    func lost() {
        var reserved = job()
        _ = reserved.begin()
        #expect(reserved.handle(.lost(.absent), at: .zero) == .ended(.refused(.absent)))
        // How much of a transfer that broke off has arrived, nobody knows.
        var sending = job()
        _ = sending.begin()
        _ = sending.handle(.status(.ready, answers: []), at: .zero)
        _ = sending.handle(.recorded, at: .zero)
        #expect(sending.handle(.lost(.absent), at: .zero) == .ended(.failed(.absent)))
        var (awaiting, _) = sent()
        #expect(awaiting.handle(.lost(.absent), at: .zero) == .ended(.failed(.absent)))
    }

    @Test("a job's bytes: automatic status only with the fence, the proof last")
    func bytes() throws {
        let bitmap = try #require(MonochromeBitmap(width: 8, height: 1, bytes: [0xFF]))
        for (proof, head, tail) in [
            (.fence, [0x1B, 0x40, 0x1D, 0x61, 0x0E], ESCPOS.fence(Self.fence)),
            (.status, [0x1B, 0x40, 0x1D, 0x61, 0x00], ESCPOS.paperSensorStatus),
            (.idle, [0x1B, 0x40, 0x1D, 0x61, 0x00], [0x1D, 0x61, 0x0E, 0x1D, 0x61, 0x0E]),
            (.none, [0x1B, 0x40, 0x1D, 0x76, 0x30], ESCPOS.cut()),
        ] as [(PrinterCapabilities.Proof, [UInt8], [UInt8])] {
            var job = PrintJob(bitmap, capabilities: PrinterCapabilities(proof: proof), fence: Self.fence)
            _ = job.begin()
            _ = job.handle(.status(.ready, answers: []), at: .zero)
            guard case .send(let bytes) = job.handle(.recorded, at: .zero) else {
                Issue.record("nothing is sent")
                return
            }
            #expect(bytes.prefix(5) == head[...])
            #expect(bytes.suffix(tail.count) == tail[...])
        }
    }
}

/// A generator whose numbers are the same in every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
