import CardCryptography

/// The chip of an identity card at the level of APDUs, as pure state: PACE, basic access control, secure messaging, files
/// and their access rules. It does as ICAO 9303 says and as Vietnamese cards were seen to do, not as our reader expects.
public struct SimulatedChip: Sendable {
    /// A command's answer, and how long a real chip would think about it.
    public struct Reaction: Sendable, Equatable {
        public var bytes: [UInt8]
        public var delay: Duration
    }

    /// What differs between chips.
    public struct Traits: Sendable, Equatable {
        public var takesExtendedLength = true
        /// The most bytes that one READ BINARY gives.
        public var longestRead = 65_536
        /// What EF.ATR/INFO promises as the longest response, status word included; without it there is no such file.
        public var longestResponse: Int?
        /// The photograph has at least so many bytes.
        public var leastPhotograph = 0
        /// Files can be named in READ BINARY by their short identifiers.
        public var knowsShortIdentifiers = true
        /// How a read is answered that reaches beyond the file's end, protected: with what there is (nil), or with this status
        /// (6B00, 6700; 6C00 stands for 6Cxx).
        public var refusalBeyondEnd: UInt16?
        /// The chip refuses, without protection, a Le above this: field point 3.
        public var refusesLeAbove: Int?
        /// EF.CardAccess can't be read, although the chip knows PACE: field point 2.
        public var hidesCardAccess = false
        /// MSE:Set AT wants the domain parameters named (tag 84): field point 6.
        public var wantsParameter = false
        /// The protocols; nil: those of the citizen's card.
        public var protocols: ChipProtocols?
        /// The chip's token in PACE is wrong, as from one that does not know the password.
        public var sendsWrongToken = false
        /// Chip authentication fails with this status, without protection, and the session is over: field point 7.
        public var chipAuthenticationFailure: UInt16?
        public var malice: CardMalice?

        public init() {}
    }

    public let citizen: SyntheticCitizen
    let files: ChipFiles
    let traits: Traits
    let protocols: ChipProtocols
    let keys: ChipKeys
    let randomness: ChipRandomness
    var passwords: ChipPasswords
    /// Wrong keys since the last right one.
    var failures = 0

    var isApplicationSelected = false
    private var current: [UInt8]?
    var messaging: ChipMessaging?
    /// A session that the running command opened: its own answer does not belong to it yet.
    var opened: ChipMessaging?
    var isOpenByAccessNumber = false
    var pace: ChipPACE?
    var paceReference: [UInt8] = []
    var agreement: ChipKeyAgreement
    var challenge: [UInt8]?
    /// Data of chained commands, until the last of them.
    var pieces: [UInt8] = []
    var piecesInstruction: UInt8 = 0
    /// What an answer had that did not fit, for GET RESPONSE.
    private var remainder: ChipAnswer?

    private static let application: [UInt8] = [0xA0, 0x00, 0x00, 0x02, 0x47, 0x10, 0x01]

    public init(
        _ citizen: SyntheticCitizen, issuer: SimulatedIssuer, traits: Traits = Traits(),
        randomness: ChipRandomness = .system
    ) throws {
        self.citizen = citizen
        self.traits = traits
        self.randomness = randomness
        protocols = traits.protocols ?? citizen.protocols
        keys = try ChipKeys(protocols)
        agreement = ChipKeyAgreement(keys.agreement)
        passwords = ChipPasswords(citizen, protocols)
        files = try ChipFiles(
            citizen, issuer: issuer, infos: ChipSecurityInfos(protocols: protocols, keys: keys),
            leastPhotograph: traits.leastPhotograph, malice: traits.malice)
    }

    /// Power off and on: everything but the count of wrong passwords is forgotten.
    public mutating func reset() {
        isApplicationSelected = false
        current = nil
        endSession()
    }

    /// Takes one command and gives its response, status word included.
    public mutating func process(_ bytes: [UInt8]) -> Reaction {
        let tries = failures
        let honest = respond(to: bytes)
        let answer = traits.malice?.answer(bytes, honest) ?? honest
        // The first mistake costs nothing, then 0.2 s, 0.4 s, … up to 3.2 s.
        let delay: Duration = failures > max(tries, 1) ? .milliseconds(100 << min(failures - 1, 5)) : .zero
        return Reaction(bytes: answer.bytes, delay: delay)
    }

