import CardCryptography
import SmartCard

/// What the applicant's card is opened with (ICAO 9303-11, 9.7.3 and table 9).
public enum PACEPassword: Sendable, Equatable {
    /// MRZ_information, see `MRZ.keyInput`.
    case mrz(String)
    /// The card access number.
    case can(String)

    /// The reference in MSE:Set AT, tag 83.
    var reference: UInt8 {
        switch self {
        case .mrz: 1
        case .can: 2
        }
    }

    func secret() throws(CryptographyError) -> [UInt8] {
        switch self {
        case .mrz(let input): try HashFunction.sha1.hash(Array(input.utf8))
        case .can(let digits): Array(digits.utf8)
        }
    }
}

/// Password authenticated connection establishment, the reader's side (ICAO 9303-11, 4.4): a state machine from MSE:Set AT
/// to the keys. Here: ECDH with generic mapping, every cipher and every named curve.
public struct PACE: Sendable {
    public enum Step: Sendable {
        case send(APDU.Command)
        case established(SecureMessaging)
        case failed(Failure)
    }

    public enum Failure: Error, Sendable, Equatable {
        case wrongPassword
        /// The chip does not take this protocol or password.
        case rejected(APDU.StatusWord)
        case malformedAnswer(String)
        /// The chip did not prove that it knows the password.
        case forged
        case cryptography(CryptographyError)
    }

    /// The two private keys that the reader draws.
    public struct Secrets: Sendable {
        public var mapping: [UInt8]
        public var agreement: [UInt8]

        public init(mapping: [UInt8], agreement: [UInt8]) {
            self.mapping = mapping
            self.agreement = agreement
        }

        public init(on curve: EllipticCurve) throws(CryptographyError) {
            self.init(mapping: try curve.randomPrivateKey(), agreement: try curve.randomPrivateKey())
        }
    }

    private enum State {
        case idle
        case awaitingSelection
        case awaitingNonce
        case awaitingMapping(nonce: [UInt8])
        case awaitingKey(generator: [UInt8], own: [UInt8])
        case awaitingToken(expected: [UInt8], SecureMessaging)
        case over
    }

    private let info: PACEInfo
    private let curve: EllipticCurve
    private let password: PACEPassword
    private let namesParameter: Bool
    private let secrets: Secrets
    private var state = State.idle

    /// Whether this reader knows the mapping and the domain parameters.
    public static func supports(_ info: PACEInfo) -> Bool {
        info.algorithm.mapping == .ecdhGeneric && info.parameter.flatMap(EllipticCurve.init(rawValue:)) != nil
    }

    /// - Parameters:
    ///   - namesParameter: adds tag 84 to MSE:Set AT, which some chips want and which several parameters for one protocol need.
    ///   - secrets: drawn if not given.
    /// - Returns: nil when `supports` says no.
    public init?(
        _ info: PACEInfo, password: PACEPassword, namesParameter: Bool = false, secrets: Secrets? = nil
    ) throws(CryptographyError) {
        guard Self.supports(info), let curve = info.parameter.flatMap(EllipticCurve.init(rawValue:)) else { return nil }
        self.info = info
        self.curve = curve
        self.password = password
        self.namesParameter = namesParameter
        if let secrets { self.secrets = secrets } else { self.secrets = try Secrets(on: curve) }
    }

    public mutating func start() -> Step {
        state = .awaitingSelection
        var data = TLV.encode(0x80, info.algorithm.identifier) + TLV.encode(0x83, [password.reference])
        if namesParameter { data += TLV.encode(0x84, [UInt8(curve.rawValue)]) }
        return .send(APDU.Command(ins: 0x22, p1: 0xC1, p2: 0xA4, data: data))
    }

    public mutating func receive(_ response: APDU.Response) -> Step {
        do {
            switch state {
            case .awaitingSelection: return try askForNonce(response)
            case .awaitingNonce: return try mapNonce(response)
            case .awaitingMapping(let nonce): return try agree(response, nonce)
            case .awaitingKey(let generator, let own): return try prove(response, generator, own)
            case .awaitingToken(let expected, let messaging): return try verify(response, expected, messaging)
            case .idle, .over: throw Failure.malformedAnswer("out of turn")
            }
        } catch let failure as Failure {
            state = .over
            return .failed(failure)
        } catch let error as CryptographyError {
            state = .over
            return .failed(.cryptography(error))
        } catch {
            state = .over
            return .failed(.malformedAnswer("\(error)"))
        }
    }

