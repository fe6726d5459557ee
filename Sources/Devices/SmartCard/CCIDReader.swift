import Logging
import USB

/// A contactless smart-card reader that speaks USB CCID 1.1.
///
/// Owns the opened device until `close()`, which must be called. Exchanges run one after the other; a reader that goes
/// silent is aborted once, then reset, and the next `withCard` begins afresh. After `.readerGone` the reader is dead:
/// make a new one of the device that comes back.
///
/// ```swift
/// let reader = try await CCIDReader(device: try await bus.open(info))
/// for await isPresent in await reader.presences() { … }
/// ```
public actor CCIDReader {
    private let device: any USBDevice
    private let profile: CCIDReaderProfile
    private let logger: Logger
    private let interface: CCIDInterface
    private let maximumMessageLength: Int
    private let mayChain: Bool

    private let bulk = Turnstile()
    private let session = Turnstile()
    private var sequence: UInt8 = 0
    /// Counts sessions, so that a channel kept from an earlier one can't talk to the next card.
    private var sessionNumber = 0
    private var isInSession = false
    /// The last exchange ended without an orderly answer: clear up before the next one.
    private var needsRecovery = false
    private var isClosed = false
    private var isPresent = false
    private var watchers: [Int: AsyncStream<Bool>.Continuation] = [:]
    private var nextWatcher = 0
    private var watching: Task<Void, Never>?
    private var pendingRead: (number: Int, task: Task<Result<[UInt8], USBError>, Never>)?
    private var readCount = 0

    /// Whether the device has an interface that this driver can serve.
    public static func matches(_ info: USBDeviceInfo) -> Bool { CCIDInterface.find(in: info) != nil }

    /// Claims the reader, throws away what it still had to say, and asks whether a card is there. If that fails the
    /// interface is given back and the device stays open: it belongs to the caller still.
    public init(
        device: any USBDevice, profile: CCIDReaderProfile = .standard, logger: Logger = Logger(label: "card-reader")
    ) async throws(SmartCardError) {
        guard let interface = CCIDInterface.find(in: device.info) else {
            throw .notSupported("no CCID interface with a class descriptor and two bulk endpoints")
        }
        switch interface.descriptor.level {
        case .shortAPDU, .extendedAPDU: break
        case .tpdu, .character:
            throw .notSupported("the reader works at TPDU or character level (contact cards); use a contactless reader")
        }
        self.device = device
        self.profile = profile
        self.logger = logger
        self.interface = interface
        let own = interface.descriptor.maximumMessageLength
        maximumMessageLength = min(own, profile.maximumMessageLength ?? own)
        mayChain = interface.descriptor.level == .extendedAPDU
        do {
            try await device.claim(interface: interface.number)
            await drain()
            isPresent = try await firstStatus() != .absent
        } catch {
            let failure = Self.smartCardError(error)
            await device.release(interface: interface.number)
            throw failure
        }
        watching = Task { await self.watch() }
    }

    /// Gives the interface and the device back and ends every stream. The device is closed.
    public func close() async {
        guard !isClosed else { return }
        markGone()
        watching?.cancel()
        pendingRead?.task.cancel()
        await watching?.value
        await device.release(interface: interface.number)
        await device.close()
    }

    /// Whether a card lies on the reader now, then each change. Ends when the reader is gone or closed.
    public func presences() -> AsyncStream<Bool> {
        let (stream, continuation) = AsyncStream.makeStream(of: Bool.self, bufferingPolicy: .bufferingNewest(8))
        guard !isClosed else {
            continuation.finish()
            return stream
        }
        let number = nextWatcher
        nextWatcher += 1
        watchers[number] = continuation
        continuation.onTermination = { _ in Task { await self.forget(watcher: number) } }
        continuation.yield(isPresent)
        return stream
    }

    /// Powers the card up, hands its channel to `body`, and powers it down again. One session runs at a time; a second
    /// call waits for the first.
    ///
    /// - Throws: `.noCard` and whatever keeps the card from being powered; `body` puts its own failures into its result.
    public func withCard<Outcome: Sendable>(
        _ body: @Sendable (CCIDCard) async -> Outcome
    ) async throws(SmartCardError) -> Outcome {
        await session.enter()
        defer { session.leave() }
        isInSession = true
        defer { isInSession = false }
        let answerToReset = try await powerUp()
        sessionNumber += 1
        let card = CCIDCard(
            reader: self, session: sessionNumber, answerToReset: answerToReset,
            maximumCommandLength: mayChain ? 65_544 : min(261, maximumMessageLength - CCIDMessage.headerLength))
        let outcome = await body(card)
        sessionNumber += 1
        if !needsRecovery, !isClosed { _ = try? await run(.powerOff, within: .seconds(1)) }
        return outcome
    }

    func transmit(
        _ command: APDU.Command, session number: Int, deadline: Duration
    ) async throws(SmartCardError) -> APDU.Response {
        guard number == sessionNumber else { throw .removed }
        let reply: CCIDReply
        do {
            reply = try await run(.transmit(command.bytes), within: deadline)
        } catch .noCard {
            note(isPresent: false)
            throw .removed
        } catch .mute, .timedOut, .reader {
            throw await whatHappenedToTheCard()
        }
        guard let response = APDU.Response(bytes: reply.data) else {
            if reply.card == .absent { throw .removed }
            throw .reader("answer without a status word")
        }
        return response
    }

    func resetCard(session number: Int) async throws(SmartCardError) {
        guard number == sessionNumber else { throw .removed }
        do {
            _ = try await powerUp()
        } catch .noCard {
            throw .removed
        }
    }
}

