import CardCryptography

// Everything that opens a session or proves something.
extension SimulatedChip {
    mutating func giveChallenge(_ command: ChipCommand) -> ChipAnswer {
        guard isApplicationSelected else { return ChipAnswer(status: 0x6985) }
        guard command.le == 8 else { return ChipAnswer(status: 0x6700) }
        let challenge = randomness.bytes(8)
        self.challenge = challenge
        return ChipAnswer(data: challenge, status: 0x9000)
    }

    mutating func authenticateExternally(_ command: ChipCommand) throws -> ChipAnswer {
        guard let challenge else { return ChipAnswer(status: 0x6985) }
        self.challenge = nil
        let access = try ChipBasicAccess(zone: citizen.mrzLines)
        guard
            let (answer, session) = try access.authenticate(
                command.data, challenge: challenge, randomness: randomness)
        else {
            failures += 1
            return ChipAnswer(status: 0x6300)
        }
        failures = 0
        opened = session
        return ChipAnswer(data: answer, status: 0x9000)
    }

    /// INTERNAL AUTHENTICATE (9303-11, 6.1.3).
    func signNonce(_ command: ChipCommand) throws -> ChipAnswer {
        guard let kind = protocols.signature, let key = keys.signature, protocols.clone != .withoutProtocols else {
            return ChipAnswer(status: 0x6D00)
        }
        guard isApplicationSelected, messaging != nil else { return ChipAnswer(status: 0x6982) }
        guard command.p1 == 0, command.p2 == 0, command.data.count == 8, command.le != nil else {
            return ChipAnswer(status: 0x6700)
        }
        return ChipAnswer(
            data: try ChipSignature.sign(command.data, as: kind, key: key, randomness: randomness), status: 0x9000)
    }

    /// MSE:Set AT and MSE:Set KAT. A command that is longer than one short APDU comes in pieces.
    mutating func prepareAuthentication(_ command: ChipCommand) throws -> ChipAnswer {
        guard collect(command) else { return ChipAnswer(status: 0x6700) }
        guard command.cla & 0x10 == 0 else { return .success }
        guard let objects = ChipTLV.parse(takePieces()) else { return ChipAnswer(status: 0x6A80) }
        switch (command.p1, command.p2) {
        case (0xC1, 0xA4): return try preparePACE(objects)
        case (0x41, 0xA4): return chooseKey(objects)
        case (0x41, 0xA6): return agreeByTemplate(objects)
        default: return ChipAnswer(status: 0x6A86)
        }
    }

    /// GENERAL AUTHENTICATE, of PACE or of chip authentication. The chaining bit links the steps of PACE; besides, it
    /// announces that an object goes on.
    mutating func authenticate(_ command: ChipCommand) throws -> ChipAnswer {
        guard collect(command) else { return ChipAnswer(status: 0x6700) }
        let isLast = command.cla & 0x10 == 0
        if !isLast, !isComplete(pieces) { return .success }
        let data = takePieces()
        if pace != nil { return try stepPACE(data, isLast: isLast) }
        return agree(data)
    }

    /// A chain ends when another command comes, and when it is longer than anything that belongs here.
    private mutating func collect(_ command: ChipCommand) -> Bool {
        if piecesInstruction != command.ins { pieces = [] }
        piecesInstruction = command.ins
        pieces += command.data
        guard pieces.count <= 4096 else {
            pieces = []
            return false
        }
        return true
    }

    private mutating func takePieces() -> [UInt8] {
        defer { pieces = [] }
        return pieces
    }

    /// Whether the bytes are as long as the header of their first object says.
    private func isComplete(_ bytes: [UInt8]) -> Bool { ChipTLV.parse(bytes) != nil }
}

// MARK: - PACE