    mutating func endSession() {
        messaging = nil
        opened = nil
        isOpenByAccessNumber = false
        pace = nil
        agreement = ChipKeyAgreement(keys.agreement)
        challenge = nil
        pieces = []
        remainder = nil
    }

    private mutating func respond(to bytes: [UInt8]) -> ChipAnswer {
        guard let command = ChipCommand(bytes) else {
            endSession()
            return ChipAnswer(status: 0x6700)
        }
        guard traits.takesExtendedLength || !command.isExtended else {
            endSession()
            return ChipAnswer(status: 0x6700)
        }
        if command.ins == 0xC0, command.cla & 0x0C == 0, let rest = remainder { return hand(out: rest, for: command) }
        remainder = nil
        return hand(out: answer(to: command), for: command)
    }

    /// As much of an answer as the command's length asks for, short or extended; the rest waits for GET RESPONSE
    /// (ISO/IEC 7816-4, 5.3.4).
    private mutating func hand(out answer: ChipAnswer, for command: ChipCommand) -> ChipAnswer {
        let limit = command.isExtended ? 65_536 : 256
        guard answer.data.count > limit else {
            remainder = nil
            return answer
        }
        let rest = Array(answer.data[limit...])
        remainder = ChipAnswer(data: rest, status: answer.status)
        let announced = rest.count > 255 ? 0 : UInt16(rest.count)
        return ChipAnswer(data: Array(answer.data[..<limit]), status: 0x6100 | announced)
    }

    private mutating func answer(to command: ChipCommand) -> ChipAnswer {
        guard command.cla & 0x0C == 0x0C else {
            // A command without protection ends the session (9303-11, 9.8.7).
            if messaging != nil { endSession() }
            let answer = perform(command)
            messaging = opened
            opened = nil
            return answer
        }
        return performProtected(command)
    }

    private mutating func performProtected(_ command: ChipCommand) -> ChipAnswer {
        guard var session = messaging else { return ChipAnswer(status: 0x6988) }
        do {
            var plain = try session.open(command)
            if let limit = traits.refusesLeAbove, let le = plain.le, le > limit {
                endSession()
                return ChipAnswer(status: 0x6700)
            }
            // A piece of a file is as long as its protected answer may be; whoever wants more reads on.
            if !command.isExtended, plain.ins & 0xFE == 0xB0 {
                plain.le = plain.le.map { min($0, session.longestShortData) }
            }
            let answer = perform(plain)
            // The command itself ended the session: nothing protects its answer.
            guard messaging != nil else { return answer }
            let closed = try session.close(answer, odd: plain.ins & 1 != 0)
            messaging = opened ?? session
            opened = nil
            return closed
        } catch {
            endSession()
            return ChipAnswer(status: (error as? ChipMessaging.Refusal)?.status ?? 0x6988)
        }
    }

    private mutating func perform(_ command: ChipCommand) -> ChipAnswer {
        do {
            switch command.ins {
            case 0xA4: return select(command)
            case 0xB0: return read(command)
            case 0xB1: return readFar(command)
            case 0x84: return giveChallenge(command)
            case 0x82: return try authenticateExternally(command)
            case 0x22: return try prepareAuthentication(command)
            case 0x86: return try authenticate(command)
            case 0x88: return try signNonce(command)
            default: return ChipAnswer(status: 0x6D00)
            }
        } catch {
            pace = nil
            pieces = []
            return ChipAnswer(status: (error as? ChipMessaging.Refusal)?.status ?? 0x6A80)
        }
    }
}

// MARK: - Files

