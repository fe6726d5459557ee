import CardCryptography
import SmartCard
import Testing

@testable import IdentityCard
@testable import Simulator

/// Our reader's PACE against the simulated chip's, in every combination that the standard allows.
@Suite("PACE, every mapping, cipher and group")
struct PACEMatrixTests {
    static let offers: [ChipProtocols.PACE] = ChipProtocols.PACE.Mapping.allCases.flatMap {
        mapping -> [ChipProtocols.PACE] in
        let isElliptic = mapping != .dhGeneric && mapping != .dhIntegrated
        return CardCipher.allCases.flatMap { cipher in
            (isElliptic ? Array(8...18) : [0, 1, 2]).compactMap { parameter -> ChipProtocols.PACE? in
                if mapping == .ecdhChipAuthentication, cipher == .tripleDES { return nil }
                if mapping == .ecdhIntegrated, parameter == 10 { return nil }
                return ChipProtocols.PACE(mapping, cipher, parameter: parameter)
            }
        }
    }

    @Test("both sides open the same channel, and the chip proves itself where the mapping does", arguments: offers)
    func channel(_ offer: ChipProtocols.PACE) throws {
        let group = try #require(try KeyAgreementGroup(standardized: offer.parameter))
        let fixed = try group.keyPair()
        var chip = try ChipPACE(offer, password: Array("123456".utf8), staticKey: fixed.privateKey, randomness: .system)
        var reader = try #require(try PACE(Self.info(offer), password: .can("123456")))
        guard case .send = reader.start() else { throw Unexpected() }
        var step = reader.receive(APDU.Response(status: .success))
        var chipSession: ChipMessaging?
        while case .send(let command) = step {
            let received = try #require(ChipCommand(command.bytes))
            switch try chip.step(received.data, isLast: received.cla & 0x10 == 0) {
            case .answer(let data): step = reader.receive(APDU.Response(data: data, status: .success))
            case .opened(let data, let session):
                chipSession = session
                step = reader.receive(APDU.Response(data: data, status: .success))
            case .wrongPassword, .refused: throw Unexpected()
            }
        }
        guard case .established(var messaging) = step, var session = chipSession else { throw Unexpected() }
        for round in 0..<3 {
            let command = APDU.Command(ins: 0xB0, p1: 0, p2: UInt8(round), le: 16)
            let opened = try session.open(try #require(ChipCommand(try messaging.protect(command).bytes)))
            #expect(opened.le == 16 && opened.p2 == UInt8(round))
            let closed = try session.close(ChipAnswer(data: [1, 2, 3], status: 0x9000), odd: false)
            #expect(try messaging.unprotect(#require(APDU.Response(bytes: closed.bytes))).data == [1, 2, 3])
        }
        if offer.mapping == .ecdhChipAuthentication {
            let mapping = try #require(reader.chipAuthenticationMapping)
            #expect(mapping.proves(fixed.publicKey))
            #expect(try !mapping.proves(group.keyPair().publicKey))
        } else {
            #expect(reader.chipAuthenticationMapping == nil)
        }
    }

    @Test("the matrix has every combination: 44 and 40 and 33 on curves, 12 and 12 modulo primes")
    func complete() { #expect(Set(Self.offers).count == 44 + 40 + 33 + 12 + 12) }

    @Test(
        "with the whole chip: EF.CardAccess tells, MSE:Set AT chooses, the application opens",
        arguments: [
            ChipProtocols.PACE(.ecdhGeneric, .tripleDES, parameter: 12), .init(.ecdhIntegrated, .aes256, parameter: 17),
            .init(.dhGeneric, .aes128, parameter: 2), .init(.dhIntegrated, .aes192, parameter: 1),
            .init(.ecdhChipAuthentication, .aes256, parameter: 18),
        ], [true, false])
    func wholeChip(offer: ChipProtocols.PACE, isExtended: Bool) throws {
        var terminal = try ChipTerminal(ChipProtocols(pace: [offer]))
        terminal.hasExtendedLength = isExtended
        let access = try CardAccessFile(terminal.read(0x011C))
        #expect(access.pace == [Self.info(offer)])
        let choice = try #require(PACEChoices(access.infos).taken.first)
        let opened = try terminal.open(choice.info, namesParameter: choice.mustNameParameter)
        #expect(opened.failure == nil)
        if offer.mapping == .ecdhChipAuthentication {
            let security = try CardSecurityContent.infos(terminal.read(0x011D))
            #expect(opened.pace.chipAuthenticationMapping?.proves(security) == true)
        }
        #expect(try terminal.selectApplication().status.isSuccess)
        #expect(try terminal.read(0x010D) == ChipFiles.dataGroup13(.nguyenVanA))
    }

    static func info(_ offer: ChipProtocols.PACE) -> PACEInfo {
        PACEInfo(
            algorithm: PACEAlgorithm(
                mapping: PACEAlgorithm.Mapping(rawValue: offer.mapping.rawValue) ?? .ecdhGeneric, cipher: offer.cipher),
            parameter: offer.parameter)
    }
}