extension SimulatedChip {
    /// 9303-11, 4.4.4.1.
    private mutating func preparePACE(_ objects: [(tag: UInt8, content: [UInt8])]) throws -> ChipAnswer {
        guard !protocols.pace.isEmpty else { return ChipAnswer(status: 0x6D00) }
        func content(_ tag: UInt8) -> [UInt8]? { objects.first { $0.tag == tag }?.content }
        guard objects.allSatisfy({ [0x80, 0x83, 0x84].contains($0.tag) }) else { return ChipAnswer(status: 0x6A80) }
        let parameter = content(0x84)
        // Required where the domain parameters are ambiguous; some chips want them always.
        let isAmbiguous = Set(protocols.pace.map(\.parameter)).count > 1
        if traits.wantsParameter || isAmbiguous, parameter == nil { return ChipAnswer(status: 0x6A88) }
        let able = protocols.pace.filter { ChipSecurityInfos.paceIdentifier($0) == content(0x80) }
        guard !able.isEmpty else { return ChipAnswer(status: 0x6A80) }
        let named = able.filter { parameter == nil || [UInt8($0.parameter)] == parameter }
        guard named.count == 1 else { return ChipAnswer(status: 0x6A88) }
        guard let reference = content(0x83), let secret = try passwords.secret(reference) else {
            return ChipAnswer(status: 0x6A88)
        }
        let staticKey = keys.agreement.first { $0.parameters.parameter == named[0].parameter }?.privateKey
        pace = try ChipPACE(named[0], password: secret, staticKey: staticKey, randomness: randomness)
        paceReference = reference
        return ChipAnswer(status: passwords.status(reference))
    }

    private mutating func stepPACE(_ data: [UInt8], isLast: Bool) throws -> ChipAnswer {
        guard var running = pace else { return ChipAnswer(status: 0x6985) }
        guard passwords.isUsable(paceReference, afterAccessNumber: isOpenByAccessNumber) else {
            pace = nil
            return ChipAnswer(status: 0x6983)
        }
        let outcome = try running.step(data, isLast: isLast)
        pace = running
        switch outcome {
        case .answer(let data): return ChipAnswer(data: data, status: 0x9000)
        case .opened(let data, let session):
            pace = nil
            failures = 0
            passwords.right(paceReference)
            opened = session
            isOpenByAccessNumber = paceReference == [2]
            var data = data
            // The token's first byte, after the headers of 7C and 86.
            if traits.sendsWrongToken { data[4] ^= 1 }
            return ChipAnswer(data: data, status: 0x9000)
        case .wrongPassword:
            pace = nil
            failures += 1
            return ChipAnswer(status: passwords.wrong(paceReference))
        case .refused(let status):
            pace = nil
            return ChipAnswer(status: status)
        }
    }
}

// MARK: - Chip authentication

extension SimulatedChip {
    /// What a chip answers that does not know the protocol, or not in this state; nil when it may go on.
    private var refusal: UInt16? {
        guard !keys.agreement.isEmpty, protocols.clone != .withoutProtocols else { return 0x6A80 }
        return messaging == nil ? 0x6982 : nil
    }

    private mutating func chooseKey(_ objects: [(tag: UInt8, content: [UInt8])]) -> ChipAnswer {
        if let refusal { return ChipAnswer(status: refusal) }
        return ChipAnswer(status: agreement.choose(objects))
    }

    private mutating func agree(_ data: [UInt8]) -> ChipAnswer {
        do {
            guard let session = try agreement.agree(data) else { return ChipAnswer(status: 0x6985) }
            return restart(session, ChipTLV.object(0x7C, []))
        } catch {
            return ChipAnswer(status: (error as? ChipMessaging.Refusal)?.status ?? 0x6300)
        }
    }

    private mutating func agreeByTemplate(_ objects: [(tag: UInt8, content: [UInt8])]) -> ChipAnswer {
        if let refusal { return ChipAnswer(status: refusal) }
        do { return restart(try agreement.agreeByTemplate(objects), []) } catch {
            return ChipAnswer(status: (error as? ChipMessaging.Refusal)?.status ?? 0x6300)
        }
    }

    private mutating func restart(_ session: ChipMessaging, _ data: [UInt8]) -> ChipAnswer {
        if let status = traits.chipAuthenticationFailure {
            endSession()
            return ChipAnswer(status: status)
        }
        opened = session
        return ChipAnswer(data: data, status: 0x9000)
    }
}
