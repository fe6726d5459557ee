import CardCryptography
import SwiftASN1

/// EF.SOD: the issuer's signed list of the data groups' hashes (ICAO 9303-10, 4.6.2).
///
/// Here the list is read and compared. Whether the signature is valid and the signer trusted are other questions.
public struct SecurityObject: Sendable, Equatable {
    public enum Failure: Error, Sendable, Equatable {
        case malformed(String)
        /// The hash algorithm's object identifier, which is none of SHA-1 and SHA-2.
        case unknownHash(String)
    }

    public let hashFunction: HashFunction
    /// By number of the data group.
    public let hashes: [Int: [UInt8]]

    /// Parses `77 { ContentInfo { signedData, SignedData { …, encapContentInfo { ldsSecurityObject, OCTET STRING } … } } }`.
    public init(_ bytes: [UInt8]) throws(Failure) {
        do {
            let content = try TLV(bytes, tag: 0x77).value
            // The standard asks for DER; some issuers' cards carry BER.
            let root = try (try? DER.parse(content)) ?? BER.parse(content)
            let signed = try Self.contents(of: root, type: "1.2.840.113549.1.7.2")
            guard let data = Self.children(signed).first else { throw Failure.malformed("no SignedData") }
            let fields = Self.children(data)
            guard fields.count >= 4 else { throw Failure.malformed("SignedData") }
            let encapsulated = try Self.contents(of: fields[2], type: "2.23.136.1.1.1")
            guard let octets = Self.children(encapsulated).first else { throw Failure.malformed("no content") }
            let list = try ASN1OctetString(berEncoded: octets, withIdentifier: .octetString).bytes
            (hashFunction, hashes) = try Self.hashList(list)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw .malformed("\(error)")
        }
    }

    /// Whether a file, as it was read, has the hash that the list names for it.
    public func matches(_ file: ElementaryFile, _ bytes: [UInt8]) -> Bool {
        guard let number = file.dataGroupNumber, let expected = hashes[number],
            let actual = try? hashFunction.hash(bytes)
        else { return false }
        return ConstantTime.equal(expected, actual)
    }

    /// LDSSecurityObject ::= SEQUENCE { version, hashAlgorithm, SEQUENCE OF SEQUENCE { number, OCTET STRING } … }
    private static func hashList(_ bytes: ArraySlice<UInt8>) throws -> (HashFunction, [Int: [UInt8]]) {
        let fields = children(try (try? DER.parse(bytes)) ?? BER.parse(bytes))
        guard fields.count >= 3, let algorithm = children(fields[1]).first else {
            throw Failure.malformed("LDSSecurityObject")
        }
        let identifier = try ASN1ObjectIdentifier(derEncoded: algorithm).description
        guard let function = HashFunction(rawValue: identifier) else { throw Failure.unknownHash(identifier) }
        var hashes: [Int: [UInt8]] = [:]
        for entry in children(fields[2]) {
            let parts = children(entry)
            guard parts.count == 2 else { throw Failure.malformed("hash of a data group") }
            let number = try Int(derEncoded: parts[0])
            guard hashes[number] == nil else { throw Failure.malformed("two hashes for one data group") }
            hashes[number] = Array(try ASN1OctetString(berEncoded: parts[1], withIdentifier: .octetString).bytes)
        }
        return (function, hashes)
    }

    /// The explicitly tagged [0] of `SEQUENCE { OBJECT IDENTIFIER type, [0] content }`.
    private static func contents(of node: ASN1Node, type: String) throws -> ASN1Node {
        let parts = children(node)
        guard parts.count >= 2, try ASN1ObjectIdentifier(derEncoded: parts[0]).description == type,
            parts[1].identifier == ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific)
        else { throw Failure.malformed("content type is not \(type)") }
        return parts[1]
    }

    private static func children(_ node: ASN1Node) -> [ASN1Node] {
        guard case .constructed(let nodes) = node.content else { return [] }
        return Array(nodes)
    }
}
