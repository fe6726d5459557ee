import Testing

@testable import CardCryptography

@Suite("Groups for key agreement")
struct GroupTests {
    private static let numbers = [0, 1, 2] + Array(8...18)

    @Test("both sides agree in every standardized group, on mapped generators, too", arguments: numbers)
    func agreement(_ number: Int) throws {
        let group = try #require(try KeyAgreementGroup(standardized: number))
        let (a, b) = (try group.keyPair(), try group.keyPair())
        let nonce = [UInt8](repeating: 7, count: 16)
        let mapped = try group.genericMapping(nonce: nonce, privateKey: a.privateKey, publicKey: b.publicKey)
        #expect(try mapped == group.genericMapping(nonce: nonce, privateKey: b.privateKey, publicKey: a.publicKey))
        let (c, d) = (try group.keyPair(generator: mapped), try group.keyPair(generator: mapped))
        #expect(
            try group.sharedSecret(privateKey: c.privateKey, publicKey: d.publicKey)
                == group.sharedSecret(privateKey: d.privateKey, publicKey: c.publicKey))
        #expect(group.isElliptic || c.publicKey.first != 0)
    }

    @Test("numbers that the standard keeps free are no groups", arguments: [-1, 3, 4, 5, 6, 7, 19, 31, 255])
    func free(_ number: Int) throws { #expect(try KeyAgreementGroup(standardized: number) == nil) }

    @Test(
        "the primes are those of RFC 5114: length, beginning and end",
        arguments: [
            (0, 1024, "B10B8F96A080E01D", "BC2E4A4371", 160), (1, 2048, "AD107E1E9123A9D0", "0C10E64F", 224),
            (2, 2048, "87A8E61DB4B6663C", "1E1A1597", 256),
        ])
    func primes(_ number: Int, _ bits: Int, _ start: String, _ end: String, _ orderBits: Int) throws {
        let group = try #require(try ModularGroup.standardized(number))
        #expect(group.prime.count * 8 == bits && group.prime.starts(with: hex(start)))
        #expect(Array(group.prime.suffix(hex(end).count)) == hex(end))
        #expect(group.order?.count == orderBits / 8)
    }

    @Test(
        "integrated mapping gives a point of the curve for any number but zero; NIST P-224 has none",
        arguments: EllipticCurve.allCases)
    func pointEncoding(_ curve: EllipticCurve) throws {
        for seed in [UInt8(2), 3, 99, 200] {
            let number = [UInt8](repeating: seed, count: curve.fieldLength + 16)
            guard curve.hasIntegratedMapping else {
                #expect(throws: CryptographyError.self) { try curve.encodePoint(number) }
                continue
            }
            let point = try curve.encodePoint(number)
            #expect(point.count == 1 + 2 * curve.fieldLength)
            try curve.check(point)
        }
        #expect(throws: CryptographyError.self) { try curve.encodePoint([0, 0]) }
    }

    @Test("a group with a wrong order, an even or a short prime, a generator out of range is refused")
    func badGroups() throws {
        let good = try #require(try ModularGroup.standardized(0))
        let order = try #require(good.order)
        #expect(try ModularGroup(prime: good.prime, generator: good.generator, order: order) == good)
        var even = good.prime
        even[127] ^= 1
        var wrong = order
        wrong[19] ^= 2
        #expect(throws: CryptographyError.self) { try ModularGroup(prime: even, generator: good.generator, order: nil) }
        #expect(throws: CryptographyError.self) {
            try ModularGroup(prime: good.prime, generator: good.generator, order: wrong)
        }
        #expect(throws: CryptographyError.self) { try ModularGroup(prime: [7], generator: [2], order: nil) }
        for generator in [[0], [1], good.prime] {
            #expect(throws: CryptographyError.self) {
                try ModularGroup(prime: good.prime, generator: generator, order: nil)
            }
        }
        let long = [UInt8](repeating: 0xFF, count: 700)
        #expect(throws: CryptographyError.self) { try ModularGroup(prime: long, generator: [2], order: nil) }
    }

    @Test(
        "a quotient of private keys, times the divisor's public key, is the dividend's",
        arguments: EllipticCurve.allCases)
    func quotient(_ curve: EllipticCurve) throws {
        let (dividend, divisor) = (try curve.randomPrivateKey(), try curve.randomPrivateKey())
        let quotient = try curve.quotient(dividend, by: divisor)
        #expect(
            try curve.sharedPoint(privateKey: quotient, publicKey: curve.publicKey(of: divisor))
                == curve.publicKey(of: dividend))
    }
}

@Suite("Public keys and signatures")
struct SubjectPublicKeyTests {
    @Test("ECDSA in the plain format, on every curve", arguments: EllipticCurve.allCases)
    func ecdsa(_ curve: EllipticCurve) throws {
        let key = try SigningKey.ecdsa(on: curve)
        let publicKey = try SubjectPublicKey(try key.publicKey())
        guard case .keyAgreement(.curve(let read), _) = publicKey.kind else {
            Issue.record("\(publicKey.kind)")
            return
        }
        #expect(read == curve)
        let signature = try key.ecdsa([1, 2, 3], hash: .sha256)
        #expect(signature.count == 2 * curve.fieldLength)
        #expect(try publicKey.verifyECDSA(signature, of: [1, 2, 3], hash: .sha256))
        #expect(try !publicKey.verifyECDSA(signature, of: [1, 2, 4], hash: .sha256))
        #expect(try !publicKey.verifyECDSA(signature, of: [1, 2, 3], hash: .sha384))
    }

    @Test("the raw RSA operation undoes itself, and takes no block of another length or above the modulus")
    func rawRSA() throws {
        let key = try SigningKey.rsa(bits: 1024)
        let publicKey = try SubjectPublicKey(try key.publicKey())
        #expect(publicKey.kind == .rsa(bits: 1024))
        let block = [0x6A] + [UInt8](repeating: 3, count: 127)
        let signature = try key.rawRSA(block)
        #expect(try publicKey.recover(signature) == block)
        let complement = try publicKey.complement(signature)
        #expect(try publicKey.complement(complement) == signature)
        #expect(try publicKey.recover(complement) == publicKey.complement(block))
        #expect(throws: CryptographyError.self) { try publicKey.recover([1]) }
        #expect(throws: CryptographyError.self) { try publicKey.recover([UInt8](repeating: 0xFF, count: 128)) }
    }

    @Test("what is no key, or too long to be one, is refused before it is decoded")
    func refused() {
        for bytes in [[], [0x30], [0x30, 0x00], [UInt8](repeating: 0x30, count: 5000)] as [[UInt8]] {
            #expect(throws: CryptographyError.self) { try SubjectPublicKey(bytes) }
        }
    }
}
