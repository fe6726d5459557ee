import CardCryptography
import Peripherals
import SmartCard

extension ChipSession {
    /// What became of a protocol by which a chip proves itself.
    enum Authentication: Equatable {
        /// For chip authentication: as soon as one answer under the new keys is right, see `newKeys`.
        case done(by: String)
        /// The chip does not take the protocol.
        case rejected(String)
        case forged(String)
    }

    /// What is known about the keys that chip authentication made.
    enum NewKeys: Equatable {
        /// It was not run.
        case none
        /// No answer under them came yet.
        case awaited
        case confirmed
        /// The card was silent when it should have answered under them.
        case unanswered
        /// The answer does not fit them, or the chip did not understand the command: it does not have the key of DG14.
        case refuted
    }

    static let chipAuthentication = "chip authentication"

    /// Restarts secure messaging with keys that only the genuine chip has. Whatever fails ends the session; the chip is opened
    /// again, without it.
    ///
    /// - Parameter choice: nil in a replay, which has no keys.
    mutating func authenticate(_ choice: ChipAuthenticationChoice?) async throws(CardReadError) -> Authentication {
        defer { note(Self.chipAuthentication) }
        let step: ChipAuthentication.Step?
        do throws(Conversation.Failure) {
            step = try await run(choice)
        } catch {
            return .rejected(try await recover(from: error, Self.chipAuthentication))
        }
        switch step {
        case nil: return .rejected("the key in DG14 cannot be used")
        case .established(let messaging)?:
            conversation.protect(with: adapted(messaging))
            newKeys = .awaited
            return .done(by: Self.chipAuthentication)
        case .failed(.rejected(let status))?:
            try await reopen(Self.chipAuthentication, status)
            return .rejected("the chip answered \(status)")
        case .failed?, .send?:
            try await reopen(Self.chipAuthentication, nil)
            return .rejected("the key in DG14 cannot be used")
        }
    }

    /// - Returns: the last step; nil when nothing was sent, because the key cannot be used.
    private mutating func run(
        _ choice: ChipAuthenticationChoice?
    ) async throws(Conversation.Failure) -> ChipAuthentication.Step? {
        let name = Self.chipAuthentication
        if let run = try conversation.replayed(name) {
            return ChipAuthentication.Step(word: run.outcome, conversation.messaging)
        }
        let room = habits.extendedResponse == nil ? conversation.messaging?.longestShortCommandData ?? 223 : 65_000
        let made = choice.flatMap { try? ChipAuthentication($0, longestCommandData: room) }
        guard var protocolRun = made else {
            conversation.note(CardProtocolRun(name, outcome: CardProtocolRun.unusable))
            return nil
        }
        var step = protocolRun.start()
        while case .send(let command) = step {
            step = protocolRun.receive(try await conversation.send(command, of: name))
        }
        conversation.note(CardProtocolRun(name, outcome: step.word, cipher: step.cipher))
        return step
    }

    /// Nothing is read any more, and no answer has shown yet that the chip has the new keys: ask for one.
    mutating func confirmKeys() async throws(CardReadError) {
        guard newKeys == .awaited else { return }
        do throws(Conversation.Failure) {
            _ = try await conversation.send(Self.selectApplicationCommand)
            newKeys = .confirmed
        } catch {
            try await lostConfirmation(error)
        }
        note(Self.chipAuthentication)
    }

    /// The first answer under the new keys was wrong, or none. Opens the chip again.
    mutating func lostConfirmation(_ failure: Conversation.Failure) async throws(CardReadError) {
        switch failure {
        case .sessionLost(nil): newKeys = .unanswered
        case .sessionLost, .brokenProtection: newKeys = .refuted
        case .read: break
        }
        _ = try await recover(from: failure, Self.chipAuthentication)
    }

    /// Lets the chip sign a number (ICAO 9303-11, 6.1).
    mutating func authenticateActively(
        dataGroup15: [UInt8], infos: SecurityInfos?
    ) async throws(CardReadError) -> Authentication {
        let name = "active authentication"
        defer { note(name) }
        do throws(Conversation.Failure) {
            if let run = try conversation.replayed(name) { return Authentication(word: run.outcome) }
            let made = Result { () throws(ActiveAuthentication.Failure) in
                try ActiveAuthentication(
                    dataGroup15: dataGroup15, infos: infos, hasExtendedLength: habits.extendedResponse != nil)
            }
            guard var protocolRun = try? made.get() else {
                conversation.note(CardProtocolRun(name, outcome: CardProtocolRun.unusable))
                return .rejected("the key in DG15 cannot be used")
            }
            var step = protocolRun.start()
            while case .send(let command) = step {
                step = protocolRun.receive(try await conversation.send(command, of: name))
            }
            conversation.note(CardProtocolRun(name, outcome: step.word))
            switch step {
            case .genuine(let method): return .done(by: "\(method)")
            case .failed(.forged): return .forged("the chip's signature is not by the key in DG15")
            case .failed(.rejected(let status)): return .rejected("the chip answered \(status)")
            case .failed, .send: return .rejected("the chip's signature cannot be checked")
            }
        } catch {
            return .rejected(try await recover(from: error, name))
        }
    }

    /// Opens the chip again after a protocol that cost the session; what has nothing to do with the chip's answer is thrown.
    ///
    /// - Returns: what happened, for a technician.
    private mutating func recover(
        from failure: Conversation.Failure, _ step: String
    ) async throws(CardReadError) -> String {
        switch failure {
        case .read(let error): throw error
        case .sessionLost(let status):
            try await reopen(step, status)
            return "the chip ended the session (\(status?.description ?? "no answer"))"
        case .brokenProtection(let what):
            try await reopen(step, nil)
            return what
        }
    }

    /// As long commands and answers as the way to the chip carries.
    func adapted(_ messaging: SecureMessaging) -> SecureMessaging {
        var messaging = messaging
        messaging.hasExtendedLength = habits.extendedResponse != nil
        return messaging
    }
}
