import CardCryptography
import Peripherals
import SmartCard

extension ChipSession {
    private static let application: [UInt8] = [0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01]

    private static let pace = "PACE"
    private static let basicAccess = "BAC"

    static let selectApplicationCommand = APDU.Command(ins: 0xA4, p1: 0x04, p2: 0x0C, data: application)

    /// PACE where the chip offers it, basic access control otherwise; then the travel document application is selected.
    mutating func open() async throws(CardReadError) {
        do throws(Conversation.Failure) {
            if offered == nil { try await getToKnow() }
            let opened = try await openByPACE() ? plan.accessByPACE : openByBasicAccess()
            access = opened
            note(opened == .bac ? "BAC" : "PACE")
            if habits.block == nil, let messaging = conversation.messaging { habits.block = firstBlock(messaging) }
        } catch {
            throw Self.readError(error, "opening")
        }
    }

    private mutating func openByPACE() async throws(Conversation.Failure) -> Bool {
        for choice in PACEChoices(offered?.infos ?? SecurityInfos()).taken {
            let isSure = choice.mustNameParameter || habits.namesParameter
            for namesParameter in isSure ? [true] : [false, true] {
                switch try await runPACE(choice.info, namesParameter: namesParameter) {
                case nil:
                    if !choice.mustNameParameter { habits.namesParameter = namesParameter }
                    try await readCardSecurity()
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
        if let run = try conversation.replayed(Self.pace) { return PACE.Failure(word: run.outcome) }
        let room = habits.extendedResponse == nil ? 255 : 65_535
        let made = try? PACE(
            info, password: plan.password, namesParameter: namesParameter, longestCommandData: room)
        guard var pace = made ?? nil else {
            let failure = PACE.Failure.malformedAnswer("parameters")
            conversation.note(CardProtocolRun(Self.pace, outcome: failure.word))
            return failure
        }
        var step = pace.start()
        while true {
            switch step {
            case .send(let command): step = pace.receive(try await conversation.send(command, of: Self.pace))
            case .established(let messaging):
                conversation.protect(with: adapted(messaging))
                mapping = pace.chipAuthenticationMapping
                conversation.note(
                    CardProtocolRun(Self.pace, outcome: CardProtocolRun.established, cipher: messaging.cipher))
                return nil
            case .failed(let failure):
                conversation.note(CardProtocolRun(Self.pace, outcome: failure.word))
                return failure
            }
        }
    }

    /// After chip authentication mapping, while the master file is still the current one: the signed key that the chip has
    /// proved to hold. A chip that refuses it is asked for DG14 later.
    private mutating func readCardSecurity() async throws(Conversation.Failure) {
        guard mapping != nil, cardSecurity == nil else { return }
        if habits.block == nil, let messaging = conversation.messaging { habits.block = firstBlock(messaging) }
        var known = habits
        known.readsByShortIdentifier = nil
        var reading = FileReading(.cardSecurity, habits: known, block: BlockSize(extended: nil, short: 223))
        if case .file(let bytes) = try await go(on: &reading) { cardSecurity = bytes }
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
        if let run = try conversation.replayed(Self.basicAccess) { return BasicAccess.Failure(word: run.outcome) }
        guard var access = try? BasicAccess(keyInput: input) else {
            conversation.note(CardProtocolRun(Self.basicAccess, outcome: BasicAccess.Failure.malformedAnswer.word))
            return .malformedAnswer
        }
        var step = access.start()
        while true {
            switch step {
            case .send(let command): step = access.receive(try await conversation.send(command, of: Self.basicAccess))
            case .established(let messaging):
                conversation.protect(with: adapted(messaging))
                conversation.note(
                    CardProtocolRun(Self.basicAccess, outcome: CardProtocolRun.established, cipher: messaging.cipher))
                return nil
            case .failed(let failure):
                conversation.note(CardProtocolRun(Self.basicAccess, outcome: failure.word))
                return failure
            }
        }
    }

    private mutating func selectApplication() async throws(Conversation.Failure) {
        let answer = try await conversation.send(Self.selectApplicationCommand)
        guard answer.status.isSuccess else {
            throw .read(.unreadable("SELECT of the travel document application answered \(answer.status)"))
        }
    }
}

// MARK: - What kind of chip it is

extension ChipSession {
    /// Reads EF.CardAccess, and EF.ATR/INFO of a kind that was not met before. In the plain: a refusal costs nothing yet.
    private mutating func getToKnow() async throws(Conversation.Failure) {
        let cardAccess = try await cardAccess()
        offered = cardAccess.flatMap { try? CardAccessFile($0) } ?? .usual
        note(ElementaryFile.cardAccess.name)
        let kind = ChipProfiles.Kind(
            answerToReset: answerToReset, cardAccess: cardAccess ?? [], longestResponse: longestResponse ?? 0)
        self.kind = kind
        if let known = profiles.habits(of: kind) {
            habits = known
            return
        }
        try await askForLengths()
    }

    /// By short identifier; then by file identifier with the master file selected, which Vietnamese cards answer 6D00 to and
    /// others need; nil when the chip gives it neither way.
    private mutating func cardAccess() async throws(Conversation.Failure) -> [UInt8]? {
        var learned = ChipHabits()
        for byShortIdentifier in [true, false] {
            if !byShortIdentifier {
                _ = try await conversation.send(APDU.Command(ins: 0xA4, p1: 0, p2: 0x0C, data: [0x3F, 0x00]))
            }
            learned.readsByShortIdentifier = byShortIdentifier
            var reading = FileReading(.cardAccess, habits: learned, block: BlockSize(extended: nil, short: 256))
            var step = reading.next()
            while case .send(let command) = step { step = reading.receive(try await conversation.send(command)) }
            habits.answersBeyondEnd = reading.habits.answersBeyondEnd
            if case .finished(let bytes) = step { return bytes }
        }
        return nil
    }

    /// EF.ATR/INFO, where extended length is worth a thought and the card does not say that it has no such file.
    private mutating func askForLengths() async throws(Conversation.Failure) {
        let capabilities = (try? AnswerToReset(answerToReset))?.capabilities
        guard longestResponse != nil, capabilities?.takesExtendedLength ?? true else {
            habits.extendedResponse = nil
            return
        }
        habits.extendedResponse = longestResponse
        guard capabilities?.tellsLengthsInFile ?? true else { return }
        let answer = try await conversation.send(
            APDU.Command(ins: 0xB0, p1: 0x80 | CardInformationFile.shortIdentifier, p2: 0, le: 256))
        defer { note("EF.ATR/INFO") }
        guard !answer.data.isEmpty else { return }
        let file = CardInformationFile(answer.data)
        if file.capabilities?.takesExtendedLength == false { habits.extendedResponse = nil }
        if let limit = file.maximumResponseLength {
            habits.extendedResponse = habits.extendedResponse.map { min($0, limit) }
        }
    }

    private func firstBlock(_ messaging: SecureMessaging) -> BlockSize {
        BlockSize(
            extended: habits.extendedResponse.map { BlockSize.plain(within: $0, cipher: messaging.cipher) },
            short: messaging.longestShortAnswer)
    }
}
