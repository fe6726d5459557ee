import Peripherals
import SmartCard

/// Talks with one chip: plainly at first, through secure messaging once it is established. Counts what it moves, bounds
/// what it costs, and is the one place that every command passes.
struct Conversation {
    enum Failure: Error {
        /// The chip left secure messaging, or stopped answering (nil): a new session must be opened.
        case sessionLost(APDU.StatusWord?)
        /// Somebody else answered, or a byte was altered; the text says how that shows.
        case brokenProtection(String)
        case read(CardReadError)
    }

    /// A chip that delays wrong passwords takes seconds; nothing takes longer.
    private static let commandLimit = Duration.seconds(10)
    /// For everything together: a card that keeps the reader busy, on purpose or not, costs the applicant no more.
    static let readingLimit = Duration.seconds(15)
    /// What powering a card down and up again may take.
    private static let resetLimit = Duration.seconds(7)

    private let channel: any CardChannel
    private let clock: @Sendable () -> Duration
    private let observer: CardObserver?
    private let tracer: CardTracer?
    private let tape: CardTape?
    private let end: Duration
    private(set) var messaging: SecureMessaging?
    private(set) var commands = 0
    /// Both ways, without what USB adds.
    private(set) var bytes = 0

    /// - Parameter clock: time since some fixed moment.
    init(
        channel: any CardChannel, clock: @escaping @Sendable () -> Duration, observer: CardObserver? = nil,
        tracer: CardTracer? = nil, tape: CardTape? = nil
    ) {
        self.channel = channel
        self.clock = clock
        self.observer = observer
        self.tracer = tracer
        self.tape = tape
        end = clock() + Self.readingLimit
    }

    /// Everything from now on is protected.
    mutating func protect(with messaging: SecureMessaging) { self.messaging = messaging }

    /// Powers the card down and up again, if there is time for it.
    mutating func reset() async throws(CardReadError) {
        messaging = nil
        guard end - clock() > Self.resetLimit else { throw .unreadable("the card takes too long") }
        do throws(SmartCardError) {
            try await channel.resetCard()
            tracer?(.reset(nil))
        } catch {
            tracer?(.reset(error))
            throw CardReadError(error)
        }
    }

    mutating func send(_ command: APDU.Command) async throws(Failure) -> APDU.Response {
        let began = clock()
        let isProtected = messaging != nil
        let (commandsBefore, bytesBefore) = (commands, bytes)
        let outcome: CardExchange.Outcome
        if let tape { outcome = recorded(command, tape) } else { outcome = await self.outcome(of: command) }
        let exchange = CardExchange(
            command: command, outcome: outcome, isProtected: isProtected, began: began, took: clock() - began)
        observer?(exchange)
        tracer?(
            .exchange(
                TracedExchange(exchange, transmissions: commands - commandsBefore, bytes: bytes - bytesBefore)))
        return try Self.answer(in: outcome, isProtected: isProtected)
    }

    private static func answer(
        in outcome: CardExchange.Outcome, isProtected: Bool
    ) throws(Failure) -> APDU.Response {
        switch outcome {
        case .answered(let response): return response
        case .sessionLost(let status): throw .sessionLost(status)
        // The card lies there but says nothing: it moved. A new session may find it again.
        case .failed(.mute) where isProtected: throw .sessionLost(nil)
        case .failed(let error): throw .read(CardReadError(error))
        case .unprotectable(let what): throw .brokenProtection("secure messaging: \(what)")
        case .unusable(let what): throw .read(.unreadable(what))
        }
    }

    // MARK: Tracing and replay

    /// Sends a command of a protocol with keys of its own; when that fails, so did the protocol.
    mutating func send(_ command: APDU.Command, of name: String) async throws(Failure) -> APDU.Response {
        do throws(Failure) {
            return try await send(command)
        } catch {
            note(CardProtocolRun(name, outcome: CardProtocolRun.interrupted))
            throw error
        }
    }

    func note(_ run: CardProtocolRun) { tracer?(.run(run)) }

