import CardCryptography
import Foundation
import Peripherals
import SwiftASN1
import Testing

@testable import CardTrust
@testable import Simulator

/// Passed, failed, or not reached, as letters: `PFN`.
private typealias Letters = String

extension CardVerdict {
    fileprivate var letter: String { isPassed ? "P" : isFailed ? "F" : "N" }
}

/// What an altered byte may do, by where it stands: hashes, signature, trust.
private enum Region: String {
    case hashOfAGroup, numberOfAGroup, restOfTheList
    case contentTypeAttribute, messageDigest, attributeTypes
    case signerName, digestAlgorithm, signatureAlgorithm, signature
    case certificateName, certificateKey, certificateSignature, certificateAlgorithm, certificateRest
    /// Not covered by any signature, and nothing hangs on it: the list of hash functions that each signer names again, and
    /// which of the string types a name is in (RFC 5280, 7.1).
    case meaningless
    case versions
    /// Object identifiers that say what kind of message it is.
    case kinds

    /// The outcomes that are right.
    var outcomes: Set<Letters> {
        switch self {
        // The list is not what was signed, and the group is not what the list says.
        case .hashOfAGroup: ["FFN"]
        // The group is not listed any more; or its number is none, so that the list cannot be read.
        case .numberOfAGroup: ["FFN", "NFN"]
        // Another hash function; an unreadable list; or only a version.
        case .restOfTheList: ["FFN", "NFN", "PFN"]
        // Hashes are compared with the list in the content, which is whole.
        case .messageDigest, .signature: ["PFN"]
        case .contentTypeAttribute, .attributeTypes, .digestAlgorithm, .signatureAlgorithm: ["PFN", "PNN"]
        // Nobody of this name is there.
        case .signerName, .certificateName: ["PNN"]
        // The signature is not this key's, or the key is none; or it is the same key (a BIT STRING's count of unused bits) in a
        // certificate that is not what the CSCA signed.
        case .certificateKey: ["PFN", "PNN", "PPF"]
        // The signer's key is whole, so the signature is valid; its certificate is not what the CSCA signed.
        case .certificateSignature: ["PPF", "PNN"]
        // As before; where the altered field is the CSCA's key identifier, that CSCA is not in the store; where the certificate is
        // no certificate any more, the signer is unknown.
        case .certificateAlgorithm: ["PPF", "PNN"]
        case .certificateRest: ["PPF", "PPN", "PNN"]
        case .meaningless: ["PPP", "PNN", "NNN"]
        case .versions: ["NNN", "PNN"]
        case .kinds: ["NNN"]
        }
    }
}

@Suite("one altered byte changes exactly the right verdict")
struct AlteredByteTests {
    private static let changes: [UInt8] = [0x01, 0x80]

    private static func letters(_ file: [UInt8], _ groups: [Int: [UInt8]], _ store: TrustStore) -> Letters {
        let verdicts = PassiveAuthentication(file).verdicts(groups: groups, trust: store, at: TestDay.now)
        return verdicts.hashes.letter + verdicts.signature.letter + verdicts.trust.letter
    }

    @Test("a byte of a data group: only the hashes fail")
    func dataGroups() throws {
        let issuer = try SimulatedIssuer.with(.standard)
        let (file, store) = (try issuer.securityObject(over: groups), TrustStore(issuer.authority))
        for (number, bytes) in groups {
            for index in bytes.indices {
                for change in Self.changes {
                    var altered = groups
                    altered[number]?[index] ^= change
                    #expect(Self.letters(file, altered, store) == "FPP", "DG\(number), byte \(index)")
                }
            }
        }
    }

