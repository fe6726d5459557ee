import CardCryptography
import SmartCard

/// Active authentication, the reader's side (ICAO 9303-11, 6.1): the chip signs a number that the reader draws. One command,
/// one answer.
///
/// `genuine` counts only as far as the security object vouches for the public key (DG15).
public struct ActiveAuthentication: Sendable {
    public enum Step: Sendable {
        case send(APDU.Command)
        /// The chip has the private key.
        case genuine(by: Method)
        case failed(Failure)
    }

    public enum Method: Sendable, Equatable, CustomStringConvertible {
        case rsa(bits: Int, HashFunction)
        case ecdsa(HashFunction)

        public var description: String {
            switch self {
            case .rsa(let bits, let hash): "active authentication, RSA \(bits), \(hash.name)"
            case .ecdsa(let hash): "active authentication, ECDSA, \(hash.name)"
            }
        }
    }

    public enum Failure: Error, Sendable, Equatable {
        /// DG15 holds no public key for signatures; the text says why.
        case unusableKey(String)
        /// The chip does not sign.
        case rejected(APDU.StatusWord)
        /// The signature is not this key's: the files are copies in another chip.
        case forged
        case outOfTurn
        case cryptography(CryptographyError)
    }

    private let key: SubjectPublicKey
    private let hashes: [HashFunction]
    private let nonce: [UInt8]
    private let hasExtendedLength: Bool
    private var isWaiting = false

    /// - Parameters:
    ///   - dataGroup15: `6F { SubjectPublicKeyInfo }`, as it was read.
    ///   - infos: of DG14, which names the hash function for ECDSA. Chips without it are tried with all.
    ///   - hasExtendedLength: signatures above 223 bytes need an extended Le under secure messaging; without, the answer comes
    ///     in pieces by GET RESPONSE.
    ///   - nonce: eight bytes, drawn if not given.
    public init(
        dataGroup15: [UInt8], infos: SecurityInfos? = nil, hasExtendedLength: Bool = true,
        nonce: [UInt8] = SecureRandom.bytes(8)
    ) throws(Failure) {
        do {
            key = try SubjectPublicKey(Array(TLV(dataGroup15, tag: 0x6F).value))
        } catch let error as CryptographyError {
            throw .unusableKey("\(error)")
        } catch {
            throw .unusableKey("not an object 6F")
        }
        switch key.kind {
        case .rsa(let bits) where (1024...8192).contains(bits): hashes = []
        case .rsa(let bits): throw .unusableKey("RSA with \(bits) bits")
        case .keyAgreement(.curve, _), .otherCurve:
            hashes = infos?.activeAuthenticationHash.map { [$0] } ?? HashFunction.allCases
        case .keyAgreement: throw .unusableKey("a key for key agreement")
        }
        self.hasExtendedLength = hasExtendedLength
        self.nonce = nonce
    }

    public mutating func start() -> Step {
        isWaiting = true
        var le = 256
        if case .rsa(let bits) = key.kind, bits > 1784, hasExtendedLength { le = 65_536 }
        return .send(APDU.Command(ins: 0x88, p1: 0, p2: 0, data: nonce, le: le))
    }

    public mutating func receive(_ response: APDU.Response) -> Step {
        guard isWaiting else { return .failed(.outOfTurn) }
        isWaiting = false
        guard response.status.isSuccess else { return .failed(.rejected(response.status)) }
        do throws(CryptographyError) {
            if case .rsa(let bits) = key.kind {
                let message = try MessageRecovery(signature: response.data, key: key)
                guard let hash = try message?.hash(accepting: nonce) else { return .failed(.forged) }
                return .genuine(by: .rsa(bits: bits, hash))
            }
            for hash in hashes where try key.verifyECDSA(response.data, of: nonce, hash: hash) {
                return .genuine(by: .ecdsa(hash))
            }
            return .failed(.forged)
        } catch {
            return .failed(.cryptography(error))
        }
    }
}
