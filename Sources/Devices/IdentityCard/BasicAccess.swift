import CardCryptography
import SmartCard

/// Basic access control, the reader's side (ICAO 9303-11, 4.3): a state machine between GET CHALLENGE and the keys.
public struct BasicAccess: Sendable {
    public enum Step: Sendable {
        case send(APDU.Command)
        case established(SecureMessaging)
        case failed(Failure)
    }

    public enum Failure: Error, Sendable, Equatable {
        case wrongKey
        /// The chip does not know the protocol, or not now.
        case rejected(APDU.StatusWord)
        case malformedAnswer
        /// The chip did not prove that it knows the key.
        case forged
        case cryptography(CryptographyError)
    }

    /// What the reader draws: RND.IFD (8 bytes) and K.IFD (16 bytes).
    public struct Secrets: Sendable {
        public var nonce: [UInt8]
        public var key: [UInt8]

        public init(nonce: [UInt8] = SecureRandom.bytes(8), key: [UInt8] = SecureRandom.bytes(16)) {
            self.nonce = nonce
            self.key = key
        }
    }

    private enum State { case idle, awaitingChallenge, awaitingProof(challenge: [UInt8]), over }

    private let encryptionKey: [UInt8]
    private let authenticationKey: [UInt8]
    private let secrets: Secrets
    private var state = State.idle
    private let cipher = CardCipher.tripleDES

    /// - Parameter keyInput: MRZ_information, see `MRZ.keyInput`.
    public init(keyInput: String, secrets: Secrets = Secrets()) throws(CryptographyError) {
        let seed = Array(try HashFunction.sha1.hash(Array(keyInput.utf8)).prefix(16))
        encryptionKey = try KeyDerivation.key(.encryption, from: seed, for: cipher)
        authenticationKey = try KeyDerivation.key(.authentication, from: seed, for: cipher)
        self.secrets = secrets
    }

    public mutating func start() -> Step {
        state = .awaitingChallenge
        return .send(APDU.Command(ins: 0x84, p1: 0, p2: 0, le: 8))
    }

    public mutating func receive(_ response: APDU.Response) -> Step {
        do {
            switch state {
            case .awaitingChallenge: return try authenticate(response)
            case .awaitingProof(let challenge): return try verify(response, challenge)
            case .idle, .over: throw Failure.malformedAnswer
            }
        } catch let failure as Failure {
            state = .over
            return .failed(failure)
        } catch let error as CryptographyError {
            state = .over
            return .failed(.cryptography(error))
        } catch {
            state = .over
            return .failed(.malformedAnswer)
        }
    }

    private mutating func authenticate(_ response: APDU.Response) throws -> Step {
        guard response.status.isSuccess else { throw Failure.rejected(response.status) }
        guard response.data.count == 8 else { throw Failure.malformedAnswer }
        let cryptogram = try cipher.encrypt(
            secrets.nonce + response.data + secrets.key, key: encryptionKey,
            initializationVector: cipher.zeroBlock)
        let code = try cipher.authenticationCode(of: cryptogram, key: authenticationKey)
        state = .awaitingProof(challenge: response.data)
        return .send(APDU.Command(ins: 0x82, p1: 0, p2: 0, data: cryptogram + code, le: 40))
    }

    private mutating func verify(_ response: APDU.Response, _ challenge: [UInt8]) throws -> Step {
        guard response.status.isSuccess else {
            // Chips answer a wrong key with 6300, 63Cx, 6982, 6988 or 6A80; none of them is anything else here.
            switch response.status.sw1 {
            case 0x63, 0x69, 0x6A: throw Failure.wrongKey
            default: throw Failure.rejected(response.status)
            }
        }
        guard response.data.count == 40 else { throw Failure.malformedAnswer }
        let cryptogram = Array(response.data.prefix(32))
        let code = try cipher.authenticationCode(of: cryptogram, key: authenticationKey)
        guard ConstantTime.equal(code, Array(response.data.suffix(8))) else { throw Failure.forged }
        let plain = try cipher.decrypt(
            cryptogram, key: encryptionKey, initializationVector: cipher.zeroBlock)
        guard Array(plain[0..<8]) == challenge, Array(plain[8..<16]) == secrets.nonce else { throw Failure.forged }
        let seed = zip(secrets.key, plain[16..<32]).map { $0 ^ $1 }
        state = .over
        return .established(
            SecureMessaging(
                cipher: cipher,
                encryptionKey: try KeyDerivation.key(.encryption, from: seed, for: cipher),
                authenticationKey: try KeyDerivation.key(.authentication, from: seed, for: cipher),
                counter: Array(challenge.suffix(4) + secrets.nonce.suffix(4))))
    }
}
