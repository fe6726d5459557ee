import CardCryptography
import SmartCard

/// Password authenticated connection establishment, the reader's side (ICAO 9303-11, 4.4): a state machine from MSE:Set AT
/// to the keys. Curves and primes, generic, integrated and chip authentication mapping, every cipher.
///
/// ```swift
/// var pace = try PACE(choice, password: .can("123456"))
/// var step = pace.start()
/// while case .send(let command) = step { step = pace.receive(try await exchange(command)) }
/// ```
public struct PACE: Sendable {
    private enum State {
        case idle
        case awaitingSelection
        case awaitingNonce
        case awaitingMapping(nonce: [UInt8], own: KeyPair)
        case awaitingIntegratedMapping(generator: [UInt8])
        case awaitingKey(KeyPair)
        case awaitingToken(Session)
        case over
    }

    private struct KeyPair {
        var privateKey: [UInt8]
        var publicKey: [UInt8]
    }

    private struct Session {
        var expectedToken: [UInt8]
        var encryptionKey: [UInt8]
        var authenticationKey: [UInt8]
    }

    /// How often the password may still be tried, where the chip told.
    public private(set) var triesLeft: Int?
    /// Set with `established` after chip authentication mapping, and then never nil: what proves the chip genuine.
    public private(set) var chipAuthenticationMapping: ChipAuthenticationMapping?

    private let info: PACEInfo
    private let group: KeyAgreementGroup
    private let password: PACEPassword
    private let namesParameter: Bool
    private let resumesSuspended: Bool
    private let longestCommandData: Int
    private let secrets: Secrets?
    private var state = State.idle
    private var pieces: [APDU.Command] = []
    private var mappingKey: [UInt8] = []

    /// - Parameters:
    ///   - namesParameter: adds tag 84 to MSE:Set AT, which some chips want and which several parameters for one protocol need.
    ///   - resumesSuspended: the CAN was given before; the PIN's last try may be used.
    ///   - longestCommandData: 255 where the reader or the chip has short commands only.
    ///   - secrets: drawn if not given.
    /// - Returns: nil when `supports` says no.
    public init?(
        _ info: PACEInfo, password: PACEPassword, namesParameter: Bool = false, resumesSuspended: Bool = false,
        longestCommandData: Int = 65_535, secrets: Secrets? = nil
    ) throws(CryptographyError) {
        guard let group = try? Self.group(for: info, explicit: []) else { return nil }
        self.info = info
        self.group = group
        self.password = password
        self.namesParameter = namesParameter
        self.resumesSuspended = resumesSuspended
        self.longestCommandData = longestCommandData
        self.secrets = secrets
    }

    public mutating func start() -> Step {
        state = .awaitingSelection
        var data = TLV.encode(0x80, info.algorithm.identifier) + TLV.encode(0x83, [password.reference])
        if namesParameter, let parameter = info.parameter {
            data += TLV.encode(0x84, [UInt8(truncatingIfNeeded: parameter)])
        }
        return .send(APDU.Command(ins: 0x22, p1: 0xC1, p2: 0xA4, data: data))
    }

    public mutating func receive(_ response: APDU.Response) -> Step {
        do {
            if !pieces.isEmpty {
                guard response.status.isSuccess else { throw failure(response.status) }
                return .send(pieces.removeFirst())
            }
            switch state {
            case .awaitingSelection: return try askForNonce(response)
            case .awaitingNonce: return try mapNonce(response)
            case .awaitingMapping(let nonce, let own): return try finishMapping(response, nonce, own)
            case .awaitingIntegratedMapping(let generator):
                // The answer's 82 is empty; chips leave it out, too.
                guard response.status.isSuccess else { throw failure(response.status) }
                return try agree(on: generator)
            case .awaitingKey(let own): return try prove(response, own)
            case .awaitingToken(let session): return try verify(response, session)
            case .idle, .over: throw Failure.malformedAnswer("out of turn")
            }
        } catch {
            state = .over
            pieces = []
            return .failed(
                (error as? Failure) ?? (error as? CryptographyError).map(Failure.cryptography)
                    ?? .malformedAnswer("data objects"))
        }
    }
}

// MARK: - The steps

extension PACE {
    private mutating func askForNonce(_ response: APDU.Response) throws -> Step {
        // 63Cx: the password is known, and x tries are left (BSI TR-03110-3, B.14.1). 6983: none is left.
        if let tries = response.status.triesLeft {
            triesLeft = tries
            if tries == 0 { throw Failure.passwordBlocked }
            if tries == 1, case .pin = password, !resumesSuspended { throw Failure.passwordSuspended }
        } else if response.status.value == 0x6983 {
            throw Failure.passwordBlocked
        } else if !response.status.isSuccess {
            throw Failure.rejected(response.status)
        }
        state = .awaitingNonce
        return authenticate([], isLast: false)
    }

    private mutating func mapNonce(_ response: APDU.Response) throws -> Step {
        let cryptogram = try answer(response, tag: 0x80, "nonce")
        let (cipher, mapping) = (info.algorithm.cipher, info.algorithm.mapping)
        let lengths =
            mapping.isIntegrated ? IntegratedMapping.chipNonceLength(for: cipher)...32 : cipher.blockLength...64
        guard lengths.contains(cryptogram.count), cryptogram.count.isMultiple(of: cipher.blockLength) else {
            throw Failure.malformedAnswer("nonce")
        }
        let key = try secrets?.passwordKey ?? KeyDerivation.key(.password, from: password.secret(), for: cipher)
        let nonce = try cipher.decrypt(cryptogram, key: key, initializationVector: cipher.zeroBlock)
        guard !mapping.isIntegrated else { return try mapIntegrated(nonce) }
        let own = try keyPair(secrets?.mapping, generator: nil)
        state = .awaitingMapping(nonce: nonce, own: own)
        return authenticate(TLV.encode(0x81, own.publicKey), isLast: false)
    }

