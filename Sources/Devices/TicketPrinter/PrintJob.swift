import Peripherals

/// One ticket on its way to paper, as a state machine that does no I/O and reads no clock.
///
///     reserved ─ ready, recorded ─▶ sending ─ all sent, recorded ─▶ awaiting proof ─▶ printed | transmitted
///         │                            │                                 │
///         └─▶ refused(condition) ◀─────┴─────────────────────────────────┴──────────▶ failed(condition)
///
/// The step to `sending` is recorded before the first byte goes out, the step to `awaitingProof` before the wait. A job
/// is refused only while no byte has gone out. It never sends anything twice: what has begun to move and was not proved
/// is failed, and the caller decides.
public struct PrintJob: Sendable, Equatable {
    public enum State: Sendable, Equatable {
        /// Nothing has been sent.
        case reserved
        /// The pieces before `piece` went out, and so did the first `offset` bytes of it.
        case sending(piece: Int, offset: Int)
        case awaitingProof
        case ended(PrintOutcome)
    }

    /// What to do next.
    public enum Step: Sendable, Equatable {
        /// Ask the printer how it is (`DLE EOT`), then `.status`.
        case askStatus
        /// Write this down, then `.recorded` or `.notRecorded`.
        case record(PrintStep)
        /// Send these bytes, then `.sent` or `.blocked`.
        case send([UInt8])
        /// The printer takes no bytes: look for the reason on the other ways (automatic status, port status), then
        /// `.cause`.
        case findCause
        /// Wait a moment for answers, then `.answers`, empty when none came.
        case listen
        case ended(PrintOutcome)
    }

    public enum Event: Sendable, Equatable {
        case status(PrinterCondition, answers: [ESCPOSAnswer])
        case recorded
        case notRecorded
        case sent
        /// The deadline of a piece passed after so many bytes of it.
        case blocked(transferred: Int)
        /// nil when nothing says why.
        case cause(PrinterCondition?, answers: [ESCPOSAnswer])
        case answers([ESCPOSAnswer])
        /// The connection is gone or useless.
        case lost(PrinterCondition)
    }

    public struct Limits: Sendable, Equatable {
        /// How long the printer may refuse bytes without a reason.
        public var blocked: Duration
        /// From the last byte to the proof. A ticket takes about a second; a slow printer with a long one, ten.
        public var proof: Duration

        public init(blocked: Duration = .seconds(6), proof: Duration = .seconds(15)) {
            self.blocked = blocked
            self.proof = proof
        }
    }

    public private(set) var state = State.reserved
    private let pieces: [[UInt8]]
    private let proof: PrinterCapabilities.Proof
    private let fence: FenceID
    private let limits: Limits
    /// What the job takes from the roll.
    public let millimetres: Double
    /// Automatic status that said "ready" since the last byte.
    private var idleReports = 0
    /// When something last moved, by the caller's clock.
    private var progressAt = Duration.zero

    /// - Parameters:
    ///   - pieces: each ends with a complete command; the last asks for the proof.
    ///   - proof: `.learn` counts as `.none`.
    ///   - millimetres: what the job takes from the roll.
    public init(
        pieces: [[UInt8]], proof: PrinterCapabilities.Proof, fence: FenceID, millimetres: Double = 0,
        limits: Limits = Limits()
    ) {
        self.pieces = pieces
        self.millimetres = millimetres
        self.proof = proof
        self.fence = fence
        self.limits = limits
    }

    /// A ticket for a printer of these capabilities.
    public init(
        _ bitmap: MonochromeBitmap, capabilities: PrinterCapabilities, fence: FenceID, limits: Limits = Limits()
    ) {
        var pieces = ESCPOS.ticket(bitmap, capabilities: capabilities)
        switch capabilities.proof {
        case .fence:
            // Automatic status only here: its bytes could be taken for the answer to a GS r, never for a fence.
            if capabilities.automaticStatus {
                pieces[0] = ESCPOS.initialise + ESCPOS.automaticStatus(true) + pieces[0].dropFirst(2)
            }
            pieces[pieces.count - 1] += ESCPOS.fence(fence)
        case .status:
            pieces[0] = ESCPOS.initialise + ESCPOS.automaticStatus(false) + pieces[0].dropFirst(2)
            pieces[pieces.count - 1] += ESCPOS.paperSensorStatus
        case .idle:
            // Off until everything is printed: whatever comes then was asked for behind the cut.
            pieces[0] = ESCPOS.initialise + ESCPOS.automaticStatus(false) + pieces[0].dropFirst(2)
            pieces[pieces.count - 1] += ESCPOS.idleReports
        case .none, .learn: break
        }
        let dots = bitmap.height + (capabilities.cut == .none ? 0 : Int(ESCPOS.cutFeed))
        self.init(
            pieces: pieces, proof: capabilities.proof, fence: fence,
            millimetres: Double(dots) * 25.4 / Double(capabilities.paper.dotsPerInch)
                + (capabilities.cut == .none ? Self.tearFeed : Self.headToCutter),
            limits: limits)
    }

