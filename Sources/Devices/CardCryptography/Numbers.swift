import COpenSSL

/// Owns libcrypto's big numbers for one computation; lives and dies inside one call, and wipes what it held.
final class Numbers {
    let context: OpaquePointer
    private var owned: [OpaquePointer] = []

    /// The longest number that any group here has, with room for what is reduced into it.
    static let byteLimit = 1100

    init() throws(CryptographyError) {
        guard let context = BN_CTX_new() else { throw .library("number context") }
        self.context = context
    }

    deinit {
        for number in owned { BN_clear_free(number) }
        BN_CTX_free(context)
    }

    func fresh() throws(CryptographyError) -> OpaquePointer {
        guard let number = BN_new() else { throw .library("number") }
        owned.append(number)
        return number
    }

    func number(_ bytes: [UInt8]) throws(CryptographyError) -> OpaquePointer {
        guard (1...Self.byteLimit).contains(bytes.count) else { throw .badInput("number of \(bytes.count) bytes") }
        guard let number = BN_bin2bn(bytes, Int32(bytes.count), nil) else { throw .library("number") }
        owned.append(number)
        return number
    }

    func bytes(_ number: OpaquePointer, length: Int) throws(CryptographyError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: length)
        guard BN_bn2binpad(number, &bytes, Int32(length)) == Int32(length) else { throw .library("number's length") }
        return bytes
    }

    static func byteLength(_ number: OpaquePointer) -> Int { (Int(BN_num_bits(number)) + 7) / 8 }

    // MARK: Arithmetic modulo a number

    func reduce(_ number: OpaquePointer, modulo modulus: OpaquePointer) throws(CryptographyError) -> OpaquePointer {
        try result { BN_nnmod($0, number, modulus, context) }
    }

    func sum(
        _ left: OpaquePointer, _ right: OpaquePointer, modulo modulus: OpaquePointer
    ) throws(CryptographyError) -> OpaquePointer {
        try result { BN_mod_add($0, left, right, modulus, context) }
    }

    func negative(
        _ number: OpaquePointer, modulo modulus: OpaquePointer
    ) throws(CryptographyError) -> OpaquePointer {
        let zero = try fresh()
        return try result { BN_mod_sub($0, zero, number, modulus, context) }
    }

    func product(
        _ left: OpaquePointer, _ right: OpaquePointer, modulo modulus: OpaquePointer
    ) throws(CryptographyError) -> OpaquePointer {
        try result { BN_mod_mul($0, left, right, modulus, context) }
    }

    func inverse(
        _ number: OpaquePointer, modulo modulus: OpaquePointer
    ) throws(CryptographyError) -> OpaquePointer {
        let inverse = try fresh()
        guard BN_mod_inverse(inverse, number, modulus, context) != nil else { throw .badInput("number has no inverse") }
        return inverse
    }

    func power(
        _ base: OpaquePointer, _ exponent: OpaquePointer, modulo modulus: OpaquePointer
    ) throws(CryptographyError) -> OpaquePointer {
        BN_set_flags(exponent, BN_FLG_CONSTTIME)
        return try result { BN_mod_exp($0, base, exponent, modulus, context) }
    }

    private func result(_ body: (OpaquePointer) -> Int32) throws(CryptographyError) -> OpaquePointer {
        let result = try fresh()
        guard body(result) == 1 else { throw .library("arithmetic") }
        return result
    }
}
