import Peripherals
import SmartCard

/// One chip, opened with one key: opens it again and goes on when it leaves its session, reads whole files.
struct ChipSession {
    enum Outcome {
        case file([UInt8])
        case absent
        /// The chip keeps it to itself, or holds something else there; the session stands.
        case refused(String)
    }

    /// How often a chip may drop its session in one reading: once for each step of the block size, and once for good measure.
    private static let reopeningLimit = 6

    let plan: OpeningPlan
    let profiles: ChipProfiles
    /// The longest response with extended length, in bytes; nil when the way to the card has short commands only.
    let longestResponse: Int?
    let answerToReset: [UInt8]
    var conversation: Conversation
    var access: CardAccess?
    var habits = ChipHabits()
    var kind: ChipProfiles.Kind?
    /// What EF.CardAccess said, when it was read once.
    var offered: CardAccessFile?
    private(set) var log: StepLog
    private let clock: @Sendable () -> Duration
    private var reopenings = 0
    var newKeys = NewKeys.none
    /// What PACE with chip authentication mapping gave, and the file with the keys to compare it with.
    var mapping: ChipAuthenticationMapping?
    var cardSecurity: [UInt8]?

    init(channel: any CardChannel, plan: OpeningPlan, context: ReadingContext) async {
        self.plan = plan
        profiles = context.profiles
        clock = context.clock
        conversation = Conversation(
            channel: channel, clock: context.clock, observer: context.observer, tracer: context.tracer,
            tape: context.tape)
        log = StepLog(at: context.clock())
        let longest = await channel.maximumCommandLength
        longestResponse = longest > 261 ? min(longest, 65_538) : nil
        answerToReset = await channel.answerToReset
    }

    /// Ends a step of the log.
    mutating func note(_ step: String) {
        log.note(step, at: clock(), commands: conversation.commands, bytes: conversation.bytes)
    }

    // MARK: Files

    /// A whole file as the chip has it.
    mutating func read(_ file: ElementaryFile) async throws(CardReadError) -> Outcome {
        var reading = FileReading(file, habits: habits, block: BlockSize(extended: nil, short: 223))
        defer { note(file.name) }
        if conversation.messaging == nil { try await reopen(file.name, nil) }
        while true {
            do throws(Conversation.Failure) {
                let outcome = try await go(on: &reading)
                remember(reading.habits)
                return outcome
            } catch {
                if newKeys == .awaited {
                    _ = reading.sessionEnded(with: nil)
                    try await lostConfirmation(error)
                    continue
                }
                guard case .sessionLost(let status) = error else { throw Self.readError(error, file.name) }
                let isAbsent = reading.sessionEnded(with: status)
                remember(reading.habits)
                try await reopen(file.name, status)
                if isAbsent { return .absent }
            }
        }
    }

    /// Powers the card down and up and opens it, as often as a reading may need that.
    mutating func reopen(_ step: String, _ status: APDU.StatusWord?) async throws(CardReadError) {
        reopenings += 1
        guard reopenings <= Self.reopeningLimit else {
            throw .unreadable("\(step): the chip ends every session (\(status?.description ?? "no answer"))")
        }
        try await conversation.reset()
        try await open()
    }

    /// Sends one file's commands until the file is whole or the chip refuses.
    mutating func go(on reading: inout FileReading) async throws(Conversation.Failure) -> Outcome {
        var step = reading.next()
        while true {
            switch step {
            case .send(let command):
                let answer = try await conversation.send(command)
                if newKeys == .awaited { newKeys = .confirmed }
                step = reading.receive(answer)
            case .finished(let bytes): return .file(bytes)
            case .absent: return .absent
            case .failed(.status(let status, let command)): return .refused("\(command) answered \(status)")
            case .failed(.malformed): return .refused("not the object that belongs there")
            }
        }
    }

    private mutating func remember(_ learned: ChipHabits) {
        guard learned != habits else { return }
        habits = learned
        if let kind { profiles.remember(habits, of: kind) }
    }

    static func readError(_ failure: Conversation.Failure, _ step: String) -> CardReadError {
        switch failure {
        case .sessionLost(let status):
            .unreadable("\(step): the chip ended the session (\(status?.description ?? "no answer"))")
        case .brokenProtection(let what): .unreadable("\(step): \(what)")
        case .read(let error): error
        }
    }
}
