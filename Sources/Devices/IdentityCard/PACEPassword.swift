import CardCryptography

/// What the applicant's card is opened with (ICAO 9303-11, 9.7.3; BSI TR-03110-3, B.11.1 and table 9).
public enum PACEPassword: Sendable, Equatable {
    /// MRZ_information, see `MRZ.keyInput`.
    case mrz(String)
    /// The card access number.
    case can(String)
    /// The holder's secret number. Chips count wrong tries: the last one needs the CAN before it.
    case pin(String)
    /// Unblocks a PIN.
    case puk(String)

    /// The reference in MSE:Set AT, tag 83.
    var reference: UInt8 {
        switch self {
        case .mrz: 1
        case .can: 2
        case .pin: 3
        case .puk: 4
        }
    }

    func secret() throws(CryptographyError) -> [UInt8] {
        switch self {
        case .mrz(let input): try HashFunction.sha1.hash(Array(input.utf8))
        case .can(let digits), .pin(let digits), .puk(let digits): Array(digits.utf8)
        }
    }
}