    private mutating func askForNonce(_ response: APDU.Response) throws -> Step {
        // 63Cx: the password is known, and x tries are left (BSI TR-03110-3, B.14.1).
        guard response.status.isSuccess || response.status.value & 0xFFF0 == 0x63C0 else {
            throw Failure.rejected(response.status)
        }
        state = .awaitingNonce
        return authenticate([], isLast: false)
    }

    private mutating func mapNonce(_ response: APDU.Response) throws -> Step {
        let cryptogram = try answer(response, tag: 0x80, "nonce")
        let cipher = info.algorithm.cipher
        guard !cryptogram.isEmpty, cryptogram.count <= 32, cryptogram.count.isMultiple(of: cipher.blockLength) else {
            throw Failure.malformedAnswer("nonce")
        }
        let key = try KeyDerivation.key(.password, from: password.secret(), for: cipher)
        let nonce = try cipher.decrypt(cryptogram, key: key, initializationVector: cipher.zeroBlock)
        state = .awaitingMapping(nonce: nonce)
        return authenticate(TLV.encode(0x81, try curve.publicKey(of: secrets.mapping)), isLast: false)
    }

    private mutating func agree(_ response: APDU.Response, _ nonce: [UInt8]) throws -> Step {
        let theirs = try answer(response, tag: 0x82, "mapping")
        guard try theirs != curve.publicKey(of: secrets.mapping) else { throw Failure.forged }
        let shared = try curve.sharedPoint(privateKey: secrets.mapping, publicKey: theirs)
        let generator = try curve.genericMapping(nonce: nonce, sharedPoint: shared)
        let own = try curve.publicKey(of: secrets.agreement, generator: generator)
        state = .awaitingKey(generator: generator, own: own)
        return authenticate(TLV.encode(0x83, own), isLast: false)
    }

    private mutating func prove(
        _ response: APDU.Response, _ generator: [UInt8], _ own: [UInt8]
    ) throws -> Step {
        let theirs = try answer(response, tag: 0x84, "public key")
        guard theirs != own else { throw Failure.forged }
        let cipher = info.algorithm.cipher
        let secret = try curve.sharedSecret(privateKey: secrets.agreement, publicKey: theirs)
        let authenticationKey = try KeyDerivation.key(.authentication, from: secret, for: cipher)
        let messaging = SecureMessaging(
            cipher: cipher, encryptionKey: try KeyDerivation.key(.encryption, from: secret, for: cipher),
            authenticationKey: authenticationKey)
        state = .awaitingToken(expected: try token(over: own, key: authenticationKey), messaging)
        return authenticate(TLV.encode(0x85, try token(over: theirs, key: authenticationKey)), isLast: true)
    }

    private mutating func verify(
        _ response: APDU.Response, _ expected: [UInt8], _ messaging: SecureMessaging
    ) throws -> Step {
        // The chip sees a wrong password first here: it cannot check the reader's token otherwise.
        if response.status.sw1 == 0x63 || response.status.value == 0x6982 { throw Failure.wrongPassword }
        let token = try answer(response, tag: 0x86, "token")
        guard ConstantTime.equal(token, expected) else { throw Failure.forged }
        state = .over
        return .established(messaging)
    }

    /// GENERAL AUTHENTICATE with dynamic authentication data 7C; every command but the last is chained.
    private func authenticate(_ object: [UInt8], isLast: Bool) -> Step {
        .send(
            APDU.Command(
                cla: isLast ? 0x00 : 0x10, ins: 0x86, p1: 0, p2: 0, data: TLV.encode(0x7C, object), le: 256))
    }

    private func answer(_ response: APDU.Response, tag: UInt32, _ name: String) throws -> [UInt8] {
        if response.status.sw1 == 0x63 { throw Failure.wrongPassword }
        guard response.status.isSuccess else { throw Failure.rejected(response.status) }
        guard let object = try? TLV(response.data, tag: 0x7C).children().first(where: { $0.tag == tag }) else {
            throw Failure.malformedAnswer(name)
        }
        return object.bytes
    }

    /// Code over the other side's public key with its object identifier (9303-11, 4.4.3.4).
    private func token(over publicKey: [UInt8], key: [UInt8]) throws(CryptographyError) -> [UInt8] {
        let input = TLV.encode(
            0x7F49, TLV.encode(0x06, info.algorithm.identifier) + TLV.encode(0x86, publicKey))
        return try info.algorithm.cipher.authenticationCode(of: input, key: key)
    }
}