    /// The values (not tags and lengths) of the file's elements, by what they mean; found with swift-asn1, whose slices keep the
    /// places of the whole.
    private static func regions(of file: [UInt8]) throws -> [(range: Range<Int>, region: Region)] {
        var found: [(Range<Int>, Region)] = []
        func children(_ node: ASN1Node) -> [ASN1Node] {
            guard case .constructed(let nodes) = node.content else { return [] }
            return Array(nodes)
        }
        func mark(_ node: ASN1Node, _ region: Region) {
            switch node.content {
            case .primitive(let bytes): found.append((bytes.startIndex..<bytes.endIndex, region))
            case .constructed(let nodes): nodes.forEach { mark($0, region) }
            }
        }
        let info = children(try #require(children(try DER.parse(file)).first))
        mark(info[0], .kinds)
        let data = children(try #require(children(info[1]).first))
        mark(data[0], .versions)
        let hashes = data[1].encodedBytes
        found.append((hashes.startIndex + 2..<hashes.endIndex, .meaningless))
        let content = children(data[2])
        mark(content[0], .kinds)
        try markList(try #require(children(content[1]).first), children, mark)
        markCertificate(children(try #require(children(data[3]).first)), children, mark)
        let signer = children(try #require(children(data[4]).first))
        mark(signer[0], .versions)
        mark(signer[1], .signerName)
        for part in children(children(signer[1])[0]) {
            let text = children(try #require(children(part).first))[1].encodedBytes
            found.append((text.startIndex..<text.startIndex + 1, .meaningless))
        }
        mark(signer[2], .digestAlgorithm)
        for (attribute, region) in zip(children(signer[3]), [Region.contentTypeAttribute, .messageDigest]) {
            mark(children(attribute)[0], .attributeTypes)
            mark(children(attribute)[1], region)
        }
        mark(signer[4], .signatureAlgorithm)
        mark(signer[5], .signature)
        return found
    }

    private static func markList(
        _ octets: ASN1Node, _ children: (ASN1Node) -> [ASN1Node], _ mark: (ASN1Node, Region) -> Void
    ) throws {
        guard case .primitive(let bytes) = octets.content else { return }
        let list = children(try DER.parse(bytes))
        mark(list[0], .restOfTheList)
        mark(list[1], .restOfTheList)
        for entry in children(list[2]) {
            mark(children(entry)[0], .numberOfAGroup)
            mark(children(entry)[1], .hashOfAGroup)
        }
    }

    private static func markCertificate(
        _ certificate: [ASN1Node], _ children: (ASN1Node) -> [ASN1Node], _ mark: (ASN1Node, Region) -> Void
    ) {
        for (index, field) in children(certificate[0]).enumerated() {
            // version, serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo, extensions
            switch index {
            case 1, 3: mark(field, .certificateName)
            case 2: mark(field, .certificateAlgorithm)
            case 6: mark(field, .certificateKey)
            default: mark(field, .certificateRest)
            }
        }
        mark(certificate[1], .certificateAlgorithm)
        mark(certificate[2], .certificateSignature)
    }

    @Test(
        "a byte of EF.SOD: what its place means, at every place",
        arguments: [
            .standard, SimulatedIssuerAlgorithm(.rsa(bits: 2048), .pss(maskHash: .sha512, saltLength: 17), .sha256),
        ])
    func securityObject(_ algorithm: SimulatedIssuerAlgorithm) async throws {
        let issuer = try SimulatedIssuer.with(algorithm)
        let (file, store) = (try issuer.securityObject(over: groups), TrustStore(issuer.authority))
        #expect(Self.letters(file, groups, store) == "PPP")
        let regions = try Self.regions(of: file)
        var wrong: [String] = []
        for index in file.indices {
            // Thousands of signatures: tests that talk with a device meanwhile need their turn.
            await Task.yield()
            let region = regions.first { $0.range.contains(index) }?.region
            // RSA's files are twice as long and take twice the time.
            for change in algorithm == .standard ? Self.changes : [0x01] {
                var altered = file
                altered[index] ^= change
                let letters = Self.letters(altered, groups, store)
                let isRight = region.map { $0.outcomes.contains(letters) } ?? (letters != "PPP")
                if !isRight { wrong.append("\(index) ^\(change) \(region?.rawValue ?? "structure"): \(letters)") }
            }
        }
        #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
    }
}
