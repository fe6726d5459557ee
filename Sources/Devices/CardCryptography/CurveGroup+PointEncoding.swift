import COpenSSL

extension CurveGroup {
    /// The deterministic encoding of a number as a point (ICAO 9303-11, appendix B.2, after Brier, Coron, Icart, Madore,
    /// Randriam, Tibouchi: "Efficient Indifferentiable Hashing into Ordinary Elliptic Curves"). It exists where the
    /// field's prime is 3 modulo 4; all named curves but NIST P-224 have one.
    func encodePoint(_ number: [UInt8]) throws(CryptographyError) -> [UInt8] {
        let n = try Numbers()
        let (p, a, b) = (try n.fresh(), try n.fresh(), try n.fresh())
        guard EC_GROUP_get_curve(group, p, a, b, context) == 1 else { throw .library("curve parameters") }
        guard BN_mod_word(p, 4) == 3 else { throw .badInput("the curve has no integrated mapping") }
        let t = try n.reduce(try n.number(number), modulo: p)
        guard BN_is_zero(t) == 0 else { throw .badInput("number is 0") }

        let one = try n.number([1])
        let tSquared = try n.product(t, t, modulo: p)
        let alpha = try n.negative(tSquared, modulo: p)
        let alphaSum = try n.sum(alpha, try n.product(alpha, alpha, modulo: p), modulo: p)
        let bracket = try n.sum(one, try n.inverse(alphaSum, modulo: p), modulo: p)
        let ratio = try n.negative(try n.product(b, try n.inverse(a, modulo: p), modulo: p), modulo: p)
        let x2 = try n.product(ratio, bracket, modulo: p)
        let x3 = try n.product(alpha, x2, modulo: p)
        let cube = try n.product(x2, try n.product(x2, x2, modulo: p), modulo: p)
        let h2 = try n.sum(try n.sum(cube, try n.product(a, x2, modulo: p), modulo: p), b, modulo: p)
        let u = try n.product(try n.product(tSquared, t, modulo: p), h2, modulo: p)

        // p − 1 − (p + 1) / 4
        let (exponent, quarter) = (try n.fresh(), try n.fresh())
        guard BN_copy(quarter, p) != nil, BN_add_word(quarter, 1) == 1, BN_rshift(quarter, quarter, 2) == 1,
            BN_copy(exponent, p) != nil, BN_sub_word(exponent, 1) == 1, BN_sub(exponent, exponent, quarter) == 1
        else { throw .library("arithmetic") }
        let root = try n.power(h2, exponent, modulo: p)
        let isSquare = BN_is_one(try n.product(try n.product(root, root, modulo: p), h2, modulo: p)) == 1
        let (x, y) =
            isSquare ? (x2, try n.product(root, h2, modulo: p)) : (x3, try n.product(root, u, modulo: p))

        let length = Numbers.byteLength(p)
        let point = [0x04] + (try n.bytes(x, length: length)) + (try n.bytes(y, length: length))
        try check(point)
        return point
    }

    /// dividend / divisor modulo the group's order, as the chip of PACE with chip authentication mapping computes it.
    func quotient(_ dividend: [UInt8], by divisor: [UInt8]) throws(CryptographyError) -> [UInt8] {
        let n = try Numbers()
        guard let order = EC_GROUP_get0_order(group) else { throw .library("order") }
        let inverse = try n.inverse(try n.number(divisor), modulo: order)
        let quotient = try n.product(try n.number(dividend), inverse, modulo: order)
        return try n.bytes(quotient, length: Numbers.byteLength(order))
    }
}
