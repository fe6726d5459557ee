import Foundation
import Peripherals
import Simulator

@testable import TicketPrinter

/// The kiosk lost its power: the process forgets everything but what it had written down.
struct PowerCut: Error {}

/// A printer and its driver's pure parts without actor, bus and clock: what `ESCPOSPrinter` does with them, step by
/// step, so that ten thousand jobs run in seconds.
struct ScriptedPrinter {
    var mechanism: PrinterMechanism
    let capabilities: PrinterCapabilities
    private(set) var isPlugged = true
    /// Jobs proved late since the last look.
    private(set) var lateProofs: [UUID] = []
    /// Called before each transfer: what happens meanwhile, and whether the kiosk's power goes.
    var meanwhile: (inout PrinterMechanism) throws(PowerCut) -> Void = { _ throws(PowerCut) in }

    private var parser = ESCPOSAnswerParser()
    private var past: PrinterMemory
    private var unproved = UnprovedJobs()
    private var leftover = Leftover.none
    private var isOpen = false
    private var knowsNoReset = false

    /// Bytes in a transfer: few, so that much may happen between two.
    private static let transfer = 24
    private static let limits = PrintJob.Limits(blocked: .seconds(2), proof: .seconds(3))

    init(_ model: PrinterModel, firstFence: UInt16) {
        mechanism = PrinterMechanism(model: model)
        let proof: PrinterCapabilities.Proof =
            model.hasFence ? .fence : model.hasStatusRequest ? .status : model.hasAutomaticStatus ? .idle : .none
        capabilities = PrinterCapabilities(
            paper: PaperWidth(dots: 64), bandHeight: 8, bandBytes: 512, proof: proof,
            automaticStatus: model.hasAutomaticStatus)
        past = PrinterMemory(firstFence: firstFence)
    }

    /// Another process drives the printer from now on.
    mutating func restarted(mayHangOut: Bool, firstFence: UInt16) {
        past = PrinterMemory(mayHangOut: mayHangOut, firstFence: firstFence)
        unproved = UnprovedJobs()
        reopen()
    }

    /// The cable is in again; the process is the same.
    mutating func replugged() {
        if mechanism.takeDeparture() != nil { isPlugged = false }
        guard !isPlugged else { return }
        isPlugged = true
        unproved = UnprovedJobs()
        reopen()
    }

    private mutating func reopen() {
        (parser, leftover, isOpen, knowsNoReset) = (ESCPOSAnswerParser(), .none, false, false)
        // The host's side of the pipe is new.
        _ = mechanism.takeOutput()
    }

    mutating func takeLateProofs() -> [UUID] {
        defer { lateProofs = [] }
        return lateProofs
    }

    // MARK: One look, one job

    mutating func look() throws(PowerCut) {
        guard try open(), try askStatus().condition.isReady else { return }
        let cleared = try write(leftover.bytes)
        leftover.sent(cleared)
        _ = hear()
    }

    mutating func print(
        _ bitmap: MonochromeBitmap, job id: UUID, journal: (PrintStep) throws(PowerCut) -> Void
    ) throws(PowerCut) -> PrintOutcome {
        guard try open() else { return .refused(.absent) }
        let fence = past.takeFence()
        var job = PrintJob(bitmap, capabilities: capabilities, fence: fence, limits: Self.limits)
        var step = job.begin()
        var seconds = 0
        while true {
            let event: PrintJob.Event
            switch step {
            case .ended(let outcome): return try finish(job, id, fence, outcome)
            case .askStatus:
                let (condition, answers) = try askStatus()
                event = isPlugged ? .status(condition, answers: answers) : .lost(.absent)
            case .record(let next):
                try journal(next)
                event = .recorded
            case .send(let bytes): event = try send(bytes)
            case .findCause:
                seconds += 1
                event = .cause(cause(), answers: [])
            case .listen:
                seconds += 1
                let heard = hear()
                event = isPlugged || !heard.isEmpty ? .answers(heard) : .lost(.absent)
            }
            step = job.handle(event, at: .seconds(seconds))
        }
    }

