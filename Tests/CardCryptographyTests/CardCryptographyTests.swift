import Testing

@testable import CardCryptography

@Suite("Symmetric cryptography of chip cards")
struct SymmetricTests {
    @Test("keys of basic access control (ICAO 9303-11, D.2) have odd parity")
    func tripleDESKeys() throws {
        let seed = try HashFunction.sha1.hash(Array("L898902C<369080619406236".utf8)).prefix(16)
        #expect(Array(seed) == hex("239AB9CB282DAF66231DC5A4DF6BFBAE"))
        #expect(
            try KeyDerivation.key(.encryption, from: Array(seed), for: .tripleDES)
                == hex("AB94FDECF2674FDFB9B391F85D7F76F2"))
        #expect(
            try KeyDerivation.key(.authentication, from: Array(seed), for: .tripleDES)
                == hex("7962D9ECE03D1ACD4C76089DCE131543"))
    }

    @Test("the key from a PACE password (ICAO 9303-11, G.1)")
    func passwordKey() throws {
        let secret = hex("7E2D2A41C74EA0B38CD36F863939BFA8E9032AAD")
        #expect(try HashFunction.sha1.hash(Array("T22000129364081251010318".utf8)) == secret)
        #expect(
            try KeyDerivation.key(.password, from: secret, for: .aes128)
                == hex("89DED1B26624EC1E634C1989302849DD"))
    }

    @Test("key lengths follow the cipher", arguments: CardCipher.allCases)
    func keyLengths(_ cipher: CardCipher) throws {
        #expect(try KeyDerivation.key(.encryption, from: [1, 2, 3], for: cipher).count == cipher.keyLength)
    }

    @Test("CBC undoes itself, and refuses anything but whole blocks", arguments: CardCipher.allCases)
    func roundTrip(_ cipher: CardCipher) throws {
        let key = [UInt8](0..<UInt8(cipher.keyLength))
        let plain = ISOPadding.added(to: Array("Nguyễn Văn A".utf8), block: cipher.blockLength)
        let secret = try cipher.encrypt(plain, key: key, initializationVector: cipher.zeroBlock)
        #expect(secret != plain)
        #expect(try cipher.decrypt(secret, key: key, initializationVector: cipher.zeroBlock) == plain)
        #expect(throws: CryptographyError.self) {
            try cipher.encrypt([1, 2, 3], key: key, initializationVector: cipher.zeroBlock)
        }
        #expect(throws: CryptographyError.self) {
            try cipher.encrypt(plain, key: [1], initializationVector: cipher.zeroBlock)
        }
        #expect(throws: CryptographyError.self) { try cipher.encrypt(plain, key: key, initializationVector: [0]) }
    }

    @Test(
        "CMAC with AES-128 (NIST SP 800-38B, D.1)",
        arguments: [
            ("", "BB1D6929E95937287FA37D129B756746"),
            ("6BC1BEE22E409F96E93D7E117393172A", "070A16B46B4D4144F79BDD9DD04A287C"),
            (
                "6BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E5130C81C46A35CE411",
                "DFA66747DE9AE63030CA32611497C827"
            ),
        ])
    func cmac(message: String, code: String) throws {
        #expect(
            try CMAC.code(of: hex(message), key: hex("2B7E151628AED2A6ABF7158809CF4F3C"), cipher: .aes128)
                == hex(code))
    }

    @Test("retail MAC of the authentication cryptogram (ICAO 9303-11, D.3)")
    func retailMAC() throws {
        #expect(
            try CardCipher.tripleDES.authenticationCode(
                of: hex("72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F2"),
                key: hex("7962D9ECE03D1ACD4C76089DCE131543")) == hex("5F1448EEA8AD90A7"))
    }

    @Test("padding is always added, and removed only where it is")
    func padding() {
        #expect(ISOPadding.added(to: [], block: 8) == hex("8000000000000000"))
        #expect(ISOPadding.added(to: hex("0102030405060708"), block: 8) == hex("0102030405060708 8000000000000000"))
        #expect(ISOPadding.removed(from: hex("0180000000000000")) == [1])
        #expect(ISOPadding.removed(from: hex("0000")) == nil)
        #expect(ISOPadding.removed(from: hex("0101")) == nil)
        #expect(ISOPadding.removed(from: []) == nil)
    }

    @Test(
        "hashes of the empty message (FIPS 180-4)",
        arguments: [
            (HashFunction.sha1, "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709"),
            (.sha224, "D14A028C2A3A2BC9476102BB288234C415A2B01F828EA62AC5B3E42F"),
            (.sha256, "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"),
        ])
    func hashes(function: HashFunction, digest: String) throws {
        #expect(try function.hash([]) == hex(digest))
        #expect(function.length == hex(digest).count)
    }
}

