import COpenSSL

/// A subgroup of the integers modulo a prime, for Diffie-Hellman (RFC 2631). Numbers are big-endian bytes, public values as
/// long as the prime.
public struct ModularGroup: Sendable, Hashable {
    public let prime: [UInt8]
    public let generator: [UInt8]
    /// The subgroup's order; nil where the parameters do not tell it (PKCS #3).
    public let order: [UInt8]?

    /// The largest prime taken, in bits: a card that sends a longer one only costs time.
    public static let primeLimit = 4096

    public init(prime: [UInt8], generator: [UInt8], order: [UInt8]?) throws(CryptographyError) {
        let numbers = try Numbers()
        let p = try numbers.number(prime)
        let g = try numbers.number(generator)
        guard (1024...Self.primeLimit).contains(Int(BN_num_bits(p))), BN_is_odd(p) == 1 else {
            throw .badInput("prime of \(BN_num_bits(p)) bits")
        }
        let length = Numbers.byteLength(p)
        guard BN_cmp(g, p) < 0, BN_is_zero(g) == 0, BN_is_one(g) == 0 else { throw .badInput("generator") }
        self.prime = try numbers.bytes(p, length: length)
        self.generator = try numbers.bytes(g, length: length)
        guard let order else {
            self.order = nil
            return
        }
        let q = try numbers.number(order)
        guard BN_num_bits(q) >= 160, BN_cmp(q, p) < 0 else { throw .badInput("order of \(BN_num_bits(q)) bits") }
        guard BN_is_one(try numbers.power(g, q, modulo: p)) == 1 else { throw .badInput("generator's order") }
        self.order = try numbers.bytes(q, length: Numbers.byteLength(q))
    }

    /// The groups of RFC 5114, 2.1 to 2.3: the standardized domain parameters 0 to 2 (ICAO 9303-11, table 6).
    public static func standardized(_ number: Int) throws(CryptographyError) -> ModularGroup? {
        let names = ["dh_1024_160", "dh_2048_224", "dh_2048_256"]
        guard names.indices.contains(number) else { return nil }
        return try named(names[number])
    }

    /// From libcrypto's own table.
    private static func named(_ name: String) throws(CryptographyError) -> ModularGroup {
        guard let context = EVP_PKEY_CTX_new_from_name(nil, "DHX", nil) else { throw .library("group \(name)") }
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        defer { EVP_PKEY_free(key) }
        let isMade = LibraryParameters.with(OSSL_PKEY_PARAM_GROUP_NAME, name) { parameters in
            EVP_PKEY_fromdata_init(context) == 1
                && EVP_PKEY_fromdata(context, &key, EVP_PKEY_KEY_PARAMETERS, parameters) == 1
        }
        guard isMade == true, let key else { throw .library("group \(name)") }
        return try ModularGroup(
            prime: LibraryKey.number(OSSL_PKEY_PARAM_FFC_P, of: key),
            generator: LibraryKey.number(OSSL_PKEY_PARAM_FFC_G, of: key),
            order: LibraryKey.number(OSSL_PKEY_PARAM_FFC_Q, of: key))
    }

    /// A private key drawn evenly below the subgroup's order, or below half the prime where that is unknown.
    public func randomPrivateKey() throws(CryptographyError) -> [UInt8] {
        let numbers = try Numbers()
        let limit = try numbers.number(order ?? prime)
        if order == nil, BN_rshift1(limit, limit) != 1 { throw .library("private key") }
        let key = try numbers.fresh()
        // Zero comes up once in 2^160 draws at most; the loop makes the result certain.
        repeat {
            guard BN_priv_rand_range(key, limit) == 1 else { throw .library("private key") }
        } while BN_is_zero(key) == 1
        return try numbers.bytes(key, length: Numbers.byteLength(limit))
    }

    public func publicKey(
        of privateKey: [UInt8], generator: [UInt8]? = nil
    ) throws(CryptographyError) -> [UInt8] {
        let numbers = try Numbers()
        let p = try numbers.number(prime)
        let base = try numbers.number(generator ?? self.generator)
        return try numbers.bytes(
            try numbers.power(base, try exponent(privateKey, numbers), modulo: p), length: prime.count)
    }

    /// ZZ of RFC 2631, 2.1.2: as long as the prime.
    public func sharedSecret(privateKey: [UInt8], publicKey: [UInt8]) throws(CryptographyError) -> [UInt8] {
        let numbers = try Numbers()
        let p = try numbers.number(prime)
        let theirs = try checked(publicKey, p, numbers)
        let shared = try numbers.power(theirs, try exponent(privateKey, numbers), modulo: p)
        guard BN_is_one(shared) == 0 else { throw .badInput("shared secret is 1") }
        return try numbers.bytes(shared, length: prime.count)
    }

    /// Generic mapping (ICAO 9303-11, 4.4.3.3.1): generator ^ nonce × shared secret.
    public func genericMapping(nonce: [UInt8], sharedSecret: [UInt8]) throws(CryptographyError) -> [UInt8] {
        let numbers = try Numbers()
        let p = try numbers.number(prime)
        let raised = try numbers.power(try numbers.number(generator), try numbers.number(nonce), modulo: p)
        let mapped = try numbers.product(raised, try numbers.number(sharedSecret), modulo: p)
        guard BN_is_one(mapped) == 0 else { throw .badInput("mapped generator is 1") }
        return try numbers.bytes(mapped, length: prime.count)
    }

    /// The function of integrated mapping (ICAO 9303-11, 4.4.3.3.2): number ^ ((p − 1) / q).
    public func encodeElement(_ number: [UInt8]) throws(CryptographyError) -> [UInt8] {
        guard let order else { throw .badInput("integrated mapping needs the subgroup's order") }
        let numbers = try Numbers()
        let p = try numbers.number(prime)
        let (cofactor, rest) = (try numbers.number(prime), try numbers.fresh())
        guard BN_sub_word(cofactor, 1) == 1,
            BN_div(cofactor, rest, cofactor, try numbers.number(order), numbers.context) == 1, BN_is_zero(rest) == 1
        else { throw .badInput("the order does not divide the prime less one") }
        let element = try numbers.power(
            try numbers.reduce(try numbers.number(number), modulo: p), cofactor, modulo: p)
        guard BN_is_one(element) == 0, BN_is_zero(element) == 0 else { throw .badInput("mapped generator is 1") }
        return try numbers.bytes(element, length: prime.count)
    }

    private func exponent(_ privateKey: [UInt8], _ numbers: Numbers) throws(CryptographyError) -> OpaquePointer {
        let exponent = try numbers.number(privateKey)
        guard BN_is_zero(exponent) == 0, BN_cmp(exponent, try numbers.number(prime)) < 0 else {
            throw .badInput("private key out of range")
        }
        return exponent
    }

    /// Public key validation of RFC 2631, 2.1.5: 2 ≤ y ≤ p − 2, and y ^ q = 1.
    private func checked(
        _ publicKey: [UInt8], _ p: OpaquePointer, _ numbers: Numbers
    ) throws(CryptographyError) -> OpaquePointer {
        let y = try numbers.number(publicKey)
        let last = try numbers.number(prime)
        guard BN_sub_word(last, 1) == 1 else { throw .library("public key") }
        guard BN_is_zero(y) == 0, BN_is_one(y) == 0, BN_cmp(y, last) < 0 else {
            throw .badInput("public key out of range")
        }
        if let order, BN_is_one(try numbers.power(y, try numbers.number(order), modulo: p)) == 0 {
            throw .badInput("public key is outside the subgroup")
        }
        return y
    }
}