extension SimulatedChip {
    private mutating func select(_ command: ChipCommand) -> ChipAnswer {
        switch command.p1 {
        case 0x04:
            guard command.data == Self.application else { return ChipAnswer(status: 0x6A82) }
            isApplicationSelected = true
            current = nil
            return .success
        case 0x02:
            guard command.data.count == 2 else { return ChipAnswer(status: 0x6A80) }
            return open(UInt16(command.data[0]) << 8 | UInt16(command.data[1]))
        default:
            // The master file cannot be selected on Vietnamese cards.
            return ChipAnswer(status: 0x6D00)
        }
    }

    private mutating func open(_ identifier: UInt16) -> ChipAnswer {
        current = nil
        if !isApplicationSelected {
            if identifier == 0x2F01, let file = information {
                current = file
                return .success
            }
            if identifier == 0x011D, let file = files.cardSecurity {
                // EF.CardSecurity is for readers that passed PACE (9303-11, 9.2.11).
                guard messaging != nil else { return ChipAnswer(status: 0x6982) }
                current = file
                return .success
            }
            guard identifier == 0x011C, let file = files.cardAccess, !traits.hidesCardAccess else {
                return ChipAnswer(status: 0x6A82)
            }
            current = file
            return .success
        }
        // EF.CardAccess is out of reach here; DG3 and DG4 want terminal authentication; the rest wants a session.
        guard messaging != nil, ![0x011C, 0x0103, 0x0104].contains(identifier) else {
            return ChipAnswer(status: 0x6982)
        }
        guard let file = files.application[identifier] else { return ChipAnswer(status: 0x6A82) }
        current = file
        return .success
    }

    /// EF.ATR/INFO where the chip has one: its greatest lengths, and that it knows extended ones (ISO/IEC 7816-4, 12.7.1).
    var information: [UInt8]? {
        traits.longestResponse.map { ChipFiles.information(longestResponse: $0, extended: traits.takesExtendedLength) }
    }

    private mutating func read(_ command: ChipCommand) -> ChipAnswer {
        var offset = Int(command.p1) << 8 | Int(command.p2)
        if command.p1 & 0x80 != 0 {
            guard traits.knowsShortIdentifiers else { return ChipAnswer(status: 0x6A86) }
            let short = UInt16(command.p1 & 0x1F)
            let opened = open(short == 1 && !isApplicationSelected ? 0x2F01 : 0x0100 | short)
            guard opened == .success else { return opened }
            offset = Int(command.p2)
        }
        return read(from: offset, le: command.le)
    }

    /// READ BINARY with an odd instruction byte: offset in 54h, answer in 53h (ISO/IEC 7816-4, 11.2.2).
    private func readFar(_ command: ChipCommand) -> ChipAnswer {
        guard command.p1 == 0, command.p2 == 0, let objects = ChipTLV.parse(command.data), objects.count == 1,
            objects[0].tag == 0x54, (1...4).contains(objects[0].content.count)
        else { return ChipAnswer(status: 0x6A80) }
        let offset = objects[0].content.reduce(0) { $0 << 8 | Int($1) }
        let header = (command.le ?? 0) > 0x103 ? 4 : (command.le ?? 0) > 0x82 ? 3 : 2
        let answer = read(from: offset, le: command.le.map { max(0, $0 - header) })
        return answer.data.isEmpty
            ? answer : ChipAnswer(data: ChipTLV.object(0x53, answer.data), status: answer.status)
    }

    private func read(from offset: Int, le: Int?) -> ChipAnswer {
        guard let file = current else { return ChipAnswer(status: 0x6986) }
        guard !isApplicationSelected || messaging != nil else { return ChipAnswer(status: 0x6982) }
        guard let le else { return ChipAnswer(status: 0x6700) }
        guard offset < file.count else { return ChipAnswer(status: 0x6B00) }
        let left = file.count - offset
        if let refusal = traits.refusalBeyondEnd, left < le {
            return ChipAnswer(status: refusal == 0x6C00 ? refusal | UInt16(min(left, 256) & 0xFF) : refusal)
        }
        let data = Array(file[offset..<min(file.count, offset + min(le, traits.longestRead))])
        let isShort = data.count < le && le < 256 && offset + data.count == file.count
        return ChipAnswer(data: data, status: isShort ? 0x6282 : 0x9000)
    }
}
