import COpenSSL

/// Owns libcrypto's objects for one computation on a curve; lives and dies inside one call.
final class CurveGroup {
    let group: OpaquePointer
    let context: OpaquePointer

    init(_ curve: EllipticCurve) throws(CryptographyError) {
        guard let group = EC_GROUP_new_by_curve_name(curve.nid) else { throw .library("curve \(curve.rawValue)") }
        guard let context = BN_CTX_new() else {
            EC_GROUP_free(group)
            throw .library("number context")
        }
        self.group = group
        self.context = context
    }

    deinit {
        BN_CTX_free(context)
        EC_GROUP_free(group)
    }

    func randomScalar() throws(CryptographyError) -> [UInt8] {
        guard let order = EC_GROUP_get0_order(group), let scalar = BN_new() else { throw .library("random scalar") }
        defer { BN_clear_free(scalar) }
        var bytes = [UInt8](repeating: 0, count: Int(BN_num_bits(order) + 7) / 8)
        // Zero comes up once in 2^192 draws at most; the loop costs nothing and makes the result certain.
        repeat {
            guard BN_priv_rand_range(scalar, order) == 1 else { throw .library("random scalar") }
        } while BN_is_zero(scalar) == 1
        guard BN_bn2binpad(scalar, &bytes, Int32(bytes.count)) == Int32(bytes.count) else {
            throw .library("random scalar")
        }
        return bytes
    }

    func checkPrivateKey(_ bytes: [UInt8]) throws(CryptographyError) {
        let scalar = try number(bytes)
        defer { BN_clear_free(scalar) }
        guard BN_is_zero(scalar) == 0, BN_cmp(scalar, EC_GROUP_get0_order(group)) < 0 else {
            throw .badInput("private key out of range")
        }
    }

    func multiply(generatorBy scalar: [UInt8]) throws(CryptographyError) -> [UInt8] {
        let factor = try number(scalar)
        defer { BN_clear_free(factor) }
        return try compute { result in EC_POINT_mul(group, result, factor, nil, nil, context) }
    }

    func multiply(point: [UInt8], by scalar: [UInt8]) throws(CryptographyError) -> [UInt8] {
        let factor = try number(scalar)
        defer { BN_clear_free(factor) }
        let base = try decode(point)
        defer { EC_POINT_free(base) }
        return try compute { result in EC_POINT_mul(group, result, nil, base, factor, context) }
    }

    func multiply(generatorBy scalar: [UInt8], adding point: [UInt8]) throws(CryptographyError) -> [UInt8] {
        let factor = try number(scalar)
        defer { BN_clear_free(factor) }
        let term = try decode(point)
        defer { EC_POINT_free(term) }
        return try compute { result in
            EC_POINT_mul(group, result, factor, nil, nil, context) == 1
                ? EC_POINT_add(group, result, result, term, context) : 0
        }
    }

    /// Refuses what is no point of the curve.
    func check(_ point: [UInt8]) throws(CryptographyError) { EC_POINT_free(try decode(point)) }

    private func number(_ bytes: [UInt8]) throws(CryptographyError) -> OpaquePointer {
        guard (1...66).contains(bytes.count) else { throw .badInput("number of \(bytes.count) bytes") }
        guard let number = BN_bin2bn(bytes, Int32(bytes.count), nil) else { throw .library("number") }
        BN_set_flags(number, BN_FLG_CONSTTIME)
        return number
    }

    private func decode(_ bytes: [UInt8]) throws(CryptographyError) -> OpaquePointer {
        guard bytes.first == 4, let point = EC_POINT_new(group) else { throw .badInput("point") }
        guard EC_POINT_oct2point(group, point, bytes, bytes.count, context) == 1,
            EC_POINT_is_at_infinity(group, point) == 0, EC_POINT_is_on_curve(group, point, context) == 1
        else {
            EC_POINT_free(point)
            throw .badInput("point is not on the curve")
        }
        return point
    }

    private func compute(_ body: (OpaquePointer) -> Int32) throws(CryptographyError) -> [UInt8] {
        guard let result = EC_POINT_new(group) else { throw .library("point") }
        defer { EC_POINT_clear_free(result) }
        guard body(result) == 1 else { throw .library("point multiplication") }
        guard EC_POINT_is_at_infinity(group, result) == 0 else { throw .badInput("result is the point at infinity") }
        var bytes = [UInt8](repeating: 0, count: 133)
        let length = EC_POINT_point2oct(group, result, POINT_CONVERSION_UNCOMPRESSED, &bytes, bytes.count, context)
        guard length > 0 else { throw .library("point encoding") }
        return Array(bytes.prefix(length))
    }
}