@Suite("Curve arithmetic")
struct CurveTests {
    let terminal = hex("7F4EF07B9EA82FD78AD689B38D0BC78CF21F249D953BC46F4C6E19259C010F99")
    let chip = hex("498FF49756F2DC1587840041839A85982BE7761D14715FB091EFA7BCE9058560")

    @Test("generic mapping on brainpoolP256r1 (ICAO 9303-11, G.1)")
    func genericMapping() throws {
        let curve = EllipticCurve.brainpoolP256r1
        let chipPoint = hex(
            """
            04 824FBA91C9CBE26BEF53A0EBE7342A3BF178CEA9F45DE0B70AA601651FBA3F57
            30D8C879AAA9C9F73991E61B58F4D52EB87A0A0C709A49DC63719363CCD13C54
            """)
        #expect(try curve.publicKey(of: chip) == chipPoint)
        let shared = try curve.sharedPoint(privateKey: terminal, publicKey: chipPoint)
        #expect(
            shared
                == hex(
                    """
                    04 60332EF2450B5D247EF6D3868397D398852ED6E8CAF6FFEEF6BF85CA57057FD5
                    0840CA7415BAF3E43BD414D35AA4608B93A2CAF3A4E3EA4E82C9C13D03EB7181
                    """))
        let generator = try curve.genericMapping(nonce: hex("3F00C4D39D153F2B2A214A078D899B22"), sharedPoint: shared)
        #expect(
            generator
                == hex(
                    """
                    04 8CED63C91426D4F0EB1435E7CB1D74A46723A0AF21C89634F65A9AE87A9265E2
                    8C879506743F8611AC33645C5B985C80B5F09A0B83407C1B6A4D857AE76FE522
                    """))
        let ephemeral = hex("107CF58696EF6155053340FD633392BA81909DF7B9706F226F32086C7AFF974A")
        let publicKey = try curve.publicKey(
            of: hex("A73FB703AC1436A18E0CFA5ABB3F7BEC7A070E7A6788486BEE230C4A22762595"), generator: generator)
        #expect(
            try curve.sharedSecret(privateKey: ephemeral, publicKey: publicKey)
                == hex("28768D20701247DAE81804C9E780EDE582A9996DB4A315020B2733197DB84925"))
    }

    @Test("both sides agree on every named curve", arguments: EllipticCurve.allCases)
    func agreement(_ curve: EllipticCurve) throws {
        let (a, b) = (try curve.randomPrivateKey(), try curve.randomPrivateKey())
        #expect(a != b)
        #expect(
            try curve.sharedSecret(privateKey: a, publicKey: curve.publicKey(of: b))
                == curve.sharedSecret(privateKey: b, publicKey: curve.publicKey(of: a)))
    }

    @Test("a point that is not on the curve is refused, so is infinity, so is a private key out of range")
    func refusals() throws {
        let curve = EllipticCurve.brainpoolP256r1
        var point = try curve.generator()
        point[64] ^= 1
        #expect(throws: CryptographyError.self) { try curve.sharedPoint(privateKey: chip, publicKey: point) }
        #expect(throws: CryptographyError.self) { try curve.sharedPoint(privateKey: chip, publicKey: [0]) }
        #expect(throws: CryptographyError.self) { try curve.sharedPoint(privateKey: chip, publicKey: []) }
        #expect(throws: CryptographyError.self) { try curve.publicKey(of: [0]) }
        #expect(throws: CryptographyError.self) { try curve.publicKey(of: [UInt8](repeating: 0xFF, count: 32)) }
        #expect(throws: CryptographyError.self) { try curve.publicKey(of: [UInt8](repeating: 1, count: 500)) }
    }

    @Test("secrets are compared whole")
    func comparison() {
        #expect(ConstantTime.equal([1, 2], [1, 2]))
        #expect(!ConstantTime.equal([1, 2], [1, 3]))
        #expect(!ConstantTime.equal([1], [1, 2]))
        #expect(SecureRandom.bytes(16).count == 16)
    }
}
