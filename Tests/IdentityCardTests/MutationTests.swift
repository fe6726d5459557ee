import SmartCard
import Testing

@testable import IdentityCard
@testable import Simulator

/// Thousands of damaged inputs, the same ones at each run: every parser gives an answer or an error, and ends.
@Suite("Damaged input")
struct MutationTests {
    /// A small generator with a fixed start.
    private struct Damage {
        var state: UInt64

        mutating func number(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % max(bound, 1)
        }

        /// Flips, cuts, repeats and replaces by lengths that lie.
        mutating func damage(_ bytes: [UInt8]) -> [UInt8] {
            var bytes = bytes
            for _ in 0...number(3) where !bytes.isEmpty {
                let at = number(bytes.count)
                switch number(5) {
                case 0: bytes[at] ^= UInt8(1 << number(8))
                case 1: bytes[at] = [0x00, 0x7F, 0x80, 0x81, 0x82, 0x84, 0xFF][number(7)]
                case 2: bytes.removeSubrange(at..<min(bytes.count, at + 1 + number(8)))
                case 3: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 1 + number(16))], at: at)
                default: bytes = Array(bytes.prefix(at))
                }
            }
            return bytes
        }
    }

    private static let rounds = 1000

    @Test("the card's files")
    func files() throws {
        let files = try ChipFiles(.nguyenVanA, issuer: try #require(ReadingTests.issuer))
        let details = ChipDetails(.nguyenVanA)
        // Its image is left out: damage in it is no matter of the record.
        let portrait = Array(try PortraitRecord.dataGroup2(.nguyenVanA).prefix(200))
        var damage = Damage(state: 1)
        for _ in 0..<Self.rounds {
            _ = try? DataGroup13(damage.damage(DocumentTests.group13))
            _ = try? DataGroup11(damage.damage(details.dataGroup11))
            _ = try? DataGroup12(damage.damage(details.dataGroup12))
            _ = CardInformationFile(damage.damage(hex("47 03 C4 01 C0 7F66 08 02 02 0400 02 02 1000")))
            _ = try? DataGroup2(damage.damage(portrait))
            _ = try? DataGroup1(damage.damage(files.application[0x0101] ?? []))
            _ = try? CommonFile(damage.damage(files.application[0x011E] ?? []))
            _ = try? SecurityObject(damage.damage(files.application[0x011D] ?? []))
            _ = try? CardAccessFile(damage.damage(files.cardAccess ?? []))
            let text = damage.damage(Array(QRTests.old.utf8))
            _ = try? IdentityCardQR(String(decoding: text, as: UTF8.self))
        }
    }

    @Test("answers of a chip, to PACE, to secure messaging and to the reading of a file")
    func answers() throws {
        var damage = Damage(state: 2)
        let answers = ["7C128010 95A3A016522EE98D01E76CB6B98B42C3 9000", "7C438241 04 \(VectorTests.chipMapping) 9000"]
        for round in 0..<Self.rounds {
            let bytes = damage.damage(hex(answers[round % 2]))
            guard let answer = APDU.Response(bytes: bytes) else { continue }
            let info = CardAccessFile.usual.pace[0]
            var pace = try #require(try PACE(info, password: .can("123456"), secrets: VectorTests.terminalSecrets))
            _ = pace.start()
            _ = pace.receive(APDU.Response(status: .success))
            _ = pace.receive(answer)
            var session = SecureMessaging(
                cipher: .aes128, encryptionKey: [UInt8](repeating: 1, count: 16),
                authenticationKey: [UInt8](repeating: 2, count: 16))
            _ = try? session.unprotect(answer)
            var reading = FileReading(.dataGroup13, habits: ChipHabits(), block: BlockSize(extended: 1000, short: 223))
            var step = reading.next()
            var commands = 0
            while case .send = step {
                step = reading.receive(APDU.Response(bytes: damage.damage(bytes)) ?? answer)
                commands += 1
                guard commands < 40_000 else { throw Unexpected() }
            }
        }
    }

    @Test("commands to the simulated chip")
    func commands() throws {
        var chip = try SimulatedChip(.nguyenVanA, issuer: try #require(ReadingTests.issuer))
        var damage = Damage(state: 3)
        let commands = [
            "00A4040C07A0000002471001", "00A4020C02011C", "00B09C0000", "0022C1A40F800A04007F00070202040202830102",
            "10860000027C0000", "0084000008", "0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800",
            "00B0000000000000",
        ]
        for round in 0..<Self.rounds {
            #expect(chip.process(damage.damage(hex(commands[round % commands.count]))).bytes.count >= 2)
        }
    }
}
