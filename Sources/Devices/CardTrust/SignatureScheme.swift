import CardCryptography
import SwiftASN1

/// How a signature is made, as an AlgorithmIdentifier says it (ICAO 9303-12, 4.1.6.2; RFC 8017; RFC 5754; RFC 4055).
public enum SignatureScheme: Sendable, Hashable, CustomStringConvertible {
    /// RSASSA-PKCS1-v1_5.
    case rsa(HashFunction)
    /// RSASSA-PSS with all its parameters; the mask generation function is MGF1.
    case rsaPSS(hash: HashFunction, maskHash: HashFunction, saltLength: Int)
    case ecdsa(HashFunction)
    /// ECDSA whose signature is r and s side by side (BSI TR-03111, 5.2.1), not a SEQUENCE.
    case plainECDSA(HashFunction)
    /// Something else; the text says what.
    case unsupported(String)

    /// - Parameter digest: the hash function that is named elsewhere, for identifiers that name none.
    init(_ node: ASN1Node, digest: HashFunction? = nil) throws(CardTrustError) {
        var fields = try ASN1Fields(node, "signature algorithm")
        let identifier = try fields.next("identifier").identifierText("signature algorithm")
        let parameters = fields.next()
        guard identifier == "1.2.840.113549.1.1.10" || parameters?.isNull ?? true else {
            throw .malformed("signature algorithm's parameters")
        }
        switch identifier {
        case "1.2.840.113549.1.1.10":
            self = try Self.probabilistic(parameters)
        case "1.2.840.113549.1.1.1":
            self = digest.map { .rsa($0) } ?? .unsupported("RSA signature without a hash function")
        case "1.2.840.10045.2.1":
            self = digest.map { .ecdsa($0) } ?? .unsupported("ECDSA signature without a hash function")
        default:
            self = Self.known[identifier] ?? .unsupported("signature algorithm \(identifier)")
        }
    }

    private static let known: [String: SignatureScheme] = [
        "1.2.840.113549.1.1.5": .rsa(.sha1), "1.2.840.113549.1.1.14": .rsa(.sha224),
        "1.2.840.113549.1.1.11": .rsa(.sha256), "1.2.840.113549.1.1.12": .rsa(.sha384),
        "1.2.840.113549.1.1.13": .rsa(.sha512),
        "1.2.840.10045.4.1": .ecdsa(.sha1), "1.2.840.10045.4.3.1": .ecdsa(.sha224),
        "1.2.840.10045.4.3.2": .ecdsa(.sha256), "1.2.840.10045.4.3.3": .ecdsa(.sha384),
        "1.2.840.10045.4.3.4": .ecdsa(.sha512),
        "0.4.0.127.0.7.1.1.4.1.1": .plainECDSA(.sha1), "0.4.0.127.0.7.1.1.4.1.2": .plainECDSA(.sha224),
        "0.4.0.127.0.7.1.1.4.1.3": .plainECDSA(.sha256), "0.4.0.127.0.7.1.1.4.1.4": .plainECDSA(.sha384),
        "0.4.0.127.0.7.1.1.4.1.5": .plainECDSA(.sha512),
    ]

    /// RSASSA-PSS-params (RFC 4055, 3.1): every field has a default, and all count.
    private static func probabilistic(_ parameters: ASN1Node?) throws(CardTrustError) -> SignatureScheme {
        var hash = HashFunction.sha1
        var maskHash = HashFunction.sha1
        var saltLength = 20
        guard let parameters else { return .unsupported("RSA-PSS without parameters") }
        var fields = try ASN1Fields(parameters, "RSA-PSS parameters")
        if let node = fields.optional(.context(0)) {
            hash = try HashFunction(algorithm: try node.inner("RSA-PSS hash", tag: .context(0)))
        }
        if let node = fields.optional(.context(1)) {
            var mask = try ASN1Fields(try node.inner("RSA-PSS mask", tag: .context(1)), "RSA-PSS mask")
            let generator = try mask.next("identifier").identifierText("RSA-PSS mask")
            guard generator == "1.2.840.113549.1.1.8" else { return .unsupported("mask generation \(generator)") }
            maskHash = try HashFunction(algorithm: try mask.next("hash"))
        }
        if let node = fields.optional(.context(2)) {
            saltLength = try node.inner("RSA-PSS salt", tag: .context(2)).smallNumber("RSA-PSS salt")
        }
        if let node = fields.optional(.context(3)) {
            let trailer = try node.inner("RSA-PSS trailer", tag: .context(3)).smallNumber("RSA-PSS trailer")
            guard trailer == 1 else { return .unsupported("RSA-PSS trailer \(trailer)") }
        }
        guard fields.next() == nil else { throw .malformed("RSA-PSS parameters") }
        return .rsaPSS(hash: hash, maskHash: maskHash, saltLength: saltLength)
    }

    public var description: String {
        switch self {
        case .rsa(let hash): "RSA PKCS#1 with \(hash.name)"
        case .rsaPSS(let hash, let mask, let salt) where mask == hash && salt == hash.length:
            "RSA-PSS with \(hash.name)"
        case .rsaPSS(let hash, let mask, let salt): "RSA-PSS with \(hash.name), MGF1 \(mask.name), salt \(salt)"
        case .ecdsa(let hash): "ECDSA with \(hash.name)"
        case .plainECDSA(let hash): "plain ECDSA with \(hash.name)"
        case .unsupported(let what): what
        }
    }
}

extension HashFunction {
    /// From an AlgorithmIdentifier; its parameters are NULL or absent (RFC 5754, 2).
    init(algorithm node: ASN1Node) throws(CardTrustError) {
        var fields = try ASN1Fields(node, "hash algorithm")
        let identifier = try fields.next("identifier").identifierText("hash algorithm")
        guard let function = HashFunction(rawValue: identifier) else {
            throw .unsupported("hash algorithm \(identifier)")
        }
        if let parameters = fields.next(), !parameters.isNull { throw .malformed("hash algorithm's parameters") }
        self = function
    }

    /// The hash, with the one error that libcrypto can have here.
    func digest(_ bytes: [UInt8]) throws(CardTrustError) -> [UInt8] {
        do { return try hash(bytes) } catch { throw .library("hash") }
    }
}
