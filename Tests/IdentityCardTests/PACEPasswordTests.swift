import CardCryptography
import SmartCard
import Testing

@testable import IdentityCard
@testable import Simulator

@Suite("PACE: passwords, choices, refusals")
struct PACEPasswordTests {
    private static let info = CardAccessFile.usual.pace[0]

    private func withSecrets() throws -> ChipTerminal {
        var protocols = ChipProtocols.vietnamese
        (protocols.pin, protocols.puk) = ("135790", "9876543210")
        return try ChipTerminal(protocols)
    }

    @Test("zone, access number, PIN and PUK each open the chip")
    func passwords() throws {
        let zone = try MRZ(lines: SyntheticCitizen.nguyenVanA.mrzLines).keyInput
        for password in [PACEPassword.mrz(zone), .can("123456"), .pin("135790"), .puk("9876543210")] {
            var terminal = try withSecrets()
            let opened = try terminal.open(Self.info, password: password)
            #expect(opened.failure == nil && opened.pace.triesLeft == nil)
        }
        var terminal = try ChipTerminal()
        #expect(
            try terminal.open(Self.info, password: .pin("135790")).failure == .rejected(APDU.StatusWord(0x6A88)))
    }

    @Test("a wrong access number is told and costs nothing but time")
    func wrongAccessNumber() throws {
        var terminal = try withSecrets()
        for _ in 0..<5 {
            #expect(try terminal.open(Self.info, password: .can("000000")).failure == .wrongPassword)
        }
        #expect(try terminal.open(Self.info).failure == nil)
    }

    @Test(
        "a PIN: two wrong tries suspend it, the access number lets the last one pass, the third blocks it, the PUK opens"
    )
    func wrongPIN() throws {
        var terminal = try withSecrets()
        var opened = try terminal.open(Self.info, password: .pin("000000"))
        #expect(opened.failure == .wrongPassword && opened.pace.triesLeft == 2)
        opened = try terminal.open(Self.info, password: .pin("000000"))
        #expect(opened.failure == .wrongPassword && opened.pace.triesLeft == 1)
        // The reader does not even ask for the nonce: that try is the holder's to spend.
        opened = try terminal.open(Self.info, password: .pin("135790"))
        #expect(opened.failure == .passwordSuspended && opened.pace.triesLeft == 1)
        #expect(
            try terminal.open(Self.info, password: .pin("135790"), resumesSuspended: true).failure == .passwordBlocked)
        #expect(try terminal.open(Self.info).failure == nil)
        opened = try terminal.open(Self.info, password: .pin("000000"), resumesSuspended: true)
        #expect(opened.failure == .wrongPassword && opened.pace.triesLeft == 0)
        #expect(try terminal.open(Self.info, password: .pin("135790")).failure == .passwordBlocked)
        terminal.chip.reset()
        terminal.messaging = nil
        #expect(try terminal.open(Self.info, password: .puk("9876543210")).failure == nil)
        terminal.chip.reset()
        terminal.messaging = nil
        #expect(try terminal.open(Self.info, password: .pin("135790")).failure == nil)
    }

    @Test("after the access number the suspended PIN's last try may be the right one, inside the session")
    func resumed() throws {
        var terminal = try withSecrets()
        for _ in 0..<2 { _ = try terminal.open(Self.info, password: .pin("000000")) }
        #expect(try terminal.open(Self.info).failure == nil)
        let opened = try terminal.open(Self.info, password: .pin("135790"), resumesSuspended: true)
        #expect(opened.failure == nil && opened.pace.triesLeft == 1)
        #expect(try terminal.selectApplication().status.isSuccess)
    }

    @Test("a chip that does not prove that it knows the password is not opened")
    func wrongToken() throws {
        var traits = SimulatedChip.Traits()
        traits.sendsWrongToken = true
        var terminal = try ChipTerminal(traits: traits)
        #expect(try terminal.open(Self.info).failure == .forged)
    }

    // MARK: Choices

    @Test("several offers: the best first, and tag 84 as soon as there is more than one set of parameters")
    func choices() throws {
        let protocols = ChipProtocols(pace: [
            .init(.dhGeneric, .aes128, parameter: 0), .init(.ecdhGeneric, .tripleDES, parameter: 12),
            .init(.ecdhGeneric, .aes128, parameter: 13), .init(.ecdhGeneric, .aes128, parameter: 17),
            .init(.ecdhIntegrated, .aes256, parameter: 13), .init(.dhGeneric, .aes256, parameter: 2),
            .init(.ecdhChipAuthentication, .aes128, parameter: 13), .init(.ecdhIntegrated, .aes128, parameter: 10),
            .init(.ecdhGeneric, .aes128, parameter: 8),
        ])
        var terminal = try ChipTerminal(protocols)
        let choices = PACEChoices(try CardAccessFile(terminal.read(0x011C)).infos)
        func name(_ info: PACEInfo) -> String {
            "\(info.algorithm.mapping) \(info.algorithm.cipher) \(info.parameter ?? -1)"
        }
        #expect(
            choices.taken.map { name($0.info) } == [
                "ecdhChipAuthentication aes128 13", "ecdhGeneric aes128 17", "ecdhGeneric aes128 13",
                "ecdhIntegrated aes256 13", "dhGeneric aes256 2", "ecdhGeneric aes128 8", "dhGeneric aes128 0",
                "ecdhGeneric tripleDES 12",
            ])
        #expect(choices.taken.allSatisfy { $0.mustNameParameter })
        #expect(choices.refused.map { name($0.info) } == ["ecdhIntegrated aes128 10"])
        for choice in choices.taken {
            terminal.chip.reset()
            terminal.messaging = nil
            #expect(try terminal.open(choice.info, namesParameter: choice.mustNameParameter).failure == nil)
        }
        terminal.chip.reset()
        terminal.messaging = nil
        #expect(
            try terminal.open(choices.taken[1].info).failure == .rejected(APDU.StatusWord(0x6A88)),
            "ambiguous without tag 84")
    }

    @Test("one set of parameters for several protocols: no tag 84")
    func unambiguous() throws {
        let protocols = ChipProtocols(pace: [
            .init(.ecdhGeneric, .aes128, parameter: 13), .init(.ecdhIntegrated, .aes256, parameter: 13),
        ])
        var terminal = try ChipTerminal(protocols)
        let choices = PACEChoices(try CardAccessFile(terminal.read(0x011C)).infos)
        #expect(choices.taken.count == 2 && choices.taken.allSatisfy { !$0.mustNameParameter })
    }

    @Test("a chip that wants tag 84 without need gets it, in the form 84 01 0D")
    func namedParameter() throws {
        var traits = SimulatedChip.Traits()
        traits.wantsParameter = true
        var terminal = try ChipTerminal(traits: traits)
        #expect(try terminal.open(Self.info).failure == .rejected(APDU.StatusWord(0x6A88)))
        #expect(try terminal.open(Self.info, namesParameter: true).failure == nil)
        #expect(
            terminal.commands.contains { $0.bytes == hex("0022C1A412 800A04007F00070202040202 830102 84010D") })
    }

    @Test("explicit domain parameters, unknown numbers and impossible pairs are refused with a reason")
    func refused() throws {
        // PACEInfo ECDH-GM, parameter 40, with PACEDomainParameterInfo id-PACE-ECDH-GM number 40; PACEInfo with parameter 3;
        // PACEInfo DH-GM with a curve; PACEInfo of version 1; one without parameter.
        let bytes = hex(
            """
            3012060A04007F00070202040202 020102 020128
            3016 060904007F000702020402 3006 060404007F00 020128
            3012060A04007F00070202040202 020102 020103
            3012060A04007F00070202040102 020102 02010D
            3012060A04007F00070202040202 020101 02010D
            300F060A04007F00070202040202 020102
            """)
        let infos = try SecurityInfos(TLV.encode(0x31, bytes))
        #expect(infos.paceDomainParameters == [PACEDomainParameters(mapping: .ecdhGeneric, parameter: 40)])
        let choices = PACEChoices(infos)
        #expect(choices.taken.isEmpty && choices.refused.map(\.info.parameter) == [40, 3, 13, nil])
        #expect(choices.refused[0].reason.contains("explicit domain parameters"))
        #expect(choices.refused[1].reason.contains("not standardized"))
        #expect(choices.refused[2].reason.contains("another kind"))
        #expect(choices.refused[3].reason.contains("no domain parameters"))
    }

    // MARK: Malicious answers

    private func response(_ text: String) -> APDU.Response {
        APDU.Response(bytes: hex(text)) ?? APDU.Response(status: APDU.StatusWord(0))
    }

    private func failure(_ step: PACE.Step) -> PACE.Failure? {
        if case .failed(let failure) = step { failure } else { nil }
    }

    @Test("modulo a prime: an echo, 0, 1, p − 1 and a number outside the subgroup end PACE")
    func badNumbers() throws {
        let group = try #require(try ModularGroup.standardized(0))
        var (less, outside) = (group.prime, [UInt8](repeating: 0, count: 128))
        less[127] -= 1
        outside[127] = 2
        let one = [UInt8](repeating: 0, count: 127) + [1]
        for bad in [[0], one, less, outside, group.prime, []] {
            var pace = try #require(
                try PACE(
                    PACEInfo(algorithm: PACEAlgorithm(mapping: .dhGeneric, cipher: .aes128), parameter: 0),
                    password: .can("123456")))
            _ = pace.start()
            _ = pace.receive(APDU.Response(status: .success))
            guard case .send(let mapping) = pace.receive(response("7C128010 95A3A016522EE98D01E76CB6B98B42C3 9000"))
            else { throw Unexpected() }
            var echoed = pace
            let echo = TLV.encode(0x7C, TLV.encode(0x82, Array(mapping.data.suffix(128))))
            #expect(failure(echoed.receive(APDU.Response(data: echo, status: .success))) == .forged)
            let data = TLV.encode(0x7C, TLV.encode(0x82, bad))
            guard case .cryptography = failure(pace.receive(APDU.Response(data: data, status: .success))) else {
                throw Unexpected()
            }
            #expect(failure(pace.receive(APDU.Response(status: .success))) == .malformedAnswer("out of turn"))
        }
    }

    @Test(
        "nonces of impossible lengths end PACE", arguments: [0, 1, 8, 15, 17, 80, 200],
        [
            PACEAlgorithm(mapping: .ecdhGeneric, cipher: .aes128), .init(mapping: .ecdhIntegrated, cipher: .aes256),
        ])
    func badNonce(length: Int, algorithm: PACEAlgorithm) throws {
        var pace = try #require(try PACE(PACEInfo(algorithm: algorithm, parameter: 13), password: .can("123456")))
        _ = pace.start()
        _ = pace.receive(APDU.Response(status: .success))
        let data = TLV.encode(0x7C, TLV.encode(0x80, [UInt8](repeating: 7, count: length)))
        #expect(
            failure(pace.receive(APDU.Response(data: data, status: .success))) == .malformedAnswer("nonce"))
    }

    @Test("integrated mapping takes an empty 82, an empty 7C and no data at all")
    func emptyMappingAnswers() throws {
        for answer in ["7C0282009000", "7C009000", "9000"] {
            let info = PACEInfo(algorithm: PACEAlgorithm(mapping: .ecdhIntegrated, cipher: .aes128), parameter: 13)
            var pace = try #require(try PACE(info, password: .can("123456")))
            _ = pace.start()
            _ = pace.receive(APDU.Response(status: .success))
            _ = pace.receive(response("7C128010 95A3A016522EE98D01E76CB6B98B42C3 9000"))
            guard case .send(let command) = pace.receive(response(answer)) else { throw Unexpected() }
            #expect(command.data.starts(with: hex("7C43 8341 04")))
        }
    }
}
