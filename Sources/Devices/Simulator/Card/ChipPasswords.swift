import CardCryptography

/// The passwords of PACE (BSI TR-03110-3, B.11.1) and how often each may still be tried. The counts survive a reset.
struct ChipPasswords: Sendable {
    static let pinLimit = 3
    static let pukLimit = 10

    private let information: [UInt8]
    private let accessNumber: [UInt8]
    private let pin: [UInt8]?
    private let puk: [UInt8]?
    private var pinTries = pinLimit
    private var pukTries = pukLimit

    init(_ citizen: SyntheticCitizen, _ protocols: ChipProtocols) {
        information = ChipBasicAccess.information(citizen.mrzLines)
        accessNumber = Array(citizen.number.suffix(6).utf8)
        pin = protocols.pin.map { Array($0.utf8) }
        puk = protocols.puk.map { Array($0.utf8) }
    }

    /// What PACE takes as password, by the reference in tag 83; nil for one that the chip does not have.
    func secret(_ reference: [UInt8]) throws -> [UInt8]? {
        switch reference {
        case [1]: try HashFunction.sha1.hash(information)
        case [2]: accessNumber
        case [3]: pin
        case [4]: puk
        default: nil
        }
    }

    /// The answer to MSE:Set AT: 9000, or 63Cx when tries were lost.
    func status(_ reference: [UInt8]) -> UInt16 {
        switch reference {
        case [3] where pinTries < Self.pinLimit: 0x63C0 | UInt16(pinTries)
        case [4] where pukTries < Self.pukLimit: 0x63C0 | UInt16(pukTries)
        default: 0x9000
        }
    }

    /// Whether PACE may go on: the last try of a PIN wants the CAN before it.
    func isUsable(_ reference: [UInt8], afterAccessNumber: Bool) -> Bool {
        switch reference {
        case [3]: pinTries > 1 || pinTries == 1 && afterAccessNumber
        case [4]: pukTries > 0
        default: true
        }
    }

    /// Notes a wrong password, and gives the status for it.
    mutating func wrong(_ reference: [UInt8]) -> UInt16 {
        switch reference {
        case [3]:
            pinTries -= 1
            return 0x63C0 | UInt16(pinTries)
        case [4]:
            pukTries -= 1
            return 0x63C0 | UInt16(pukTries)
        default: return 0x6300
        }
    }

    mutating func right(_ reference: [UInt8]) {
        switch reference {
        case [3]: pinTries = Self.pinLimit
        case [4]:
            pukTries = Self.pukLimit
            pinTries = Self.pinLimit
        default: break
        }
    }
}
