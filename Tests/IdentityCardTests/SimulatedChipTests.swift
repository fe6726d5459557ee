import CardCryptography
import Synchronization
import Testing

@testable import IdentityCard
@testable import Simulator

/// The chip against the published examples and the standard's access rules, without our reader.
@Suite("The simulated chip")
struct SimulatedChipTests {
    @Test("the synthetic person of the facts: zone, QR code and DG13, byte for byte")
    func facts() throws {
        let citizen = SyntheticCitizen.nguyenVanA
        #expect(citizen.mrzLines == DocumentTests.lines)
        let address = "Số 1, Phố Z, Phường X, Quận Y, Hà Nội"
        #expect(citizen.qrText == "001090123456|012345678|Nguyễn Văn A|01011990|Nam|\(address)|02052021")
        #expect(ChipFiles.dataGroup13(citizen) == DocumentTests.group13)
        for citizen in SyntheticCitizen.all { #expect(citizen.mrzLines.map(\.count) == [30, 30, 30]) }
    }

    @Test("DG2 holds a facial record whose lengths agree, with a JPEG of a real photograph's size")
    func portrait() throws {
        let group = try PortraitRecord.dataGroup2(.nguyenVanA)
        #expect(try group == PortraitRecord.dataGroup2(.nguyenVanA))
        #expect(try group != PortraitRecord.dataGroup2(.roChamLan))
        let outer = try TLV(group, tag: 0x75).children()
        let template = try #require(try outer.first?.children().last?.children().last)
        #expect(template.tag == 0x5F2E)
        let record = template.bytes
        #expect(record.starts(with: Array("FAC\u{0}010\u{0}".utf8)))
        let length = record[8..<12].reduce(0) { $0 << 8 | Int($1) }
        let block = record[14..<18].reduce(0) { $0 << 8 | Int($1) }
        #expect(length == record.count && block == record.count - 14)
        #expect(record[46..<49] == [0xFF, 0xD8, 0xFF] && (8_000...30_000).contains(record.count))
    }

    @Test("PACE from the chip's side: ICAO 9303-11, G.1")
    func pace() throws {
        let keys = Mutex([
            hex("498FF49756F2DC1587840041839A85982BE7761D14715FB091EFA7BCE9058560"),
            hex("107CF58696EF6155053340FD633392BA81909DF7B9706F226F32086C7AFF974A"),
        ])
        let randomness = ChipRandomness(
            bytes: { _ in hex("3F00C4D39D153F2B2A214A078D899B22") },
            privateKey: { _ in keys.withLock { $0.removeFirst() } })
        var chip = try ChipPACE(
            ChipProtocols.vietnamese.pace[0], password: hex("7E2D2A41C74EA0B38CD36F863939BFA8E9032AAD"),
            randomness: randomness)
        func step(_ data: String, isLast: Bool = false) throws -> [UInt8] {
            switch try chip.step(hex(data), isLast: isLast) {
            case .answer(let bytes): return bytes
            case .opened(let bytes, var session):
                // The session's keys are the example's: a command protected with those is understood.
                let other = ChipMessaging(
                    cipher: .aes128, encryption: hex("F5F0E35C0D7161EE6724EE513A0D9A7F"),
                    authentication: hex("FE251C7858B356B24514B3BD5F4297D1"), counter: [UInt8](repeating: 0, count: 16))
                var expected = other
                let answer = ChipAnswer(data: [1, 2, 3], status: 0x9000)
                #expect(try session.close(answer, odd: false) == expected.close(answer, odd: false))
                return bytes
            case .wrongPassword, .refused: throw Unexpected()
            }
        }
        #expect(try step("7C00") == hex("7C128010 95A3A016522EE98D01E76CB6B98B42C3"))
        #expect(
            try step(
                """
                7C438141 04 7ACF3EFC982EC45565A4B155129EFBC74650DCBFA6362D896FC70262E0C2CC5E
                544552DCB6725218799115B55C9BAA6D9F6BC3A9618E70C25AF71777A9C4922D
                """) == hex("7C438241 04 \(VectorTests.chipMapping)"))
        #expect(
            try step(
                """
                7C438341 04 2DB7A64C0355044EC9DF190514C625CBA2CEA48754887122F3A5EF0D5EDD301C
                3556F3B3B186DF10B857B58F6A7EB80F20BA5DC7BE1D43D9BF850149FBB36462
                """) == hex("7C438441 04 \(VectorTests.chipKey)"))
        #expect(try step("7C0A8508 C2B0BD78D94BA866", isLast: true) == hex("7C0A8608 3ABB9674BCE93C08"))
    }

    @Test("basic access control and 3DES messaging from the chip's side: ICAO 9303-11, D.3 and D.4")
    func basicAccess() throws {
        let access = try ChipBasicAccess(information: Array("L898902C<369080619406236".utf8))
        let randomness = ChipRandomness(
            bytes: { _ in hex("0B4F80323EB3191CB04970CB4052790B") }, privateKey: { _ in [] })
        let request = hex("72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F25F1448EEA8AD90A7")
        let opened = try access.authenticate(request, challenge: hex("4608F91988702212"), randomness: randomness)
        var (answer, session) = try #require(opened)
        #expect(
            answer == hex("46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F2F2D235D074D7449"))
        let select = try session.open(
            try #require(ChipCommand(hex("0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800"))))
        #expect(select.data == hex("011E") && select.cla == 0)
        answer = try session.close(.success, odd: false).bytes
        #expect(answer == hex("990290008E08FA855A5D4C50A8ED9000"))
        let read = try session.open(try #require(ChipCommand(hex("0CB000000D9701048E08ED6705417E96BA5500"))))
        #expect(read.le == 4)
        answer = try session.close(ChipAnswer(data: hex("60145F01"), status: 0x9000), odd: false).bytes
        #expect(answer == hex("8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000"))
        #expect(throws: ChipMessaging.Refusal.self) {
            try session.open(try #require(ChipCommand(hex("0CB000000D9701048E08ED6705417E96BA5500"))))
        }
    }

    @Test(
        "access rules before anything is opened",
        arguments: [
            ("00A4000C023F00", "6D00"), ("00A4020C02011C", "9000"), ("00A4020C020101", "6A82"),
            ("00A4040C07A0000002471001", "9000"), ("00A4020C020101", "6982"), ("00A4020C02011C", "6982"),
            ("00B0810000", "6982"), ("00B0000004", "6986"), ("0CB000000D9701048E08000000000000000000", "6988"),
            ("00860000027C0000", "6985"), ("0022C1A40F800A04007F00070202040203830102", "6A80"),
            ("0022C1A40F800A04007F00070202040202830103", "6A88"), ("00820000", "6985"), ("00CA000000", "6D00"),
            ("00A4", "6700"), ("00A4020C05011C", "6700"), ("0084000008", ""),
        ])
    func accessRules(command: String, status: String) throws {
        // Each rule is asked on a fresh chip, with the application selected where the rule is about it.
        var chip = try SimulatedChip(.nguyenVanA, issuer: try #require(ReadingTests.issuer))
        let needsApplication = ["6982", ""].contains(status) || command.hasPrefix("0082") || command == "00B0000004"
        if needsApplication { _ = chip.process(hex("00A4040C07A0000002471001")) }
        let answer = chip.process(hex(command)).bytes
        if status.isEmpty { #expect(answer.count == 10) } else { #expect(answer == hex(status)) }
    }

    @Test("wrong passwords are answered 6300, ever more slowly, until a right one comes")
    func delays() throws {
        var chip = try SimulatedChip(.leQuangBac, issuer: try #require(ReadingTests.issuer))
        _ = chip.process(hex("00A4040C07A0000002471001"))
        var delays: [Duration] = []
        for _ in 0..<8 {
            _ = chip.process(hex("0084000008"))
            let reaction = chip.process(hex("0082000028") + [UInt8](repeating: 0, count: 40) + [40])
            #expect(reaction.bytes == hex("6300"))
            delays.append(reaction.delay)
        }
        #expect(delays == [0, 200, 400, 800, 1600, 3200, 3200, 3200].map { .milliseconds($0) })
    }

    @Test(
        "commands whose lengths lie are refused",
        arguments: ["000102", "0001020305AA", "0001020300000200", "00010203000002AA"])
    func malformed(_ text: String) {
        #expect(ChipCommand(hex(text)) == nil)
    }
}