    /// In a replay, how the protocol ended, with its channel in place; nil when this is no replay.
    mutating func replayed(_ name: String) throws(Failure) -> CardProtocolRun? {
        guard let tape else { return nil }
        guard let (run, exchanges) = tape.run(name) else { throw .read(.unreadable("the trace holds no \(name)")) }
        for traced in exchanges { count(traced) }
        if run.outcome == CardProtocolRun.interrupted, let last = exchanges.last?.exchange {
            messaging = nil
            _ = try Self.answer(in: last.outcome, isProtected: last.isProtected)
        }
        if let cipher = run.cipher {
            let key = [UInt8](repeating: 0, count: cipher.keyLength)
            messaging = SecureMessaging(cipher: cipher, encryptionKey: key, authenticationKey: key)
        }
        return run
    }

    /// In a replay, whether something that only real data tell was so; nil when this is no replay.
    func recalled(_ question: String) -> Bool? {
        tape.map { $0.run(question)?.run.outcome == "yes" }
    }

    func note(_ question: String, isSo: Bool) { note(CardProtocolRun(question, outcome: isSo ? "yes" : "no")) }

    private mutating func recorded(_ command: APDU.Command, _ tape: CardTape) -> CardExchange.Outcome {
        let traced = tape.answer(to: command)
        count(traced)
        if case .answered = traced.exchange.outcome {} else { messaging = nil }
        return traced.exchange.outcome
    }

    private mutating func count(_ traced: TracedExchange) {
        commands += traced.transmissions
        bytes += traced.bytes
    }

    private mutating func outcome(of command: APDU.Command) async -> CardExchange.Outcome {
        guard var session = messaging else {
            do throws(Trouble) { return .answered(try await transmit(command)) } catch { return error.outcome }
        }
        // A session is over with the first failure, whatever it was: its counter can't be trusted any more.
        messaging = nil
        let protected: APDU.Command
        do {
            protected = try session.protect(command)
        } catch {
            return .unprotectable("the command cannot be encrypted")
        }
        let answer: APDU.Response
        do throws(Trouble) { answer = try await transmit(protected) } catch { return error.outcome }
        do throws(SecureMessaging.Failure) {
            let plain = try session.unprotect(answer)
            messaging = session
            return .answered(plain)
        } catch {
            switch error {
            case .sessionLost(let status): return .sessionLost(status)
            case .wrongCode: return .unprotectable("wrong authentication code")
            case .malformed: return .unprotectable("malformed answer")
            case .cryptography: return .unprotectable("undecipherable answer")
            }
        }
    }

    private enum Trouble: Error {
        case channel(SmartCardError)
        case card(String)

        var outcome: CardExchange.Outcome {
            switch self {
            case .channel(let error): .failed(error)
            case .card(let what): .unusable(what)
            }
        }
    }

    /// Collects the whole answer; the time left counts for all of it, however often the card says "more".
    private mutating func transmit(_ command: APDU.Command) async throws(Trouble) -> APDU.Response {
        var collector = ResponseCollector(command)
        var next = command
        while true {
            let left = end - clock()
            guard left > .zero else { throw .card("the card takes too long") }
            guard !Task.isCancelled else { throw .channel(.cancelled) }
            let response: APDU.Response
            do throws(SmartCardError) {
                response = try await channel.transmit(next, deadline: min(left, Self.commandLimit))
            } catch {
                throw .channel(error)
            }
            commands += 1
            bytes += next.bytes.count + response.data.count + 2
            switch collector.receive(response) {
            case .transmit(let command): next = command
            case .finished(let response): return response
            case .endless: throw .card("the card announces data without end")
            }
        }
    }
}

extension CardReadError {
    /// What a failure of the reader or of the way to the card means for a reading.
    public init(_ error: SmartCardError) {
        self =
            switch error {
            case .noCard: .noCard
            case .removed: .removed
            case .mute: .unreadable("the card stopped answering; it must lie still on the reader")
            case .readerGone: .noReader
            case .busy(let holder): .readerFault("busy: \(holder ?? "another program") holds the reader")
            case .accessDenied: .readerFault("no permission to open the reader: install the udev rules")
            case .notSupported(let what): .readerFault(what)
            case .timedOut: .readerFault("the reader did not answer in time")
            case .reader(let what): .readerFault(what)
            case .cancelled: .cancelled
            }
    }
}