    /// Millimetres that a printer without a cutter feeds, so that the ticket can be torn off.
    static let tearFeed = 20.0

    /// Millimetres of paper between print head and cutter, which every cut feeds through: about so many on the
    /// mechanisms that 80 mm and 58 mm printers are built from.
    static let headToCutter = 12.0

    /// Bytes that the printer may still expect of a command that began: as many zeros complete it, and mean nothing
    /// to a printer that has forgotten it.
    public private(set) var unfinished = 0

    /// Whether any byte went out.
    public private(set) var hasSent = false

    public mutating func begin() -> Step { .askStatus }

    /// - Parameter elapsed: time since `begin`, never going back.
    public mutating func handle(_ event: Event, at elapsed: Duration) -> Step {
        if case .lost(let condition) = event {
            // A transfer that broke off does not say how much of it arrived.
            if case .sending = state { hasSent = true }
            return fail(condition)
        }
        switch state {
        case .reserved: return whenReserved(event, elapsed)
        case .sending(let piece, let offset): return whenSending(piece, offset, event, elapsed)
        case .awaitingProof: return whenAwaitingProof(event, elapsed)
        case .ended(let outcome): return .ended(outcome)
        }
    }

    private mutating func whenReserved(_ event: Event, _ elapsed: Duration) -> Step {
        switch event {
        case .status(let condition, _):
            return condition.isReady ? .record(.sending(millimetres: millimetres)) : fail(condition)
        case .recorded:
            progressAt = elapsed
            return send(piece: 0, offset: 0, elapsed)
        case .notRecorded, .sent, .blocked, .cause, .answers, .lost:
            return fail(.unknown)
        }
    }

    private mutating func whenSending(_ piece: Int, _ offset: Int, _ event: Event, _ elapsed: Duration) -> Step {
        switch event {
        case .sent:
            progressAt = elapsed
            hasSent = true
            return send(piece: piece + 1, offset: 0, elapsed)
        case .blocked(let transferred):
            if transferred > 0 { (progressAt, hasSent) = (elapsed, true) }
            state = .sending(piece: piece, offset: min(offset + transferred, pieces[piece].count))
            return .findCause
        case .cause(let condition, _):
            if let condition, !condition.isReady { return fail(condition) }
            if elapsed - progressAt >= limits.blocked { return fail(.offline) }
            return send(piece: piece, offset: offset, elapsed)
        case .status, .answers, .recorded, .notRecorded, .lost:
            return fail(.unknown)
        }
    }

    private mutating func whenAwaitingProof(_ event: Event, _ elapsed: Duration) -> Step {
        switch event {
        // The paper is moving: a step that was not kept does not stop it.
        case .recorded, .notRecorded:
            progressAt = elapsed
            return proof == .none || proof == .learn ? .askStatus : .listen
        case .answers(let answers):
            if proves(answers) { return end(.printed) }
            return elapsed - progressAt >= limits.proof ? fail(.unknown) : .askStatus
        case .status(let condition, let answers):
            if proves(answers) { return end(.printed) }
            guard condition.isReady else { return fail(condition) }
            if proof == .none || proof == .learn { return end(.transmitted) }
            return elapsed - progressAt >= limits.proof ? fail(.unknown) : .listen
        case .sent, .blocked, .cause, .lost:
            return fail(.unknown)
        }
    }

    /// A fence of another id proves another job. Real-time status never proves anything; automatic status only where
    /// there is nothing better, when it says that all is well, and as often as it was asked for.
    private mutating func proves(_ answers: [ESCPOSAnswer]) -> Bool {
        for answer in answers {
            switch (proof, answer) {
            case (.fence, .fence(fence)), (.status, .requested): return true
            case (.idle, .automatic(let bytes)) where ESCPOSStatus(automatic: bytes).condition.isReady:
                idleReports += 1
            default: break
            }
        }
        return proof == .idle && idleReports >= ESCPOS.idleReportCount
    }

    private mutating func send(piece: Int, offset: Int, _ elapsed: Duration) -> Step {
        var (piece, offset) = (piece, offset)
        if piece < pieces.count, offset >= pieces[piece].count { (piece, offset) = (piece + 1, 0) }
        guard piece < pieces.count else {
            state = .awaitingProof
            return .record(.awaitingProof)
        }
        state = .sending(piece: piece, offset: offset)
        return .send([UInt8](pieces[piece][offset...]))
    }

    private mutating func fail(_ condition: PrinterCondition) -> Step {
        if case .sending(let piece, let offset) = state, hasSent { unfinished = pieces[piece].count - offset }
        return end(hasSent ? .failed(condition) : .refused(condition))
    }

    private mutating func end(_ outcome: PrintOutcome) -> Step {
        state = .ended(outcome)
        return .ended(outcome)
    }
}
