import Foundation

/// A certificate before it is signed (RFC 5280, 4.1).
struct SimulatedCertificate {
    var serialNumber: [UInt8] = (0..<8).map { _ in UInt8.random(in: 1...127) }
    var issuer: [UInt8]
    var subject: [UInt8]
    var validity: ClosedRange<Date>
    /// SubjectPublicKeyInfo.
    var publicKey: [UInt8]
    var extensions: [[UInt8]] = []

    private typealias DER = SimulatedIssuerDER

    func signed(by key: SimulatedIssuerKey) throws -> [UInt8] {
        let algorithm = try key.algorithm.signatureIdentifier()
        let body = DER.sequence(
            DER.explicit(0, try DER.integer(2)), DER.integer(serialNumber), algorithm, issuer,
            DER.sequence(DER.time(validity.lowerBound), DER.time(validity.upperBound)), subject, publicKey,
            DER.explicit(3, DER.sequence(of: extensions)))
        return DER.sequence(body, algorithm, DER.bits(try key.sign(body)))
    }

    static func name(_ commonName: String, country: String) throws -> [UInt8] {
        func part(_ type: String, _ text: [UInt8]) throws -> [UInt8] {
            DER.set(of: [DER.sequence(try DER.identifier(type), text)])
        }
        return DER.sequence(
            try part("2.5.4.6", DER.printable(country)),
            try part("2.5.4.10", DER.utf8("Kiosk simulator, no authority")),
            try part("2.5.4.3", DER.utf8(commonName)))
    }

    static func field(_ identifier: String, critical: Bool, _ value: [UInt8]) throws -> [UInt8] {
        DER.sequence(try DER.identifier(identifier), critical ? DER.boolean(true) : [], DER.octets(value))
    }

    static func authority(maxPathLength: Int) throws -> [UInt8] {
        try field("2.5.29.19", critical: true, DER.sequence(DER.boolean(true), try DER.integer(maxPathLength)))
    }

    static func noAuthority() throws -> [UInt8] { try field("2.5.29.19", critical: true, DER.sequence()) }

    /// - Parameter bits: 0 digitalSignature, 4 keyAgreement, 5 keyCertSign, 6 cRLSign; none above 7.
    static func keyUsage(_ bits: [Int]) throws -> [UInt8] {
        let byte = bits.reduce(UInt8(0)) { $0 | 0x80 >> $1 }
        return try field("2.5.29.15", critical: true, DER.bits([byte], unused: UInt8(byte.trailingZeroBitCount)))
    }

    static func purpose(_ identifier: String) throws -> [UInt8] {
        try field("2.5.29.37", critical: true, DER.sequence(try DER.identifier(identifier)))
    }

    static func subjectKey(_ identifier: [UInt8]) throws -> [UInt8] {
        try field("2.5.29.14", critical: false, DER.octets(identifier))
    }

    static func authorityKey(_ identifier: [UInt8]) throws -> [UInt8] {
        try field("2.5.29.35", critical: false, DER.sequence(DER.implicit(0, identifier)))
    }
}
