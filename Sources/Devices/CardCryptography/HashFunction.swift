import COpenSSL

/// The hash functions that travel documents use (ICAO 9303-12, 4.4), with their object identifiers in dotted form.
public enum HashFunction: String, Sendable, CaseIterable {
    case sha1 = "1.3.14.3.2.26"
    case sha224 = "2.16.840.1.101.3.4.2.4"
    case sha256 = "2.16.840.1.101.3.4.2.1"
    case sha384 = "2.16.840.1.101.3.4.2.2"
    case sha512 = "2.16.840.1.101.3.4.2.3"

    /// Length of the hash in bytes.
    public var length: Int {
        switch self {
        case .sha1: 20
        case .sha224: 28
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }

    /// For people.
    public var name: String {
        switch self {
        case .sha1: "SHA-1"
        case .sha224: "SHA-224"
        case .sha256: "SHA-256"
        case .sha384: "SHA-384"
        case .sha512: "SHA-512"
        }
    }

    /// libcrypto's.
    var algorithm: OpaquePointer? {
        switch self {
        case .sha1: EVP_sha1()
        case .sha224: EVP_sha224()
        case .sha256: EVP_sha256()
        case .sha384: EVP_sha384()
        case .sha512: EVP_sha512()
        }
    }

    public func hash(_ data: [UInt8]) throws(CryptographyError) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: length)
        guard EVP_Digest(data, data.count, &digest, nil, algorithm, nil) == 1 else {
            throw .library("hash \(rawValue)")
        }
        return digest
    }
}
