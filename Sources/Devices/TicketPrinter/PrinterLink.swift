import Foundation
import Peripherals
import USB

/// The bytes between the driver and one printer: requests matched to their answers. Used by one caller at a time.
///
/// It listens all the time, so that a fault is known as soon as the printer says it, and an echo as soon as it comes. A
/// real-time answer does not say what it answers, so there is never more than one request under way; after any doubt
/// everything that is still on its way is thrown away first.
actor PrinterLink {
    private let device: any USBDevice
    private let port: PrinterPort
    private let answerDeadline: Duration
    private let state: LatestValue<PrinterCondition>
    private nonisolated let late: Broadcast<UUID>
    private nonisolated let spoken: Broadcast<PrinterExchange>

    private var parser = ESCPOSAnswerParser()
    private var words = PrinterWords()
    /// What came and was not looked at.
    private var inbox: [ESCPOSAnswer] = []
    private var listener: Task<Void, Never>?
    /// Why nobody listens any more.
    private var end: USBError?
    private var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    private var lastWaiter = 0
    /// Answers may be on their way that nobody waits for any more.
    private var mayBeStale = true
    /// When it last said that it is ready, or proved it.
    private var readyAt: ContinuousClock.Instant?
    /// Ways to make it forget that this printer does not know.
    private var refusesSoftReset = false
    private var refusesClear = false

    /// Failed jobs whose echo may still come.
    private var unproved = UnprovedJobs()
    /// The near-end sensor has reported at least once.
    private(set) var sawNearEnd = false

    /// How long a printer must be quiet before nothing more counts as being on its way.
    private static let quiet = Duration.milliseconds(20)
    private static let control = Duration.milliseconds(500)
    private static let spell = Duration.seconds(10)
    /// Enough for whatever a printer has to say; a printer that babbles longer is not listened to.
    private static let inboxLimit = 256

    init(
        _ device: any USBDevice, port: PrinterPort, answerDeadline: Duration, state: LatestValue<PrinterCondition>,
        late: Broadcast<UUID>, spoken: Broadcast<PrinterExchange>
    ) {
        self.device = device
        self.port = port
        self.answerDeadline = answerDeadline
        self.state = state
        self.late = late
        self.spoken = spoken
    }

    /// Whether the printer has no way to answer.
    nonisolated var isSilent: Bool { port.input == nil }

    /// Claims the interface. Some printers do not know who they are: no identity is no error.
    func open() async throws(USBError) -> IEEE1284ID? {
        try await device.claim(interface: port.interface)
        mayBeStale = true
        listen()
        do {
            let answer = try await device.control(port.deviceIDRequest, data: [], deadline: Self.control)
            return IEEE1284ID(answer: answer)
        } catch .disconnected {
            throw .disconnected
        } catch {
            return nil
        }
    }

    func close() async {
        listener?.cancel()
        await device.release(interface: port.interface)
        await device.close()
        await listener?.value
        listener = nil
    }

    // MARK: Speaking

    func write(_ bytes: [UInt8], deadline: Duration) async throws(USBError) {
        // What the printer says while it gets a job has nobody who waits for it.
        mayBeStale = true
        try await send(bytes, deadline: deadline)
    }

    private func send(_ bytes: [UInt8], deadline: Duration) async throws(USBError) {
        do {
            try await device.write(endpoint: port.output.address, bytes, deadline: deadline)
            tell(words.sent(bytes))
        } catch .stalled {
            // The endpoint is made usable for the next job; this one can't be trusted any more.
            try await device.clearHalt(endpoint: port.output.address)
            throw .stalled
        } catch .timedOut(let transferred) {
            tell(words.sent([UInt8](bytes.prefix(max(0, transferred)))))
            throw .timedOut(transferred: transferred)
        }
    }

    private func tell(_ exchanges: [PrinterExchange]) {
        for exchange in exchanges { spoken.send(exchange) }
    }

    // MARK: Listening

    private func listen() {
        guard let input = port.input, listener == nil else { return }
        end = nil
        // A multiple of the packet size, or a full packet would overflow.
        let packet = max(Int(input.maximumPacketSize), 64)
        listener = Task { [weak self, device] in
            var stalls = 0
            while !Task.isCancelled {
                do throws(USBError) {
                    let bytes = try await device.read(
                        endpoint: input.address, maximum: packet, deadline: Self.spell)
                    stalls = 0
                    await self?.hear(bytes)
                } catch .timedOut {
                    if self == nil { return }
                } catch .stalled where stalls < 3 {
                    stalls += 1
                    await self?.recover(input)
                } catch {
                    await self?.stopped(error)
                    return
                }
            }
        }
    }

    private func recover(_ input: USBEndpoint) async {
        do {
            try await device.clearHalt(endpoint: input.address)
        } catch {
            mayBeStale = true
        }
    }

    private func hear(_ bytes: [UInt8]) {
        let answers = parser.feed(bytes)
        tell(answers.map { words.heard($0) })
        for answer in answers {
            switch answer {
            case .fence(let id):
                if let job = unproved.take(id) { late.send(job) } else { inbox.append(answer) }
            case .automatic(let bytes):
                let status = ESCPOSStatus(automatic: bytes)
                if status.paperNearEnd { sawNearEnd = true }
                saw(status.condition)
                inbox.append(answer)
            case .realTime, .requested, .cleared, .noise: inbox.append(answer)
            }
        }
        if inbox.count > Self.inboxLimit { inbox.removeFirst(inbox.count - Self.inboxLimit) }
        wakeAll()
    }

    private func saw(_ condition: PrinterCondition) {
        unproved.saw(condition)
        if !condition.isReady { readyAt = nil }
        state.set(condition)
    }

    private func stopped(_ error: USBError) {
        end = error
        listener = nil
        wakeAll()
    }

    private func wakeAll() {
        let woken = waiters
        waiters = [:]
        for waiter in woken.values { waiter.resume() }
    }

    private func wake(_ id: Int) { waiters.removeValue(forKey: id)?.resume() }

    /// Returns after a time, when something was heard, or when the task is cancelled.
    private func pause(_ time: Duration) async {
        lastWaiter += 1
        let id = lastWaiter
        let timer = Task {
            do { try await Task.sleep(for: time) } catch { /* woken early */  }
            wake(id)
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiters[id] = $0 }
        } onCancel: {
            timer.cancel()
        }
        timer.cancel()
    }

    /// Returns when there is something that nobody has looked at, or after a time.
    func news(within time: Duration) async {
        if inbox.isEmpty, end == nil { await pause(time) }
    }

    /// The answers that come within a time; none is no error. Returns as soon as something has come.
    func answers(within time: Duration) async throws(USBError) -> [ESCPOSAnswer] {
        if Task.isCancelled { throw .cancelled }
        if inbox.isEmpty, end == nil, time > .zero { await pause(time) }
        defer { inbox = [] }
        if inbox.isEmpty, let end { throw end }
        return inbox
    }

    /// The printer has proved the last job, and said before it whatever it had to say.
    func settled() {
        mayBeStale = false
        readyAt = .now
    }

    /// Whether it said so within this time, and nothing else since.
    func wasReady(within time: Duration) -> Bool {
        guard end == nil, let readyAt else { return false }
        return .now - readyAt < time
    }

    // MARK: Questions

    /// Asks all four real-time questions.
    /// - Returns: the condition, and other answers (a fence, automatic status) that came in between.
    func askStatus() async throws(USBError) -> (condition: PrinterCondition, others: [ESCPOSAnswer]) {
        let (condition, others) = try await ask()
        saw(condition)
        if condition.isReady { readyAt = .now }
        return (condition, others)
    }

    private func ask() async throws(USBError) -> (condition: PrinterCondition, others: [ESCPOSAnswer]) {
        guard !isSilent else {
            guard let status = try await portStatus() else { return (.unknown, []) }
            return (PrinterPort.condition(ofStatus: status) ?? .ready, [])
        }
        if end != .disconnected { listen() }
        var others = try await settle()
        var status = ESCPOSStatus()
        for request in ESCPOSStatus.Request.allCases {
            do {
                try await send(ESCPOS.realTimeStatus(request), deadline: answerDeadline)
            } catch .timedOut {
                mayBeStale = true
                return (try await portCondition() ?? .unknown, others)
            } catch .stalled {
                mayBeStale = true
                return (.unknown, others)
            }
            guard let byte = try await realTimeAnswer(&others) else {
                mayBeStale = true
                return (.unknown, others)
            }
            status.apply(byte, to: request)
        }
        if status.paperNearEnd, !status.paperEnd { sawNearEnd = true }
        return (status.condition, others)
    }

    private func realTimeAnswer(_ others: inout [ESCPOSAnswer]) async throws(USBError) -> UInt8? {
        let end = ContinuousClock.now + answerDeadline
        var found: UInt8?
        while found == nil, .now < end {
            for answer in try await answers(within: end - .now) {
                if case .realTime(let byte) = answer, found == nil { found = byte } else { others.append(answer) }
            }
        }
        return found
    }

    /// Sends a question and says whether so many of its answers came in time.
    func asks(
        _ question: [UInt8], deadline: Duration, count: Int = 1, answer isAnswer: @Sendable (ESCPOSAnswer) -> Bool
    ) async throws(USBError) -> Bool {
        _ = try await settle()
        try await send(question, deadline: deadline)
        let end = ContinuousClock.now + deadline
        var found = 0
        while .now < end {
            found += try await answers(within: end - .now).count(where: isAnswer)
            if found >= count { return true }
        }
        try await send(ESCPOS.initialise, deadline: deadline)
        mayBeStale = true
        return false
    }

    /// Why the printer takes no bytes: what it says by itself, else what the port status says.
    func findCause() async -> (PrinterCondition?, [ESCPOSAnswer]) {
        do {
            let heard = try await answers(within: .zero)
            for answer in heard.reversed() {
                if case .automatic(let bytes) = answer {
                    let condition = ESCPOSStatus(automatic: bytes).condition
                    if !condition.isReady { return (condition, heard) }
                    break
                }
            }
            return (try await portCondition(), heard)
        } catch {
            return (PrinterCondition(error), [])
        }
    }

    private func portCondition() async throws(USBError) -> PrinterCondition? {
        try await portStatus().flatMap { PrinterPort.condition(ofStatus: $0) }
    }

    /// nil from a printer that does not know the request.
    private func portStatus() async throws(USBError) -> UInt8? {
        do {
            return try await device.control(port.statusRequest, data: [], deadline: Self.control).first
        } catch .stalled {
            return nil
        } catch .timedOut {
            return nil
        }
    }

    /// Takes everything that was said, and waits for what may still be on its way.
    private func settle() async throws(USBError) -> [ESCPOSAnswer] {
        var heard = try await answers(within: .zero)
        guard mayBeStale else { return heard }
        while heard.count < Self.inboxLimit {
            let more = try await answers(within: Self.quiet)
            if more.isEmpty { break }
            heard += more
        }
        mayBeStale = false
        return heard
    }

    // MARK: After a failure

    /// The job is over without proof; its echo may still come.
    /// - Returns: true when it had come already.
    func remember(_ job: UUID, fence: FenceID) -> Bool {
        if inbox.contains(.fence(fence)) { return true }
        unproved.add(job, fence: fence)
        return false
    }

    /// Makes the printer forget what it has not printed: `SOFT_RESET` of the printer class 1.1 on endpoint 0, which
    /// comes through always; else `DLE DC4 8`, which says when it is done; else `DLE ENQ 2`, which says nothing.
    /// - Returns: whether it has forgotten for certain.
    func forget(within time: Duration) async -> Bool {
        mayBeStale = true
        if !refusesSoftReset {
            do {
                _ = try await device.control(port.softResetRequest, data: [], deadline: Self.control)
                parser.reset()
                return true
            } catch {
                refusesSoftReset = error == .stalled
            }
        }
        guard !isSilent else { return false }
        do {
            if !refusesClear {
                _ = try await answers(within: .zero)
                try await send(ESCPOS.clearBuffers, deadline: time)
                let end = ContinuousClock.now + time
                while .now < end {
                    if try await answers(within: end - .now).contains(.cleared) { return true }
                }
                refusesClear = true
            }
            try await send(ESCPOS.recoverEmpty, deadline: time)
        } catch {
            mayBeStale = true
        }
        return false
    }
}
