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
public actor CCIDReader: CardTerminal {
    let device: any USBDevice
    let profile: CCIDReaderProfile
    let logger: Logger

    /// Where the card lies, or where exchanges go meanwhile as long as that is not known.
    var place: CCIDPlace
    /// The slots that may be the contactless one; nil once it is known.
    var choice: SlotChoice<CCIDPlace>?

    let bulk = Turnstile()
    let session = Turnstile()
    var sequence: UInt8 = 0
    /// Counts sessions, so that a channel kept from an earlier one can't talk to the next card.
    var sessionNumber = 0
    var isInSession = false
    /// The last exchange ended without an orderly answer: clear up before the next one.
    var needsRecovery = false
    /// Nothing can be asked of the reader any more: it was unplugged, or given back.
    var isGone = false
    var isClosed = false
    var isPresent = false
    var watchers: [Int: AsyncStream<Bool>.Continuation] = [:]
    var nextWatcher = 0
    /// One task for each claimed interface.
    var watching: [UInt8: Task<Void, Never>] = [:]
    var pace: PollingPace
    /// Changes that the interrupt endpoint did not tell.
    var missedChanges = 0
    /// Questions for the slot's state, one after the other, that were not answered.
    var unanswered = 0
    var pendingRead: (number: Int, task: Task<Result<[UInt8], USBError>, Never>)?
    var readCount = 0

    /// Whether the device has an interface that speaks CCID.
    public static func matches(_ info: USBDeviceInfo) -> Bool { !CCIDInterface.all(in: info).isEmpty }

    /// Claims the reader, throws away what it still had to say, finds its contactless slot, and asks whether a card is
    /// there. If that fails the interface is given back and the device stays open: it belongs to the caller still.
    public init(
        device: any USBDevice, profile: CCIDReaderProfile = .standard, logger: Logger = Logger(label: "card-reader")
    ) async throws(SmartCardError) {
        let candidates = try CCIDPlace.candidates(in: device.info, profile)
        self.device = device
        self.profile = profile
        self.logger = logger
        place = candidates[0]
        choice = candidates.count > 1 ? SlotChoice(candidates) : nil
        pace = PollingPace(slow: .milliseconds(profile.pollIntervalMs))
        do {
            try await begin(candidates)
        } catch {
            let failure = Self.smartCardError(error)
            for number in Set(candidates.map(\.interface.number)) { await device.release(interface: number) }
            throw failure
        }
    }

    private func begin(_ candidates: [CCIDPlace]) async throws {
        let interfaces = candidates.reduce(into: [CCIDInterface]()) {
            if !$0.contains($1.interface) { $0.append($1.interface) }
        }
        for interface in interfaces {
            try await device.claim(interface: interface.number)
            await drain(interface)
        }
        if choice == nil {
            isPresent = try await firstStatus() != .absent
        } else {
            try await explore()
        }
        let wanted = choice == nil ? [place.interface] : interfaces
        for interface in interfaces where !wanted.contains(interface) {
            await device.release(interface: interface.number)
        }
        for interface in wanted { watching[interface.number] = Task { await self.watch(interface) } }
    }

    /// Gives the interface and the device back and ends every stream. The device is closed.
    public func close() async {
        guard !isClosed else { return }
        isClosed = true
        markGone()
        for task in watching.values { task.cancel() }
        pendingRead?.task.cancel()
        for (number, task) in watching {
            await task.value
            await device.release(interface: number)
        }
        await device.close()
    }

    /// Whether a card lies on the reader now, then each change. Ends when the reader is gone or closed.
    public func presences() -> AsyncStream<Bool> {
        let (stream, continuation) = AsyncStream.makeStream(of: Bool.self, bufferingPolicy: .bufferingNewest(8))
        guard !isGone else {
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
        _ body: @Sendable (any CardChannel) async -> Outcome
    ) async throws(SmartCardError) -> Outcome {
        await session.enter()
        defer { session.leave() }
        isInSession = true
        defer {
            isInSession = false
            pace.noteChange()
        }
        if choice != nil { try await explore() }
        // What lies in the other slots is nobody's identity card.
        guard choice == nil else { throw .noCard }
        let answerToReset = try await powerUp()
        sessionNumber += 1
        let card = CCIDCard(
            reader: self, session: sessionNumber, answerToReset: answerToReset,
            maximumCommandLength: place.maximumCommandLength)
        let outcome = await body(card)
        sessionNumber += 1
        if !needsRecovery, !isGone { _ = try? await run(.powerOff, within: .seconds(1)) }
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
