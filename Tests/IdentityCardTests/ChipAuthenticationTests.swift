import CardCryptography
import SmartCard
import Testing

@testable import IdentityCard
@testable import Simulator

@Suite("Chip authentication")
struct ChipAuthenticationTests {
    private typealias Key = ChipProtocols.KeyAgreement

    /// Both groups of commands, every cipher, curves and primes, every encoding of the key.
    private static let keys: [ChipProtocols.KeyAgreement] =
        CardCipher.allCases.flatMap { cipher in [8, 13, 18, 0, 2].map { Key(parameter: $0, cipher: cipher) } }
        + [9, 10, 11, 12, 14, 15, 16, 17].map { Key(parameter: $0, cipher: .aes256, encoding: .explicit) }
        + [0, 1, 2, 10, 17].map { Key(parameter: $0, cipher: .aes192, keyIdentifier: 300, encoding: .standardized) }
        + [
            Key(parameter: 13, cipher: .tripleDES, keyIdentifier: 1, takesTemplate: false),
            Key(parameter: 2, cipher: .tripleDES, keyIdentifier: 0),
        ]

    @Test("the chip proves itself with the first answer under the new keys", arguments: keys, [true, false])
    func genuine(key: ChipProtocols.KeyAgreement, isExtended: Bool) throws {
        var protocols = ChipProtocols.vietnamese
        protocols.keyAgreement = [key]
        var terminal = try ChipTerminal(protocols)
        terminal.hasExtendedLength = isExtended
        try terminal.openUsually()
        let infos = try SecurityInfos(dataGroup14: terminal.read(0x010E))
        #expect(infos.unusableKeys.isEmpty)
        let choice = try #require(infos.chipAuthenticationChoices.first)
        #expect(choice.algorithm.cipher == key.cipher && choice.keyIdentifier == key.keyIdentifier)
        let isTemplate = key.cipher == .tripleDES && key.takesTemplate
        #expect(
            try terminal.authenticateChip(choice, form: isTemplate ? .keyAgreementTemplate : .generalAuthenticate)
                == nil)
        #expect(terminal.messaging?.cipher == key.cipher)
        #expect(try terminal.read(0x010D) == ChipFiles.dataGroup13(.nguyenVanA))
    }

    @Test("the commands: MSE:Set AT and GENERAL AUTHENTICATE, or MSE:Set KAT; the key's number only where it has one")
    func commands() throws {
        let curve = EllipticCurve.brainpoolP256r1
        let own = try curve.publicKey(of: [7])
        var choice = ChipAuthenticationChoice(
            algorithm: ChipAuthenticationAlgorithm(isElliptic: true, cipher: .aes128), group: .curve(curve),
            publicKey: try curve.publicKey(of: [5]))
        var machine = try ChipAuthentication(choice, privateKey: [7])
        guard case .send(let selection) = machine.start() else { throw Unexpected() }
        #expect(selection.bytes == hex("002241A4 0C 800A 04007F00070202030202"))
        guard case .send(let agreement) = machine.receive(APDU.Response(status: .success)) else { throw Unexpected() }
        #expect(agreement.bytes == hex("00860000 45 7C43 8041") + own + [0])
        choice.algorithm.cipher = .tripleDES
        choice.keyIdentifier = 0x0102
        machine = try ChipAuthentication(choice, privateKey: [7])
        guard case .send(let template) = machine.start() else { throw Unexpected() }
        #expect(template.bytes == hex("002241A6 47 9141") + own + hex("84020102"))
        #expect(throws: CryptographyError.self) {
            choice.algorithm.cipher = .aes128
            _ = try ChipAuthentication(choice, form: .keyAgreementTemplate)
        }
    }

    @Test("a key of 2048 bits goes in pieces of a short command's length, each but the last with the chaining bit")
    func pieces() throws {
        let group = try #require(try KeyAgreementGroup(standardized: 2))
        let pair = try group.keyPair()
        let choice = ChipAuthenticationChoice(
            algorithm: ChipAuthenticationAlgorithm(isElliptic: false, cipher: .aes128), group: group,
            publicKey: pair.publicKey)
        var machine = try ChipAuthentication(choice, longestCommandData: 223, privateKey: pair.privateKey)
        _ = machine.start()
        guard case .send(let first) = machine.receive(APDU.Response(status: .success)) else { throw Unexpected() }
        guard case .send(let second) = machine.receive(APDU.Response(status: .success)) else { throw Unexpected() }
        #expect(first.cla == 0x10 && first.le == nil && first.data.count == 223)
        #expect(second.cla == 0x00 && second.le == 256)
        #expect(first.data + second.data == hex("7C820104 80820100") + pair.publicKey)
    }

    @Test(
        "a clone is found: it knows another key, or says that it knows no protocol",
        arguments: ChipProtocols.Clone.allCases,
        [Key(parameter: 13, cipher: .aes128), Key(parameter: 12, cipher: .tripleDES)])
    func clone(_ clone: ChipProtocols.Clone, key: ChipProtocols.KeyAgreement) throws {
        var protocols = ChipProtocols.vietnamese
        protocols.keyAgreement = [key]
        protocols.clone = clone
        var terminal = try ChipTerminal(protocols)
        try terminal.openUsually()
        let infos = try SecurityInfos(dataGroup14: terminal.read(0x010E))
        let failure = try terminal.authenticateChip(try #require(infos.chipAuthenticationChoices.first))
        switch clone {
        case .withoutProtocols: #expect(failure == .rejected(APDU.StatusWord(0x6A80)))
        case .withOtherKeys:
            // Nothing has failed so far: the first protected command shows it.
            #expect(failure == nil)
            #expect(throws: SecureMessaging.Failure.sessionLost(APDU.StatusWord(0x6988))) {
                try terminal.read(0x010D)
            }
        }
    }

    @Test("a failure without protection ends the session; after a reset the card opens again")
    func sessionOver() throws {
        var traits = SimulatedChip.Traits()
        traits.chipAuthenticationFailure = 0x6F00
        var terminal = try ChipTerminal(traits: traits)
        try terminal.openUsually()
        let infos = try SecurityInfos(dataGroup14: terminal.read(0x010E))
        let choice = try #require(infos.chipAuthenticationChoices.first)
        #expect(throws: SecureMessaging.Failure.sessionLost(APDU.StatusWord(0x6F00))) {
            try terminal.authenticateChip(choice)
        }
        terminal.chip.reset()
        terminal.messaging = nil
        try terminal.openUsually()
        #expect(try terminal.read(0x010E).first == 0x6E)
    }

    @Test("a refusal under protection leaves the old session standing (9303-11, 6.2.2)")
    func refused() throws {
        var terminal = try ChipTerminal()
        try terminal.openUsually()
        var choice = try #require(
            try SecurityInfos(dataGroup14: terminal.read(0x010E)).chipAuthenticationChoices.first)
        choice.keyIdentifier = 9
        #expect(try terminal.authenticateChip(choice) == .rejected(APDU.StatusWord(0x6A88)))
        choice.keyIdentifier = nil
        choice.algorithm.cipher = .aes256
        #expect(try terminal.authenticateChip(choice) == .rejected(APDU.StatusWord(0x6A80)))
        #expect(try terminal.read(0x010E).first == 0x6E)
        choice.algorithm.cipher = .aes128
        #expect(try terminal.authenticateChip(choice) == nil)
        #expect(try terminal.read(0x010D).first == 0x6D)
    }

    @Test("the chip refuses a point that is not on its curve")
    func foreignPoint() throws {
        var agreement = ChipKeyAgreement(try ChipKeys(.vietnamese).agreement)
        let identifier = hex("04007F00070202030202")
        var point = try EllipticCurve.brainpoolP256r1.generator()
        point[64] ^= 1
        #expect(agreement.choose([(0x80, identifier)]) == 0x9000)
        #expect(throws: ChipMessaging.Refusal.self) {
            try agreement.agree(ChipTLV.object(0x7C, ChipTLV.object(0x80, point)))
        }
        #expect(try agreement.agree(hex("7C00")) == nil)
    }

    @Test("several keys: the strongest comes first, each is named by its number")
    func severalKeys() throws {
        var protocols = ChipProtocols.vietnamese
        protocols.keyAgreement = [
            Key(parameter: 12, cipher: .tripleDES, keyIdentifier: 1),
            Key(parameter: 13, cipher: .aes128, keyIdentifier: 2),
            Key(parameter: 17, cipher: .aes256, keyIdentifier: 3), Key(parameter: 2, cipher: .aes256, keyIdentifier: 4),
        ]
        var terminal = try ChipTerminal(protocols)
        try terminal.openUsually()
        let choices = try SecurityInfos(dataGroup14: terminal.read(0x010E)).chipAuthenticationChoices
        #expect(choices.map(\.keyIdentifier) == [3, 4, 2, 1])
        for choice in choices.reversed() {
            #expect(try terminal.authenticateChip(choice) == nil)
            #expect(try terminal.read(0x010D).first == 0x6D)
        }
    }

    @Test("a key without ChipAuthenticationInfo is for 3DES with MSE:Set KAT (9303-11, 9.2.5)")
    func unannounced() throws {
        var protocols = ChipProtocols.basicAccessOnly
        protocols.keyAgreement = [Key(parameter: 12, cipher: .tripleDES, isAnnounced: false)]
        var terminal = try ChipTerminal(protocols)
        try terminal.openUsually()
        let infos = try SecurityInfos(dataGroup14: terminal.read(0x010E))
        #expect(infos.chipAuthentication.isEmpty)
        let choice = try #require(infos.chipAuthenticationChoices.first)
        #expect(choice.algorithm == ChipAuthenticationAlgorithm(isElliptic: true, cipher: .tripleDES))
        #expect(try terminal.authenticateChip(choice) == nil)
        #expect(try terminal.read(0x010D).first == 0x6D)
    }

    @Test("every synthetic citizen's card proves itself", arguments: SyntheticCitizen.all)
    func citizens(_ citizen: SyntheticCitizen) throws {
        var terminal = try ChipTerminal(citizen)
        try terminal.openUsually()
        let infos = try SecurityInfos(dataGroup14: terminal.read(0x010E))
        #expect(try terminal.authenticateChip(try #require(infos.chipAuthenticationChoices.first)) == nil)
        #expect(try terminal.read(0x011E).first == 0x60)
        if citizen.signature != nil {
            guard case .genuine = try terminal.authenticateActively() else { throw Unexpected() }
        }
    }
}
