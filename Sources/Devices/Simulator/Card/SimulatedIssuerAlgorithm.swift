import CardCryptography

/// How an issuer signs: a key, a scheme, a hash function (ICAO 9303-12, 4.1.6).
public struct SimulatedIssuerAlgorithm: Sendable, Hashable, CustomStringConvertible {
    public enum Key: Sendable, Hashable {
        case rsa(bits: Int)
        /// By libcrypto's name, for example `prime256v1` or `brainpoolP512r1`; explicit writes out the curve's parameters.
        case curve(String, explicit: Bool = false)
    }

    public enum Scheme: Sendable, Hashable {
        case pkcs1
        /// Nil: the mask's hash is the message's, the salt as long as the hash.
        case pss(maskHash: HashFunction? = nil, saltLength: Int? = nil)
        case ecdsa
        /// r and s side by side (BSI TR-03111, 5.2.1).
        case plainECDSA
    }

    public var key: Key
    public var scheme: Scheme
    public var hash: HashFunction

    public init(_ key: Key, _ scheme: Scheme, _ hash: HashFunction) {
        self.key = key
        self.scheme = scheme
        self.hash = hash
    }

    /// The quickest to make.
    public static let standard = SimulatedIssuerAlgorithm(.curve("prime256v1"), .ecdsa, .sha256)

    /// What issuers use: the algorithms of 9303-12 and the one of the published Vietnamese CSCA (brainpoolP512r1 with explicit
    /// parameters, SHA-512).
    public static let all: [SimulatedIssuerAlgorithm] =
        [.sha1, .sha224, .sha256, .sha384, .sha512].map { .init(.rsa(bits: 2048), .pkcs1, $0) }
        + [.init(.rsa(bits: 3072), .pkcs1, .sha256)]
        + [.sha1, .sha224, .sha256, .sha384, .sha512].map { .init(.rsa(bits: 2048), .pss(), $0) }
        + [
            .init(.rsa(bits: 2048), .pss(maskHash: .sha1, saltLength: 20), .sha256),
            .init(.rsa(bits: 2048), .pss(maskHash: .sha512, saltLength: 0), .sha256),
            .init(.rsa(bits: 3072), .pss(saltLength: 48), .sha256),
        ]
        + [.sha1, .sha224, .sha256, .sha384, .sha512].map { .init(.curve("prime256v1"), .ecdsa, $0) }
        + [.init(.curve("secp224r1"), .ecdsa, .sha224), .init(.curve("secp384r1"), .ecdsa, .sha384)]
        + [.init(.curve("secp521r1"), .ecdsa, .sha512), .init(.curve("prime256v1", explicit: true), .ecdsa, .sha256)]
        + [false, true].flatMap { explicit in
            [("brainpoolP256r1", HashFunction.sha256), ("brainpoolP384r1", .sha384), ("brainpoolP512r1", .sha512)]
                .map { .init(.curve($0.0, explicit: explicit), .ecdsa, $0.1) }
        }
        + [.init(.curve("secp384r1", explicit: true), .ecdsa, .sha384)]
        + [.init(.curve("brainpoolP320r1"), .ecdsa, .sha1), .init(.curve("brainpoolP256r1"), .plainECDSA, .sha256)]

    public var description: String {
        let key =
            switch key {
            case .rsa(let bits): "RSA-\(bits)"
            case .curve(let name, let explicit): explicit ? "\(name) explicit" : name
            }
        return switch scheme {
        case .pkcs1: "\(key) PKCS#1 \(hash)"
        case .pss(let mask, let salt): "\(key) PSS \(hash) mask \(mask ?? hash) salt \(salt ?? hash.length)"
        case .ecdsa: "\(key) ECDSA \(hash)"
        case .plainECDSA: "\(key) plain ECDSA \(hash)"
        }
    }

    /// The AlgorithmIdentifier of the signature.
    func signatureIdentifier() throws -> [UInt8] {
        typealias DER = SimulatedIssuerDER
        let index = [HashFunction.sha1, .sha224, .sha256, .sha384, .sha512].firstIndex(of: hash) ?? 0
        switch scheme {
        case .pkcs1:
            return DER.sequence(try DER.identifier("1.2.840.113549.1.1.\([5, 14, 11, 12, 13][index])"), DER.null)
        case .ecdsa:
            return DER.sequence(
                try DER.identifier(index == 0 ? "1.2.840.10045.4.1" : "1.2.840.10045.4.3.\(index)"))
        case .plainECDSA:
            return DER.sequence(try DER.identifier("0.4.0.127.0.7.1.1.4.1.\(index + 1)"))
        case .pss(let mask, let salt):
            return try Self.probabilistic(hash, mask ?? hash, salt ?? hash.length)
        }
    }

    /// RFC 4055, 3.1; DER leaves out what has its default value.
    private static func probabilistic(_ hash: HashFunction, _ mask: HashFunction, _ salt: Int) throws -> [UInt8] {
        typealias DER = SimulatedIssuerDER
        var parameters: [[UInt8]] = []
        if hash != .sha1 { parameters.append(DER.explicit(0, try identifier(of: hash))) }
        if mask != .sha1 {
            let generator = DER.sequence(try DER.identifier("1.2.840.113549.1.1.8"), try identifier(of: mask))
            parameters.append(DER.explicit(1, generator))
        }
        if salt != 20 { parameters.append(DER.explicit(2, try DER.integer(salt))) }
        return DER.sequence(try DER.identifier("1.2.840.113549.1.1.10"), DER.sequence(of: parameters))
    }

    /// The AlgorithmIdentifier of a hash function.
    static func identifier(of hash: HashFunction) throws -> [UInt8] {
        SimulatedIssuerDER.sequence(try SimulatedIssuerDER.identifier(hash.rawValue), SimulatedIssuerDER.null)
    }
}