// MARK: - Power and recovery

extension CCIDReader {
    private func firstStatus() async throws(SmartCardError) -> CCIDCardState {
        let patience = Duration.milliseconds(profile.firstAnswerMs)
        do {
            return try await run(.slotStatus, within: patience, patience: patience).card
        } catch .timedOut, .reader {
            await drain()
            return try await run(.slotStatus, within: patience, patience: patience).card
        }
    }

    /// Always a cold start: a card that an earlier session left powered is powered down first, so that no secure
    /// channel survives from one applicant to the next.
    private func powerUp() async throws(SmartCardError) -> [UInt8] {
        if needsRecovery { await recover() }
        let state = try await run(.slotStatus, within: .seconds(2)).card
        note(isPresent: state != .absent)
        switch state {
        case .absent: throw .noCard
        case .active: _ = try await run(.powerOff, within: .seconds(2))
        case .inactive: break
        }
        do {
            return try await run(.powerOn, within: .seconds(5)).data
        } catch .mute {
            _ = try await run(.powerOff, within: .seconds(2))
            return try await run(.powerOn, within: .seconds(5)).data
        }
    }

    /// After an exchange that ended in the middle: nothing that was meant for it may reach the next one.
    private func recover() async {
        needsRecovery = false
        try? await device.clearHalt(endpoint: interface.bulkIn.address)
        try? await device.clearHalt(endpoint: interface.bulkOut.address)
        do {
            _ = try await run(.abort, within: .seconds(2))
        } catch {
            logger.debug("card reader cleared up", metadata: ["after": "\(error)"])
        }
        await drain()
        needsRecovery = false
    }

    /// Reads away frames that nobody asked for.
    private func drain() async {
        for _ in 0..<CCIDExchange.staleFrameLimit {
            guard (try? await readFrame(within: .milliseconds(10))) != nil else { break }
        }
        guard let interrupt = interface.interruptIn, watching == nil else { return }
        for _ in 0..<CCIDExchange.staleFrameLimit {
            let frame = try? await device.read(
                endpoint: interrupt.address, maximum: Int(interrupt.maximumPacketSize), deadline: .milliseconds(10))
            if frame == nil { break }
        }
    }

    /// The card or the reader failed in the middle of a command: ask the reader whether the card is still there.
    private func whatHappenedToTheCard() async -> SmartCardError {
        if needsRecovery { await recover() }
        do {
            let state = try await run(.slotStatus, within: .seconds(1)).card
            note(isPresent: state != .absent)
            return state == .absent ? .removed : .mute
        } catch .readerGone {
            return .readerGone
        } catch .cancelled {
            return .cancelled
        } catch {
            return isPresent ? .timedOut : .removed
        }
    }
}