    private mutating func mapIntegrated(_ nonce: [UInt8]) throws -> Step {
        let cipher = info.algorithm.cipher
        let own = secrets?.mapping ?? SecureRandom.bytes(IntegratedMapping.readerNonceLength(for: cipher))
        let number = try IntegratedMapping.pseudorandom(
            chipNonce: nonce, readerNonce: own, cipher: cipher, fieldBits: group.fieldBits)
        state = .awaitingIntegratedMapping(generator: try group.encodeElement(number))
        return authenticate(TLV.encode(0x81, own), isLast: false)
    }

    private mutating func finishMapping(
        _ response: APDU.Response, _ nonce: [UInt8], _ own: KeyPair
    ) throws -> Step {
        let theirs = try answer(response, tag: 0x82, "mapping")
        guard theirs != own.publicKey else { throw Failure.forged }
        mappingKey = theirs
        return try agree(
            on: try group.genericMapping(nonce: nonce, privateKey: own.privateKey, publicKey: theirs))
    }

    private mutating func agree(on generator: [UInt8]) throws -> Step {
        let own = try keyPair(secrets?.agreement, generator: generator)
        state = .awaitingKey(own)
        return authenticate(TLV.encode(0x83, own.publicKey), isLast: false)
    }

    private mutating func prove(_ response: APDU.Response, _ own: KeyPair) throws -> Step {
        let theirs = try answer(response, tag: 0x84, "public key")
        guard theirs != own.publicKey else { throw Failure.forged }
        let cipher = info.algorithm.cipher
        let secret = try group.sharedSecret(privateKey: own.privateKey, publicKey: theirs)
        let authenticationKey = try KeyDerivation.key(.authentication, from: secret, for: cipher)
        state = .awaitingToken(
            Session(
                expectedToken: try token(over: own.publicKey, key: authenticationKey),
                encryptionKey: try KeyDerivation.key(.encryption, from: secret, for: cipher),
                authenticationKey: authenticationKey))
        return authenticate(TLV.encode(0x85, try token(over: theirs, key: authenticationKey)), isLast: true)
    }

    private mutating func verify(_ response: APDU.Response, _ session: Session) throws -> Step {
        // The chip sees a wrong password first here: it cannot check the reader's token otherwise.
        if response.status.value == 0x6982 { throw Failure.wrongPassword }
        let token = try answer(response, tag: 0x86, "token")
        guard ConstantTime.equal(token, session.expectedToken) else { throw Failure.forged }
        if info.algorithm.mapping == .ecdhChipAuthentication, case .curve(let curve) = group {
            chipAuthenticationMapping = try ChipAuthenticationMapping(
                curve: curve, mappingKey: mappingKey, encrypted: try? answer(response, tag: 0x8A, "proof"),
                cipher: info.algorithm.cipher, key: session.encryptionKey)
        }
        state = .over
        return .established(
            SecureMessaging(
                cipher: info.algorithm.cipher, encryptionKey: session.encryptionKey,
                authenticationKey: session.authenticationKey))
    }
}

// MARK: - Their parts

extension PACE {
    private func keyPair(_ given: [UInt8]?, generator: [UInt8]?) throws(CryptographyError) -> KeyPair {
        if let given {
            return KeyPair(privateKey: given, publicKey: try group.publicKey(of: given, generator: generator))
        }
        let drawn = try group.keyPair(generator: generator)
        return KeyPair(privateKey: drawn.privateKey, publicKey: drawn.publicKey)
    }

    /// GENERAL AUTHENTICATE with dynamic authentication data 7C; every command but the last is chained.
    private mutating func authenticate(_ object: [UInt8], isLast: Bool) -> Step {
        // A public value modulo a prime of 2048 bits has two headers of four bytes around it.
        let answerLength = isLast ? 256 : group.fieldBits / 8 + 8
        pieces = DynamicAuthentication.commands(
            object, isLast: isLast, answerLength: group.isElliptic ? 256 : answerLength, limit: longestCommandData)
        return .send(pieces.removeFirst())
    }

    private mutating func answer(_ response: APDU.Response, tag: UInt32, _ name: String) throws -> [UInt8] {
        guard response.status.isSuccess else { throw failure(response.status) }
        guard let object = try? TLV(response.data, tag: 0x7C).children().first(where: { $0.tag == tag }) else {
            throw Failure.malformedAnswer(name)
        }
        return object.bytes
    }

    private mutating func failure(_ status: APDU.StatusWord) -> Failure {
        if let tries = status.triesLeft { triesLeft = tries }
        return status.sw1 == 0x63 ? .wrongPassword : status.value == 0x6983 ? .passwordBlocked : .rejected(status)
    }

    /// Code over the other side's public key with its object identifier (9303-11, 4.4.3.4): 86 a point, 84 a number.
    private func token(over publicKey: [UInt8], key: [UInt8]) throws(CryptographyError) -> [UInt8] {
        let input = TLV.encode(
            0x7F49,
            TLV.encode(0x06, info.algorithm.identifier) + TLV.encode(group.isElliptic ? 0x86 : 0x84, publicKey))
        return try info.algorithm.cipher.authenticationCode(of: input, key: key)
    }
}
