import CardCryptography
import SmartCard
import Testing

@testable import IdentityCard

/// The worked examples of ICAO 9303-11, byte for byte.
@Suite("Worked examples of ICAO 9303-11")
struct VectorTests {
    @Test("basic access control: appendix D.3, then secure messaging with 3DES: D.4")
    func basicAccessAndMessaging() throws {
        var access = try BasicAccess(
            keyInput: "L898902C<369080619406236",
            secrets: .init(nonce: hex("781723860C06C226"), key: hex("0B795240CB7049B01C19B33E32804F0B")))
        guard case .send(let challenge) = access.start() else { throw Unexpected() }
        #expect(challenge.bytes == hex("0084000008"))
        guard case .send(let authentication) = access.receive(response("4608F91988702212 9000")) else {
            throw Unexpected()
        }
        #expect(
            authentication.bytes
                == hex(
                    """
                    0082000028 72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F2
                    5F1448EEA8AD90A7 28
                    """))
        guard
            case .established(var messaging) = access.receive(
                response("46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F2F2D235D074D7449 9000"))
        else { throw Unexpected() }

        let select = try messaging.protect(APDU.Command(ins: 0xA4, p1: 0x02, p2: 0x0C, data: hex("011E")))
        #expect(select.bytes == hex("0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800"))
        let selected = try messaging.unprotect(response("990290008E08FA855A5D4C50A8ED9000"))
        #expect(selected == APDU.Response(status: .success))

