import Peripherals
import SmartCard

/// One chip, opened with one key: opens it again and goes on when it leaves its session, reads whole files.
struct ChipSession {
    /// How often a chip may drop its session in one reading: once for each step of the block size.
    private static let reopeningLimit = 5
    private static let application: [UInt8] = [0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01]

    private let plan: OpeningPlan
    /// The longest answer with extended length; nil when the way to the card has short commands only.
    private let extendedAnswer: Int?
    private(set) var conversation: Conversation
    private(set) var access: CardAccess?
    private var block: BlockSize?
    private var reopenings = 0

    init(channel: any CardChannel, plan: OpeningPlan, clock: @escaping @Sendable () -> Duration) async {
        self.plan = plan
        conversation = Conversation(channel: channel, clock: clock)
        let longest = await channel.maximumCommandLength
        extendedAnswer = longest > 261 ? min(longest, 65_536) - SecureMessaging.overhead : nil
    }

    // MARK: Files

    /// A whole file as the chip has it; nil when there is none.
    mutating func read(_ file: ElementaryFile) async throws(CardReadError) -> [UInt8]? {
        var reading = FileReading(file, block: block ?? BlockSize(extended: nil, short: 223))
        defer { block = reading.block }
        while true {
            do throws(Conversation.Failure) {
                return try await go(on: &reading)
            } catch {
                guard case .sessionLost(let status) = error else { throw Self.readError(error, file.name) }
                reopenings += 1
                guard reopenings <= Self.reopeningLimit else {
                    throw .unreadable("\(file.name): the chip ends every session (\(status))")
                }
                reading.sessionEnded(with: status)
                try await conversation.reset()
                _ = try await open()
                if status.value == 0x6A82 { return nil }
            }
        }
    }

    private mutating func go(on reading: inout FileReading) async throws(Conversation.Failure) -> [UInt8]? {
        let file = reading.file
        let selected = try await conversation.send(Self.select(file)).status
        if selected.value == 0x6A82 { return nil }
        guard selected.isSuccess else { throw .read(.unreadable("\(file.name): SELECT answered \(selected)")) }
        var step = reading.next()
        while true {
            switch step {
            case .send(let command): step = reading.receive(try await conversation.send(command))
            case .finished(let bytes): return bytes
            case .failed(.status(let status)):
                throw .read(.unreadable("\(file.name): READ BINARY answered \(status)"))
            case .failed(.malformed): throw .read(.unreadable("\(file.name): not the object that belongs there"))
            }
        }
    }

    private static func select(_ file: ElementaryFile) -> APDU.Command {
        // Without Le: some documents reject it (facts, field point 5).
        APDU.Command(ins: 0xA4, p1: 0x02, p2: 0x0C, data: [UInt8(file.rawValue >> 8), UInt8(file.rawValue & 0xFF)])
    }

    private static func readError(_ failure: Conversation.Failure, _ step: String) -> CardReadError {
        switch failure {
        case .sessionLost(let status): .unreadable("\(step): the chip ended the session (\(status))")
        case .read(let error): error
        }
    }
}

// MARK: - Opening

extension ChipSession {
    /// PACE where the chip offers it, basic access control otherwise; then the travel document application is selected.
    mutating func open() async throws(CardReadError) -> CardAccess {
        do throws(Conversation.Failure) {
            let opened = try await openByPACE() ? plan.accessByPACE : openByBasicAccess()
            access = opened
            if block == nil {
                block = BlockSize(extended: extendedAnswer, short: conversation.messaging?.longestShortAnswer ?? 256)
            }
            return opened
        } catch {
            throw Self.readError(error, "opening")
        }
    }

    private mutating func openByPACE() async throws(Conversation.Failure) -> Bool {
        // Vietnamese cards answer 6D00 to this; others need it. Whatever it says, go on.
        _ = try await conversation.send(APDU.Command(ins: 0xA4, p1: 0, p2: 0x0C, data: [0x3F, 0x00]))
        let offered = try await cardAccess().pace
        for info in offered where PACE.supports(info) {
            let isAmbiguous = offered.count { $0.algorithm == info.algorithm } > 1
            for namesParameter in isAmbiguous ? [true] : [false, true] {
                switch try await runPACE(info, namesParameter: namesParameter) {
                case nil:
                    try await selectApplication()
                    return true
                case .wrongPassword: throw .read(.wrongKey)
                case .passwordSuspended, .passwordBlocked:
                    throw .read(.unreadable("PACE: the chip has blocked this password"))
                case .forged: throw .read(.unreadable("PACE: the chip's token is wrong"))
                case .rejected, .malformedAnswer, .cryptography: continue
                }
            }
        }
        return false
    }

    /// - Returns: nil when the channel stands.
    private mutating func runPACE(
        _ info: PACEInfo, namesParameter: Bool
    ) async throws(Conversation.Failure) -> PACE.Failure? {
        guard var pace = try? PACE(info, password: plan.password, namesParameter: namesParameter) else {
            return .malformedAnswer("parameters")
        }
        var step = pace.start()
        while true {
            switch step {
            case .send(let command): step = pace.receive(try await conversation.send(command))
            case .established(let messaging):
                conversation.protect(with: messaging)
                return nil
            case .failed(let failure): return failure
            }
        }
    }

    private mutating func openByBasicAccess() async throws(Conversation.Failure) -> CardAccess {
        guard !plan.basicAccessInputs.isEmpty else {
            throw .read(.unreadable("the chip takes no card access number; its machine-readable zone opens it"))
        }
        try await selectApplication()
        for input in plan.basicAccessInputs.prefix(2) {
            switch try await runBasicAccess(input) {
            case nil: return .bac
            case .wrongKey: continue
            case .forged: throw .read(.unreadable("basic access: the chip's proof is wrong"))
            case .rejected(let status): throw .read(.unreadable("basic access: the chip answered \(status)"))
            case .malformedAnswer, .cryptography: throw .read(.unreadable("basic access: malformed answer"))
            }
        }
        throw .read(.wrongKey)
    }

    /// - Returns: nil when the channel stands.
    private mutating func runBasicAccess(
        _ input: String
    ) async throws(Conversation.Failure) -> BasicAccess.Failure? {
        guard var access = try? BasicAccess(keyInput: input) else { return .malformedAnswer }
        var step = access.start()
        while true {
            switch step {
            case .send(let command): step = access.receive(try await conversation.send(command))
            case .established(let messaging):
                conversation.protect(with: messaging)
                return nil
            case .failed(let failure): return failure
            }
        }
    }

    private mutating func selectApplication() async throws(Conversation.Failure) {
        let answer = try await conversation.send(
            APDU.Command(ins: 0xA4, p1: 0x04, p2: 0x0C, data: Self.application))
        guard answer.status.isSuccess else {
            throw .read(.unreadable("SELECT of the travel document application answered \(answer.status)"))
        }
    }

    /// By file identifier, then by short identifier, then the value that every card seen has.
    private mutating func cardAccess() async throws(Conversation.Failure) -> CardAccessFile {
        let selected = try await conversation.send(Self.select(.cardAccess)).status
        if selected.isSuccess {
            var reading = FileReading(.cardAccess, block: BlockSize(extended: nil, short: 256))
            var step = reading.next()
            while case .send(let command) = step { step = reading.receive(try await conversation.send(command)) }
            if case .finished(let bytes) = step, let file = try? CardAccessFile(bytes) { return file }
        }
        let short = try await conversation.send(APDU.Command(ins: 0xB0, p1: 0x9C, p2: 0, le: 256))
        if !short.data.isEmpty, let file = try? CardAccessFile(short.data) { return file }
        return .usual
    }
}
