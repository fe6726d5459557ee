import CardCryptography
import SmartCard
import Synchronization
import Testing

@testable import IdentityCard
@testable import Simulator

/// ICAO 9303-11, appendices G.2, H.1, H.2 and I.1, byte for byte, from either side alone. G.1 is in `VectorTests` and
/// `SimulatedChipTests`.
@Suite("Worked examples of PACE")
struct PACEExampleTests {
    /// BER's length in front of a value.
    private func object(_ tag: String, _ value: String) -> String {
        let count = hex(value).count
        let length =
            count < 128 ? byte(count) : count < 256 ? "81" + byte(count) : "82" + byte(count >> 8) + byte(count & 255)
        return tag + length + value
    }

    private func byte(_ value: Int) -> String {
        let text = String(value, radix: 16)
        return text.count == 1 ? "0" + text : text
    }

    private func command(_ cla: String, _ tag: String, _ value: String) -> [UInt8] {
        let data = hex(object("7C", object(tag, value)))
        return hex(cla + "860000") + [UInt8(data.count)] + data + [0]
    }

    private func answer(_ objects: String...) -> APDU.Response {
        APDU.Response(data: hex(object("7C", objects.joined())), status: .success)
    }

    private func expect(_ step: PACE.Step, _ bytes: [UInt8], location: SourceLocation = #_sourceLocation) throws {
        guard case .send(let command) = step else { throw Unexpected() }
        #expect(command.bytes == bytes, sourceLocation: location)
    }

    @Test("the reader says what the example says, and gets the example's keys", arguments: PACEExample.all)
    func reader(_ example: PACEExample) throws {
        var secrets = PACE.Secrets(mapping: hex(example.readerMapping), agreement: hex(example.readerKey))
        secrets.passwordKey = hex(example.passwordKey)
        let info = PACEInfo(algorithm: example.algorithm, parameter: example.parameter)
        var pace = try #require(try PACE(info, password: .mrz(""), secrets: secrets))
        try expect(
            pace.start(),
            hex("0022C1A40F 800A") + example.algorithm.identifier + hex("830101"))
        try expect(pace.receive(APDU.Response(status: .success)), hex("10860000027C0000"))
        try expect(
            pace.receive(answer(object("80", example.encryptedNonce))), command("10", "81", example.readerMappingData))
        try expect(
            pace.receive(answer(object("82", example.chipMappingData))), command("10", "83", example.readerPublicKey))
        try expect(
            pace.receive(answer(object("84", example.chipPublicKey))), command("00", "85", example.readerToken))
        let last =
            example.encryptedData.isEmpty
            ? answer(object("86", example.chipToken))
            : answer(object("86", example.chipToken), object("8A", example.encryptedData))
        guard case .established(var messaging) = pace.receive(last) else { throw Unexpected() }
        var expected = SecureMessaging(
            cipher: .aes128, encryptionKey: hex(example.encryptionKey),
            authenticationKey: hex(example.authenticationKey))
        let select = APDU.Command(ins: 0xA4, p1: 0x02, p2: 0x0C, data: hex("011E"))
        #expect(try messaging.protect(select) == expected.protect(select))
        #expect((pace.chipAuthenticationMapping != nil) == !example.encryptedData.isEmpty)
    }

