import Foundation
import SwiftASN1

/// What a file with certificates, revocation lists or a master list has in it: PEM with any number of parts, or one DER.
public struct TrustFile: Sendable {
    public private(set) var certificates: [CardCertificate] = []
    public private(set) var revocationLists: [RevocationList] = []
    public private(set) var masterList: MasterList?
    /// Parts that could not be used.
    public private(set) var problems: [String] = []

    static let partLimit = 8192

    /// - Parameter sizeLimit: in bytes; a larger file is not read at all.
    public init(url: URL, sizeLimit: Int) throws(CardTrustError) {
        let bytes: [UInt8]
        do {
            let file = try FileHandle(forReadingFrom: url)
            defer { try? file.close() }
            bytes = Array(try file.read(upToCount: sizeLimit + 1) ?? Data())
        } catch {
            throw .malformed("file: it cannot be read")
        }
        guard bytes.count <= sizeLimit else { throw .tooLarge("file of more than \(sizeLimit >> 20) MiB") }
        try self.init(bytes)
    }

    public init(_ bytes: [UInt8]) throws(CardTrustError) {
        guard !bytes.isEmpty else { throw .malformed("file: empty") }
        if bytes.first == 0x30 {
            try add(bytes)
        } else if LDIF.isLikely(bytes) {
            try addLDIF(bytes)
        } else {
            try addPEM(bytes)
        }
    }

    /// One DER object. What it is shows in its structure: names of files and PEM labels are often wrong.
    private mutating func add(_ bytes: [UInt8]) throws(CardTrustError) {
        let node = try ASN1Node.parse(bytes[...], "file: neither PEM nor DER")
        var fields = try ASN1Fields(node, "file")
        let first = try fields.next("content")
        if first.identifier == .objectIdentifier {
            masterList = try MasterList(bytes)
        } else if (try? CardCertificate(bytes)) == nil, let list = try? RevocationList(bytes) {
            revocationLists.append(list)
        } else {
            certificates.append(try CardCertificate(bytes))
        }
    }

    private mutating func addPEM(_ bytes: [UInt8]) throws(CardTrustError) {
        let parts = try PEM.parts(of: String(decoding: bytes, as: UTF8.self), limit: Self.partLimit)
        guard !parts.isEmpty else { throw .malformed("file: neither PEM nor DER") }
        for (index, part) in parts.enumerated() {
            guard !part.label.hasSuffix("PRIVATE KEY") else {
                problems.append("part \(index + 1) is a private key: it does not belong here")
                continue
            }
            do { try add(part.bytes) } catch { problems.append("part \(index + 1): \(error)") }
        }
        if parts.count == 1, let problem = problems.first { throw .malformed(problem) }
    }

    private mutating func addLDIF(_ bytes: [UInt8]) throws(CardTrustError) {
        let parts = try LDIF.values(in: bytes)
        var signers = 0
        for (attribute, value) in parts {
            switch attribute {
            case "usercertificate": signers += 1
            case "pkdmasterlistcontent" where masterList != nil: problems.append("a second master list: left out")
            default:
                do { try add(value) } catch { problems.append("\(attribute): \(error)") }
            }
        }
        if signers > 0 {
            problems.append("\(signers) document signers: left out, cards carry their signer's certificate")
        }
    }
}
