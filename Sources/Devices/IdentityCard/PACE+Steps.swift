import CardCryptography
import SmartCard

extension PACE {
    public enum Step: Sendable {
        case send(APDU.Command)
        /// After chip authentication mapping see `chipAuthenticationMapping`, too.
        case established(SecureMessaging)
        case failed(Failure)
    }

    public enum Failure: Error, Sendable, Equatable {
        /// See `triesLeft`.
        case wrongPassword
        /// One try is left, and the chip wants the CAN before it (BSI TR-03110-3, 3.3.1).
        case passwordSuspended
        /// No tries are left; a PIN is unblocked with the PUK, at an office.
        case passwordBlocked
        /// The chip does not take this protocol or password.
        case rejected(APDU.StatusWord)
        case malformedAnswer(String)
        /// The chip did not prove that it knows the password.
        case forged
        case cryptography(CryptographyError)
    }

    /// What the reader draws: two private keys; for integrated mapping a nonce as long as a key, and one private key.
    public struct Secrets: Sendable {
        public var mapping: [UInt8]
        public var agreement: [UInt8]
        /// Kπ itself; two of the standard's examples give no password that leads to theirs.
        var passwordKey: [UInt8]?

        public init(mapping: [UInt8], agreement: [UInt8]) {
            self.mapping = mapping
            self.agreement = agreement
        }
    }
}

extension APDU.StatusWord {
    /// x of 63Cx.
    var triesLeft: Int? { value & 0xFFF0 == 0x63C0 ? Int(value & 0x0F) : nil }
}