    @Test("the chip says what the example says, and gets the example's keys", arguments: PACEExample.all)
    func chip(_ example: PACEExample) throws {
        // What the example's chip draws, in order. Its static private key is not published: another one here.
        let keys = Mutex([example.chipMapping, example.chipKey].filter { !$0.isEmpty }.map(hex))
        let randomness = ChipRandomness(
            bytes: { _ in hex(example.nonce) }, privateKey: { _ in keys.withLock { $0.removeFirst() } })
        var chip = try ChipPACE(example.offer, password: [], staticKey: [1], randomness: randomness)
        chip.passwordKey = hex(example.passwordKey)
        func step(_ data: String, isLast: Bool = false) throws -> [UInt8] {
            switch try chip.step(hex(object("7C", data)), isLast: isLast) {
            case .answer(let bytes): return bytes
            case .opened(let bytes, var session):
                var expected = ChipMessaging(
                    cipher: .aes128, encryption: hex(example.encryptionKey),
                    authentication: hex(example.authenticationKey), counter: [UInt8](repeating: 0, count: 16))
                let answer = ChipAnswer(data: [1, 2, 3], status: 0x9000)
                #expect(try session.close(answer, odd: false) == expected.close(answer, odd: false))
                return bytes
            case .wrongPassword, .refused: throw Unexpected()
            }
        }
        #expect(try step("") == hex(object("7C", object("80", example.encryptedNonce))))
        #expect(
            try step(object("81", example.readerMappingData))
                == hex(object("7C", object("82", example.chipMappingData))))
        #expect(
            try step(object("83", example.readerPublicKey))
                == hex(object("7C", object("84", example.chipPublicKey))))
        let last = try step(object("85", example.readerToken), isLast: true)
        #expect(last.dropFirst(2).starts(with: hex(object("86", example.chipToken))))
    }

    @Test("I.1: the deciphered data proves the chip's static key, no other, and nothing when a bit is altered")
    func chipAuthenticationMapping() throws {
        let example = PACEExample.chipAuthenticationMapping
        func mapping(_ encrypted: [UInt8]?) throws -> ChipAuthenticationMapping {
            try ChipAuthenticationMapping(
                curve: .brainpoolP256r1, mappingKey: hex(example.chipMappingData), encrypted: encrypted,
                cipher: .aes128, key: hex(example.encryptionKey))
        }
        let good = try mapping(hex(example.encryptedData))
        #expect(good.data == hex("85DC3FA93D0952BFA82F5FD189EE75BD82F11D1F0B8ED4BF5319AC9B53C426B3"))
        #expect(good.proves(hex(example.staticPublicKey)))
        #expect(!good.proves(hex(example.chipPublicKey)))
        for bit in stride(from: 0, to: 48 * 8, by: 37) {
            var altered = hex(example.encryptedData)
            altered[bit / 8] ^= 1 << (bit % 8)
            #expect(try !mapping(altered).proves(hex(example.staticPublicKey)))
        }
        #expect(try !mapping(nil).proves(hex(example.staticPublicKey)))
        // The same key as ChipAuthenticationPublicKeyInfo, numbered 13, in a set of infos.
        let info = """
            3062060904007F000702020102 3052300C060704007F0007010202010D 034200 \(example.staticPublicKey) 02010D
            """
        let infos = try SecurityInfos(hex(object("31", info)))
        #expect(infos.chipAuthenticationKeys.map(\.keyIdentifier) == [13])
        #expect(good.proves(infos))
    }

    @Test("the pseudo-random function and the point of H.1, the pseudo-random number of H.2")
    func integratedMapping() throws {
        let (curveExample, primeExample) = (PACEExample.ecdhIntegrated, PACEExample.dhIntegrated)
        let number = try IntegratedMapping.pseudorandom(
            chipNonce: hex(curveExample.nonce), readerNonce: hex(curveExample.readerMapping), cipher: .aes128,
            fieldBits: 256)
        #expect(
            number
                == hex(
                    """
                    E4447E2DFB3586BAC05DDB00156B57FBB2179A3949294C97254189800C517BAA8DA0FF397ED8C445D3E421E4FEB57322
                    """))
        #expect(
            try EllipticCurve.brainpoolP256r1.encodePoint(number)
                == hex(
                    """
                    04 8E82D31559ED0FDE92A4D0498ADD3C23BABA94FB77691E31E90AEA77FB17D427
                    4C1AE14BD0C3DBAC0C871B7F3608169364437CA30AC243A089D3F266C1E60FAD
                    """))
        let long = try IntegratedMapping.pseudorandom(
            chipNonce: hex(primeExample.nonce), readerNonce: hex(primeExample.readerMapping), cipher: .aes128,
            fieldBits: 1024)
        #expect(long.count == 144 && long.starts(with: hex("EAB98D13E09052952AA729907C3C9461")))
        let group = try #require(try KeyAgreementGroup(standardized: 0))
        #expect(try group.encodeElement(long).starts(with: hex("1D7D767F11E333BCD6DBAEF40E799E7A")))
    }
}