        let header = try messaging.protect(APDU.Command(ins: 0xB0, p1: 0, p2: 0, le: 4))
        #expect(header.bytes == hex("0CB000000D9701048E08ED6705417E96BA5500"))
        #expect(
            try messaging.unprotect(response("8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000")).data
                == hex("60145F01"))

        let rest = try messaging.protect(APDU.Command(ins: 0xB0, p1: 0, p2: 4, le: 0x12))
        #expect(rest.bytes == hex("0CB000040D9701128E082EA28A70F3C7B53500"))
        let body = try messaging.unprotect(
            response(
                """
                871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA07D749000
                """))
        #expect(body.data == hex("04303130365F36063034303030305C026175"))
        #expect(try CommonFile(hex("60145F01") + body.data).tags == [0x61, 0x75])
    }

    @Test("one altered bit anywhere in a protected response is noticed")
    func alteredResponse() throws {
        let good = hex("8709019FF0EC34F9922651990290008E08AD55CC17140B2DED")
        for bit in 0..<good.count * 8 {
            var messaging = SecureMessaging(
                cipher: .tripleDES, encryptionKey: hex("979EC13B1CBFE9DCD01AB0FED307EAE5"),
                authenticationKey: hex("F1CB1F1FB5ADF208806B89DC579DC1F8"), counter: hex("887022120C06C228"))
            _ = try messaging.protect(APDU.Command(ins: 0xB0, p1: 0, p2: 0, le: 4))
            var bad = good
            bad[bit / 8] ^= 1 << (bit % 8)
            #expect(throws: SecureMessaging.Failure.self) {
                try messaging.unprotect(APDU.Response(data: bad, status: .success))
            }
        }
    }

    @Test("an unprotected answer ends the session")
    func sessionLost() throws {
        var messaging = SecureMessaging(
            cipher: .aes128, encryptionKey: [UInt8](repeating: 1, count: 16),
            authenticationKey: [UInt8](repeating: 2, count: 16))
        _ = try messaging.protect(APDU.Command(ins: 0xB0, p1: 0, p2: 0, le: 4))
        #expect(throws: SecureMessaging.Failure.sessionLost(APDU.StatusWord(0x6988))) {
            try messaging.unprotect(response("6988"))
        }
    }

    static let terminalSecrets = PACE.Secrets(
        mapping: hex("7F4EF07B9EA82FD78AD689B38D0BC78CF21F249D953BC46F4C6E19259C010F99"),
        agreement: hex("A73FB703AC1436A18E0CFA5ABB3F7BEC7A070E7A6788486BEE230C4A22762595"))
    static let chipMapping = """
        824FBA91C9CBE26BEF53A0EBE7342A3BF178CEA9F45DE0B70AA601651FBA3F57
        30D8C879AAA9C9F73991E61B58F4D52EB87A0A0C709A49DC63719363CCD13C54
        """
    static let chipKey = """
        9E880F842905B8B3181F7AF7CAA9F0EFB743847F44A306D2D28C1D9EC65DF6DB
        7764B22277A2EDDC3C265A9F018F9CB852E111B768B326904B59A0193776F094
        """

    @Test("PACE, ECDH with generic mapping, AES-128, brainpoolP256r1: appendix G.1")
    func pace() throws {
        let file = try CardAccessFile(hex("31143012060A04007F0007020204020202010202010D"))
        #expect(file == .usual)
        let input = MRZ.keyInput(documentNumber: "T22000129", dateOfBirth: "640812", dateOfExpiry: "101031")
        var pace = try #require(try PACE(file.pace[0], password: .mrz(input), secrets: Self.terminalSecrets))
        try expect(pace.start(), "0022C1A40F 800A04007F00070202040202 830101")
        try expect(pace.receive(response("9000")), "10860000027C0000")
        try expect(
            pace.receive(response("7C12 8010 95A3A016522EE98D01E76CB6B98B42C3 9000")),
            """
            1086000045 7C43 8141 04 7ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E
            544552DCB6725218799115B55C9BAA6D9F6BC3A9618E70C25AF71777A9C4922D 00
            """)
        try expect(
            pace.receive(response("7C43 8241 04 \(Self.chipMapping) 9000")),
            """
            1086000045 7C43 8341 04 2DB7A64C0355044EC9DF190514C625CBA2CEA48754887122F3A5EF0D5EDD301C
            3556F3B3B186DF10B857B58F6A7EB80F20BA5DC7BE1D43D9BF850149FBB36462 00
            """)
        try expect(
            pace.receive(response("7C43 8441 04 \(Self.chipKey) 9000")), "008600000C 7C0A 8508 C2B0BD78D94BA866 00")
        guard case .established(var messaging) = pace.receive(response("7C0A 8608 3ABB9674BCE93C08 9000")) else {
            throw Unexpected()
        }
        // Both keys show in the first protected command: as the standard's keys make it.
        var expected = SecureMessaging(
            cipher: .aes128, encryptionKey: hex("F5F0E35C0D7161EE6724EE513A0D9A7F"),
            authenticationKey: hex("FE251C7858B356B24514B3BD5F4297D1"))
        let command = APDU.Command(ins: 0xA4, p1: 0x02, p2: 0x0C, data: hex("011E"))
        #expect(try messaging.protect(command) == expected.protect(command))
    }

    @Test("PACE: a wrong token of the chip, an echoed key and a point off the curve end it")
    func paceRefusals() throws {
        func upToKeys() throws -> PACE {
            let input = MRZ.keyInput(documentNumber: "T22000129", dateOfBirth: "640812", dateOfExpiry: "101031")
            var pace = try #require(
                try PACE(CardAccessFile.usual.pace[0], password: .mrz(input), secrets: Self.terminalSecrets))
            _ = pace.start()
            _ = pace.receive(response("9000"))
            guard case .send(let mapping) = pace.receive(response("7C12 8010 95A3A016522EE98D01E76CB6B98B42C3 9000"))
            else { throw Unexpected() }
            var echoed = pace
            let echo = TLV.encode(0x7C, TLV.encode(0x82, Array(mapping.data.suffix(65))))
            #expect(failure(echoed.receive(APDU.Response(data: echo, status: .success))) == .forged)
            var offCurve = pace
            let point = "7C43 8241 04 \(String(Self.chipMapping.dropLast())) 5 9000"
            #expect(failure(offCurve.receive(response(point))) != nil)
            _ = pace.receive(response("7C43 8241 04 \(Self.chipMapping) 9000"))
            return pace
        }
        var pace = try upToKeys()
        _ = pace.receive(response("7C43 8441 04 \(Self.chipKey) 9000"))
        var wrongPassword = pace
        #expect(failure(pace.receive(response("7C0A 8608 3ABB9674BCE93C09 9000"))) == .forged)
        #expect(failure(wrongPassword.receive(response("6300"))) == .wrongPassword)
    }

    private func failure(_ step: PACE.Step) -> PACE.Failure? {
        if case .failed(let failure) = step { failure } else { nil }
    }

    private func expect(_ step: PACE.Step, _ bytes: String, location: SourceLocation = #_sourceLocation) throws {
        guard case .send(let command) = step else { throw Unexpected() }
        #expect(command.bytes == hex(bytes), sourceLocation: location)
    }

    private func response(_ text: String) -> APDU.Response {
        APDU.Response(bytes: hex(text)) ?? APDU.Response(status: APDU.StatusWord(0))
    }
}

/// A state machine asked for another step than the rule says.
struct Unexpected: Error {}
