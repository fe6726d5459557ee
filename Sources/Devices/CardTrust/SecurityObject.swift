import CardCryptography
import SwiftASN1

/// The issuer's list of the data groups' hashes: the LDSSecurityObject inside EF.SOD (ICAO 9303-10, 4.6.2.3), version 0
/// (LDS 1.7) or 1 (LDS 1.8).
public struct SecurityObject: Sendable, Equatable {
    public let version: Int
    public let hashFunction: HashFunction
    /// By number of the data group, 1 to 16.
    public let hashes: [Int: [UInt8]]

    /// Object identifier of its content type.
    static let contentType = "2.23.136.1.1.1"

    /// EF.SOD's one data object, `77 { ContentInfo }`.
    static func message(_ file: [UInt8]) throws(CardTrustError) -> SignedMessage {
        // Genuine ones have 1,500 to 8,000 bytes.
        guard file.count <= 65_536 else { throw .tooLarge("EF.SOD") }
        let tag = ASN1Identifier(tagWithNumber: 0x17, tagClass: .application)
        let root = try ASN1Node.parse(file[...], "EF.SOD").inner("EF.SOD", tag: tag)
        return try SignedMessage(root, contentType: contentType)
    }

    /// Reads EF.SOD as it was read from the chip, whoever signed it.
    public init(_ file: [UInt8]) throws(CardTrustError) {
        try self.init(content: try Self.message(file).content)
    }

    /// LDSSecurityObject ::= SEQUENCE { version, hashAlgorithm, SEQUENCE SIZE (2..16) OF SEQUENCE { number, OCTET STRING },
    /// ldsVersionInfo OPTIONAL }
    init(content: [UInt8]) throws(CardTrustError) {
        var fields = try ASN1Fields(try ASN1Node.parse(content[...], "list of hashes"), "list of hashes")
        version = try fields.next("version").smallNumber("list's version")
        guard version <= 1 else { throw .unsupported("list of hashes of version \(version)") }
        hashFunction = try HashFunction(algorithm: try fields.next("hash algorithm"))
        var list = try ASN1Fields(try fields.next("hashes"), "hashes")
        var hashes: [Int: [UInt8]] = [:]
        for node in try list.rest(limit: 16) {
            var entry = try ASN1Fields(node, "hash of a data group")
            let number = try entry.next("number").smallNumber("number of a data group")
            guard (1...16).contains(number), hashes[number] == nil else {
                throw .malformed("numbers of the data groups")
            }
            hashes[number] = try entry.next("hash").octets("hash of a data group")
        }
        guard !hashes.isEmpty else { throw .malformed("list of hashes: empty") }
        self.hashes = hashes
    }

    /// Whether a group, as it was read, has the hash that the list names for it.
    public func matches(group number: Int, _ bytes: [UInt8]) -> Bool {
        guard let expected = hashes[number], let actual = try? hashFunction.hash(bytes) else { return false }
        return ConstantTime.equal(expected, actual)
    }
}