// MARK: - Exchanges

extension CCIDReader {
    private func run(
        _ request: CCIDExchange.Request, within limit: Duration, patience: Duration? = nil
    ) async throws(SmartCardError) -> CCIDReply {
        await bulk.enter()
        defer { bulk.leave() }
        guard !isClosed else { throw .readerGone }
        let end = ContinuousClock.now + limit
        var exchange = CCIDExchange(
            request, slot: profile.slot, after: sequence, maximum: maximumMessageLength, mayChain: mayChain,
            patience: patience ?? min(limit, .milliseconds(profile.patienceMs)))
        defer { sequence = exchange.sequence }
        var step = exchange.start()
        while true {
            do {
                switch step {
                case .send(let bytes, let deadline):
                    try await device.write(endpoint: interface.bulkOut.address, bytes, deadline: deadline)
                    step = try await listen(&exchange, until: min(end, .now + deadline))
                case .wait(let deadline):
                    step = try await listen(&exchange, until: min(end, .now + deadline))
                case .abort(let slot, let number, let message, let deadline):
                    try await sendAbort(slot: slot, sequence: number, message, deadline: deadline)
                    step = try await listen(&exchange, until: .now + deadline)
                case .finished(let reply):
                    return reply
                case .failed(let error):
                    throw await failure(error)
                }
            } catch let error as USBError {
                throw await failure(error)
            } catch let error as SmartCardError {
                throw error
            } catch {
                throw .reader("\(error)")
            }
        }
    }

    private func listen(
        _ exchange: inout CCIDExchange, until end: ContinuousClock.Instant
    ) async throws(USBError) -> CCIDStep {
        let remaining = max(.milliseconds(1), end - .now)
        do {
            return exchange.receive(try await readFrame(within: remaining))
        } catch .timedOut {
            return exchange.receiveNothing()
        } catch .cancelled where !Task.isCancelled {
            // The card left and the reader did not say so within the grace time: `note(isPresent:)` ended the wait.
            return exchange.receiveNothing()
        }
    }

    private func sendAbort(
        slot: UInt8, sequence: UInt8, _ message: [UInt8], deadline: Duration
    ) async throws(USBError) {
        let setup = USBSetup(
            requestType: 0x21, request: 0x01, value: UInt16(sequence) << 8 | UInt16(slot),
            index: UInt16(interface.number), length: 0)
        do {
            _ = try await device.control(setup, data: [], deadline: deadline)
        } catch .stalled {
            // Readers that know the bulk message only.
            logger.debug("card reader stalls the class request ABORT")
        }
        try await device.write(endpoint: interface.bulkOut.address, message, deadline: deadline)
    }

    private func failure(_ error: CCIDError) async -> SmartCardError {
        switch error {
        case .noCard: return .noCard
        case .mute: return .mute
        case .refused(let code): return .reader("the reader refused the command (bError \(code))")
        case .commandTooLong: return .reader("the command is too long for this reader")
        case .aborted(.silence): return .timedOut
        case .aborted(let trouble): return .reader("exchange aborted: \(trouble)")
        case .unresponsive(let trouble):
            needsRecovery = true
            logger.warning("card reader does not answer the abort: reset", metadata: ["after": "\(trouble)"])
            try? await device.reset()
            return .timedOut
        }
    }

    private func failure(_ error: USBError) async -> SmartCardError {
        let failure = Self.smartCardError(error)
        switch error {
        case .disconnected, .notFound, .busUnavailable: markGone()
        default: needsRecovery = true
        }
        return failure
    }

    /// Reads one CCID message: a first packet, whose header tells how much follows. Never asks for a byte more than that,
    /// because a message that fills its last packet may come without a zero-length packet after it.
    private func readFrame(within limit: Duration) async throws(USBError) -> [UInt8] {
        let packet = Int(interface.bulkIn.maximumPacketSize)
        var frame = try await readBulk(maximum: packet, within: limit)
        guard frame.count == packet, packet >= CCIDMessage.headerLength else { return frame }
        let missing = CCIDMessage.headerLength + Int(CCIDMessage.length(of: frame)) - frame.count
        guard missing > 0, missing <= maximumMessageLength else { return frame }
        frame += try await readBulk(maximum: (missing + packet - 1) / packet * packet, within: .seconds(1))
        return frame
    }