    private mutating func open() throws(PowerCut) -> Bool {
        guard isPlugged else { return false }
        guard !isOpen else { return true }
        isOpen = true
        leftover = .ofEarlierProcess(capabilities, isOnPaper: past.mayHangOut)
        if try !askStatus().condition.isReady { try forget() }
        return isPlugged
    }

    private mutating func send(_ bytes: [UInt8]) throws(PowerCut) -> PrintJob.Event {
        if !leftover.isEmpty {
            leftover.sent(try write(leftover.bytes))
            guard isPlugged else { return .lost(.absent) }
            guard leftover.isEmpty else { return .blocked(transferred: 0) }
        }
        let moved = try write(bytes)
        guard isPlugged else { return .lost(.absent) }
        return moved == bytes.count ? .sent : .blocked(transferred: moved)
    }

    private mutating func finish(
        _ job: PrintJob, _ id: UUID, _ fence: FenceID, _ outcome: PrintOutcome
    ) throws(PowerCut) -> PrintOutcome {
        switch outcome {
        case .printed, .transmitted:
            past.mayHangOut = false
            return outcome
        case .refused, .failed:
            guard job.hasSent || !leftover.isEmpty else { return outcome }
            if case .failed = outcome, capabilities.proof == .fence { unproved.add(id, fence: fence) }
            leftover.leave(job, end: ESCPOS.cut())
            past.mayHangOut = true
            if isPlugged { try forget() }
            return outcome
        }
    }

    private mutating func forget() throws(PowerCut) {
        if !knowsNoReset {
            if mechanism.softReset() {
                parser.reset()
                return
            }
            knowsNoReset = true
        }
        _ = try write(ESCPOS.clearBuffers)
        if !hear().contains(.cleared) { _ = try write(ESCPOS.recoverEmpty) }
    }

    // MARK: Bytes

    /// - Returns: the bytes that were taken before the printer was full or gone.
    private mutating func write(_ bytes: [UInt8]) throws(PowerCut) -> Int {
        var moved = 0
        while moved < bytes.count {
            try meanwhile(&mechanism)
            guard isHere, !mechanism.isFull else { return moved }
            let piece = [UInt8](bytes[moved...].prefix(Self.transfer))
            mechanism.receive(piece)
            moved += piece.count
            guard isHere else { return moved }
        }
        return moved
    }

    /// Sees whether the cable is still in.
    private var isHere: Bool {
        mutating get {
            if mechanism.takeDeparture() != nil { isPlugged = false }
            return isPlugged
        }
    }

    /// Everything that the printer has said; echoes of old jobs are kept apart.
    private mutating func hear() -> [ESCPOSAnswer] {
        guard isHere else { return [] }
        return parser.feed(mechanism.takeOutput()).filter { answer in
            switch answer {
            case .automatic(let bytes): unproved.saw(ESCPOSStatus(automatic: bytes).condition)
            case .fence(let id):
                guard let job = unproved.take(id) else { return true }
                lateProofs.append(job)
                return false
            case .realTime, .requested, .cleared, .noise: break
            }
            return true
        }
    }

    private mutating func askStatus() throws(PowerCut) -> (condition: PrinterCondition, answers: [ESCPOSAnswer]) {
        let (condition, answers) = try ask()
        unproved.saw(condition)
        return (condition, answers)
    }

    private mutating func ask() throws(PowerCut) -> (condition: PrinterCondition, answers: [ESCPOSAnswer]) {
        var others = hear()
        var status = ESCPOSStatus()
        for request in ESCPOSStatus.Request.allCases {
            guard try write(ESCPOS.realTimeStatus(request)) == 3 else { return (port() ?? .unknown, others) }
            var answer: UInt8?
            for heard in hear() {
                if case .realTime(let byte) = heard, answer == nil { answer = byte } else { others.append(heard) }
            }
            guard let answer else { return (.unknown, others) }
            status.apply(answer, to: request)
        }
        return (status.condition, others)
    }

    private mutating func cause() -> PrinterCondition? {
        for case .automatic(let bytes) in hear().reversed() {
            let condition = ESCPOSStatus(automatic: bytes).condition
            return condition.isReady ? port() : condition
        }
        return port()
    }

    private func port() -> PrinterCondition? { PrinterPort.condition(ofStatus: mechanism.portStatus) }
}
