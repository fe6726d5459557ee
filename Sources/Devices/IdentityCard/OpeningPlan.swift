import Peripherals

/// What a key gives to open a chip with, and what the chip must say afterwards.
struct OpeningPlan: Sendable {
    var password: PACEPassword
    var accessByPACE: CardAccess
    /// Inputs of basic access control in order; never more than two, because chips slow down or lock.
    var basicAccessInputs: [String]
    /// The number that the chip must have.
    var expectedNumber: PersonalNumber?

    init(_ key: CardKey) throws(CardReadError) {
        switch key {
        case .qr(let text):
            let code: IdentityCardQR
            do {
                code = try IdentityCardQR(text)
            } catch .healthInsurance {
                throw .healthInsuranceQR
            } catch {
                throw .notAnIdentityCardQR
            }
            password = .can(code.number.cardAccessNumber)
            accessByPACE = .paceCAN
            basicAccessInputs = code.basicAccessInputs
            expectedNumber = code.number
        case .can(let digits):
            // Not worth one of the chip's tries.
            guard digits.utf8.count == 6, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                throw .wrongKey
            }
            password = .can(digits)
            accessByPACE = .paceCAN
            basicAccessInputs = []
        case .mrz(let lines):
            guard let mrz = try? MRZ(lines: lines) else { throw .wrongKey }
            password = .mrz(mrz.keyInput)
            accessByPACE = .paceMRZ
            basicAccessInputs = [mrz.keyInput]
            expectedNumber = mrz.personalNumber
        }
    }
}
