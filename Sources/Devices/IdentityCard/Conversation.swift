import Peripherals
import SmartCard

/// Talks with one chip: plainly at first, through secure messaging once it is established. Counts what it moves.
struct Conversation {
    enum Failure: Error {
        /// The chip left secure messaging; a new session must be opened.
        case sessionLost(APDU.StatusWord)
        case read(CardReadError)
    }

    /// A chip that delays wrong passwords takes seconds; nothing takes longer.
    private static let commandLimit = Duration.seconds(10)
    /// For everything together: a card that keeps the reader busy, on purpose or not, costs the applicant no more.
    private static let readingLimit = Duration.seconds(15)

    private let channel: any CardChannel
    private let clock: @Sendable () -> Duration
    private let end: Duration
    private(set) var messaging: SecureMessaging?
    private(set) var commands = 0
    /// Both ways, without what USB adds.
    private(set) var bytes = 0

    /// - Parameter clock: time since some fixed moment.
    init(channel: any CardChannel, clock: @escaping @Sendable () -> Duration) {
        self.channel = channel
        self.clock = clock
        end = clock() + Self.readingLimit
    }

    /// Everything from now on is protected.
    mutating func protect(with messaging: SecureMessaging) { self.messaging = messaging }

    mutating func reset() async throws(CardReadError) {
        messaging = nil
        do { try await channel.resetCard() } catch { throw CardReadError(error) }
    }

    mutating func send(_ command: APDU.Command) async throws(Failure) -> APDU.Response {
        guard var session = messaging else { return try await transmit(command) }
        // A session is over with the first failure, whatever it was: its counter can't be trusted any more.
        messaging = nil
        do {
            let answer = try await transmit(try session.protect(command))
            let plain = try session.unprotect(answer)
            messaging = session
            return plain
        } catch let failure as SecureMessaging.Failure {
            switch failure {
            case .sessionLost(let status): throw .sessionLost(status)
            case .wrongCode: throw .read(.unreadable("secure messaging: wrong authentication code"))
            case .malformed: throw .read(.unreadable("secure messaging: malformed answer"))
            case .cryptography: throw .read(.unreadable("secure messaging: undecipherable answer"))
            }
        } catch let failure as Failure {
            throw failure
        } catch {
            throw .read(.unreadable("secure messaging"))
        }
    }

    private mutating func transmit(_ command: APDU.Command) async throws(Failure) -> APDU.Response {
        let left = end - clock()
        guard left > .zero else { throw .read(.unreadable("the card takes too long")) }
        do throws(SmartCardError) {
            let response = try await channel.exchange(command, deadline: min(left, Self.commandLimit))
            commands += 1
            bytes += command.bytes.count + response.data.count + 2
            return response
        } catch {
            throw .read(CardReadError(error))
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