    /// A read that `note(isPresent:)` can end early.
    private func readBulk(maximum: Int, within limit: Duration) async throws(USBError) -> [UInt8] {
        let endpoint = interface.bulkIn.address
        let task = Task { [device] () -> Result<[UInt8], USBError> in
            do throws(USBError) {
                return .success(try await device.read(endpoint: endpoint, maximum: maximum, deadline: limit))
            } catch {
                return .failure(error)
            }
        }
        readCount += 1
        pendingRead = (readCount, task)
        defer { pendingRead = nil }
        return try await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }.get()
    }

    private static func smartCardError(_ error: any Error) -> SmartCardError {
        switch error {
        case let error as SmartCardError: return error
        case let error as USBError: return smartCardError(error)
        default: return .reader("\(error)")
        }
    }

    private static func smartCardError(_ error: USBError) -> SmartCardError {
        switch error {
        case .notFound, .disconnected, .busUnavailable: .readerGone
        case .busy(let holder): .busy(holder)
        case .accessDenied(let what): .accessDenied(what)
        case .timedOut: .timedOut
        case .cancelled: .cancelled
        case .stalled: .reader("an endpoint of the reader is halted")
        case .overflow: .reader("the reader sent more than it was asked for")
        case .malformedDescriptor(let what): .notSupported(what)
        case .failed(let what): .reader(what)
        }
    }
}

// MARK: - Presence

extension CCIDReader {
    private func watch() async {
        while !Task.isCancelled, !isClosed {
            if let interrupt = interface.interruptIn, !profile.needsPolling {
                await awaitNotification(interrupt)
            } else {
                await poll()
            }
        }
    }

    private func awaitNotification(_ endpoint: USBEndpoint) async {
        do {
            let bytes = try await device.read(
                endpoint: endpoint.address, maximum: Int(endpoint.maximumPacketSize), deadline: .seconds(3600))
            switch CCIDNotification(bytes, slot: profile.slot) {
            case .slotChange(let isPresent, let hasChanged):
                // Out and in again between two looks: say both, so that nobody takes the new card for the old one.
                if hasChanged, isPresent, self.isPresent { note(isPresent: false) }
                note(isPresent: isPresent)
            case .hardwareError(let code):
                logger.warning("card reader reports a hardware error", metadata: ["code": "\(code)"])
            case nil:
                break
            }
        } catch .timedOut, .cancelled {
            return
        } catch .disconnected, .notFound, .busUnavailable {
            markGone()
        } catch .stalled {
            try? await device.clearHalt(endpoint: endpoint.address)
        } catch {
            logger.warning("card reader's interrupt endpoint fails", metadata: ["error": "\(error)"])
            await poll()
        }
    }

    private func poll() async {
        try? await Task.sleep(for: .milliseconds(profile.pollIntervalMs))
        guard !Task.isCancelled, !isClosed, !isInSession, !needsRecovery else { return }
        do {
            note(isPresent: try await run(.slotStatus, within: .seconds(2)).card != .absent)
        } catch {
            logger.debug("card reader does not tell the slot's state", metadata: ["error": "\(error)"])
        }
    }

    private func note(isPresent now: Bool) {
        guard now != isPresent else { return }
        isPresent = now
        for watcher in watchers.values { watcher.yield(now) }
        guard !now, isInSession, let number = pendingRead?.number else { return }
        let grace = Duration.milliseconds(profile.removalGraceMs)
        Task {
            try? await Task.sleep(for: grace)
            self.endRead(number)
        }
    }

    private func endRead(_ number: Int) {
        if pendingRead?.number == number { pendingRead?.task.cancel() }
    }

    private func markGone() {
        guard !isClosed else { return }
        isClosed = true
        for watcher in watchers.values { watcher.finish() }
        watchers = [:]
    }

    private func forget(watcher number: Int) { watchers[number] = nil }
}
