import CardCryptography
import SmartCard

// How each protocol's end is written in a trace, and read again.

/// A word, and the status that goes with it: `rejected 6A80`.
private struct Word {
    var word: Substring
    var status: APDU.StatusWord?

    init(_ text: String) {
        let parts = text.split(separator: " ", maxSplits: 1)
        word = parts.first ?? ""
        status = parts.count > 1 ? UInt16(parts[1], radix: 16).map { APDU.StatusWord($0) } : nil
    }

    static func rejected(_ status: APDU.StatusWord) -> String { "rejected \(status)" }
}

extension PACE.Failure {
    var word: String {
        switch self {
        case .wrongPassword: "wrong-password"
        case .passwordSuspended: "suspended"
        case .passwordBlocked: "blocked"
        case .rejected(let status): Word.rejected(status)
        case .malformedAnswer: "malformed"
        case .forged: "forged"
        case .cryptography: "cryptography"
        }
    }

    /// - Returns: nil when the channel stands.
    init?(word text: String) {
        let word = Word(text)
        switch word.word {
        case CardProtocolRun.established[...]: return nil
        case "wrong-password": self = .wrongPassword
        case "suspended": self = .passwordSuspended
        case "blocked": self = .passwordBlocked
        case "forged": self = .forged
        case "rejected": self = .rejected(word.status ?? APDU.StatusWord(0))
        default: self = .malformedAnswer("as recorded")
        }
    }
}

extension BasicAccess.Failure {
    var word: String {
        switch self {
        case .wrongKey: "wrong-key"
        case .rejected(let status): Word.rejected(status)
        case .malformedAnswer: "malformed"
        case .forged: "forged"
        case .cryptography: "cryptography"
        }
    }

    /// - Returns: nil when the channel stands.
    init?(word text: String) {
        let word = Word(text)
        switch word.word {
        case CardProtocolRun.established[...]: return nil
        case "wrong-key": self = .wrongKey
        case "forged": self = .forged
        case "rejected": self = .rejected(word.status ?? APDU.StatusWord(0))
        default: self = .malformedAnswer
        }
    }
}

extension ChipAuthentication.Step {
    var word: String {
        switch self {
        case .established: CardProtocolRun.established
        case .failed(.rejected(let status)): Word.rejected(status)
        case .failed, .send: "failed"
        }
    }

    var cipher: CardCipher? { if case .established(let messaging) = self { messaging.cipher } else { nil } }

    /// - Parameter messaging: what stands for the channel in a replay.
    /// - Returns: nil when nothing was sent.
    init?(word text: String, _ messaging: SecureMessaging?) {
        let word = Word(text)
        switch word.word {
        case CardProtocolRun.established[...]:
            guard let messaging else { return nil }
            self = .established(messaging)
        case CardProtocolRun.unusable[...]: return nil
        case "rejected": self = .failed(.rejected(word.status ?? APDU.StatusWord(0)))
        default: self = .failed(.outOfTurn)
        }
    }
}

extension ActiveAuthentication.Step {
    var word: String {
        switch self {
        case .genuine: "genuine"
        case .failed(.forged): "forged"
        case .failed(.rejected(let status)): Word.rejected(status)
        case .failed, .send: "failed"
        }
    }
}

extension ChipSession.Authentication {
    /// Of active authentication.
    init(word text: String) {
        switch Word(text).word {
        case "genuine": self = .done(by: "active authentication")
        case "forged": self = .forged("as recorded")
        default: self = .rejected("as recorded: \(text)")
        }
    }
}
