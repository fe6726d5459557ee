import CardCryptography
import SmartCard

/// Chip authentication, version 1, the reader's side (ICAO 9303-11, 6.2): a state machine that restarts secure messaging with
/// keys that only the chip with the right private key can know.
///
/// `established` does not prove anything yet: the chip is genuine as soon as **one answer under the new keys has a right
/// authentication code**, and only as far as the security object vouches for the public key (DG14). A failure ends the
/// session: open the chip again and go on without.
public struct ChipAuthentication: Sendable {
    public enum Step: Sendable {
        /// Goes through the present secure messaging.
        case send(APDU.Command)
        /// From the next command on, with the send sequence counter at zero.
        case established(SecureMessaging)
        case failed(Failure)
    }

    public enum Failure: Error, Sendable, Equatable {
        /// The chip does not take this protocol or key.
        case rejected(APDU.StatusWord)
        case outOfTurn
        case cryptography(CryptographyError)
    }

    /// The commands that carry the reader's public key (6.2.4).
    public enum Form: Sendable, CaseIterable {
        /// MSE:Set KAT; for 3DES only.
        case keyAgreementTemplate
        /// MSE:Set AT, then GENERAL AUTHENTICATE; always for AES.
        case generalAuthenticate
    }

    private enum State { case idle, awaitingSelection, awaitingAgreement, over }

    private let choice: ChipAuthenticationChoice
    private let form: Form
    private let longestCommandData: Int
    private let keyPair: (privateKey: [UInt8], publicKey: [UInt8])
    private var state = State.idle
    private var pieces: [APDU.Command] = []

    /// - Parameters:
    ///   - form: by the cipher if not given; a chip with 3DES may know both.
    ///   - longestCommandData: what one command may carry, see `SecureMessaging.longestShortCommandData`; longer keys are
    ///     sent in pieces.
    ///   - privateKey: drawn if not given.
    public init(
        _ choice: ChipAuthenticationChoice, form: Form? = nil, longestCommandData: Int = 65_000,
        privateKey: [UInt8]? = nil
    ) throws(CryptographyError) {
        self.choice = choice
        let isTripleDES = choice.algorithm.cipher == .tripleDES
        self.form = form ?? (isTripleDES ? .keyAgreementTemplate : .generalAuthenticate)
        guard isTripleDES || self.form == .generalAuthenticate else { throw .badInput("MSE:Set KAT is for 3DES") }
        self.longestCommandData = longestCommandData
        if let privateKey {
            keyPair = (privateKey, try choice.group.publicKey(of: privateKey))
        } else {
            keyPair = try choice.group.keyPair()
        }
    }

    public mutating func start() -> Step {
        let reference = choice.keyIdentifier.map { TLV.encode(0x84, Self.unsigned($0)) } ?? []
        switch form {
        case .keyAgreementTemplate:
            state = .awaitingAgreement
            pieces = DynamicAuthentication.chain(
                cla: 0, ins: 0x22, p1: 0x41, p2: 0xA6, data: TLV.encode(0x91, keyPair.publicKey) + reference, le: nil,
                limit: longestCommandData)
            return .send(pieces.removeFirst())
        case .generalAuthenticate:
            state = .awaitingSelection
            return .send(
                APDU.Command(
                    ins: 0x22, p1: 0x41, p2: 0xA4,
                    data: TLV.encode(0x80, choice.algorithm.identifier) + reference))
        }
    }

    public mutating func receive(_ response: APDU.Response) -> Step {
        guard response.status.isSuccess else { return fail(.rejected(response.status)) }
        if !pieces.isEmpty { return .send(pieces.removeFirst()) }
        switch state {
        case .awaitingSelection:
            state = .awaitingAgreement
            pieces = DynamicAuthentication.commands(
                TLV.encode(0x80, keyPair.publicKey), isLast: true, limit: longestCommandData)
            return .send(pieces.removeFirst())
        case .awaitingAgreement: return restart()
        case .idle, .over: return fail(.outOfTurn)
        }
    }

    private mutating func restart() -> Step {
        state = .over
        let cipher = choice.algorithm.cipher
        do {
            let secret = try choice.group.sharedSecret(privateKey: keyPair.privateKey, publicKey: choice.publicKey)
            return .established(
                SecureMessaging(
                    cipher: cipher, encryptionKey: try KeyDerivation.key(.encryption, from: secret, for: cipher),
                    authenticationKey: try KeyDerivation.key(.authentication, from: secret, for: cipher)))
        } catch {
            return .failed(.cryptography(error))
        }
    }

    private mutating func fail(_ failure: Failure) -> Step {
        state = .over
        pieces = []
        return .failed(failure)
    }

    /// As few bytes as the number has, one at least.
    private static func unsigned(_ number: Int) -> [UInt8] {
        let bytes = (0..<8).reversed().map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }.drop { $0 == 0 }
        return bytes.isEmpty ? [0] : Array(bytes)
    }
}
