import CardCryptography
import SmartCard
import Testing

@testable import IdentityCard
@testable import Simulator

/// Both ends of the channel against each other, at the edges.
@Suite("Secure messaging")
struct SecureMessagingTests {
    private func ends(_ cipher: CardCipher, counter: [UInt8]? = nil) -> (SecureMessaging, ChipMessaging) {
        let encryption = [UInt8](1...UInt8(cipher.keyLength))
        let authentication = encryption.map { $0 ^ 0x55 }
        let start = counter ?? [UInt8](repeating: 0, count: cipher.blockLength)
        return (
            SecureMessaging(
                cipher: cipher, encryptionKey: encryption, authenticationKey: authentication, counter: start),
            ChipMessaging(cipher: cipher, encryption: encryption, authentication: authentication, counter: start)
        )
    }

    private static let commands = [
        APDU.Command(ins: 0xA4, p1: 2, p2: 0x0C, data: [1, 0x1E]), .init(ins: 0xB0, p1: 0, p2: 0, le: 256),
        .init(ins: 0xB0, p1: 0, p2: 0, le: 4096),
        .init(ins: 0x88, p1: 0, p2: 0, data: [1, 2, 3, 4, 5, 6, 7, 8], le: 256),
        .init(ins: 0xB1, p1: 0, p2: 0, data: [0x54, 2, 0x80, 0], le: 200), .init(ins: 0x20, p1: 0, p2: 0),
        .init(cla: 0x10, ins: 0x86, p1: 0, p2: 0, data: [UInt8](repeating: 9, count: 223)),
        .init(ins: 0x86, p1: 0, p2: 0, data: [UInt8](repeating: 9, count: 700), le: 65_536),
    ]

    @Test("every form of a command and of an answer passes; the counter turns over", arguments: CardCipher.allCases)
    func bothEnds(_ cipher: CardCipher) throws {
        // Three steps before the counter's end: it passes zero on the way.
        var start = [UInt8](repeating: 0xFF, count: cipher.blockLength)
        start[cipher.blockLength - 1] = 0xFC
        var (reader, chip) = ends(cipher, counter: start)
        for command in Self.commands {
            let sent = try reader.protect(command)
            let plain = try chip.open(try #require(ChipCommand(sent.bytes)))
            #expect(plain.data == command.data && plain.le == command.le)
            #expect(plain.cla == command.cla && plain.ins == command.ins)
            for data in [[], [0x53, 1, 7], [UInt8](repeating: 0x80, count: 64)] where command.le != nil || data.isEmpty
            {
                var (asker, answerer) = (reader, chip)
                let closed = try answerer.close(ChipAnswer(data: data, status: 0x6282), odd: command.ins & 1 != 0)
                let answer = try asker.unprotect(try #require(APDU.Response(bytes: closed.bytes)))
                #expect(answer == APDU.Response(data: data, status: APDU.StatusWord(0x6282)))
            }
            let closed = try chip.close(.success, odd: false)
            _ = try reader.unprotect(try #require(APDU.Response(bytes: closed.bytes)))
        }
    }

    @Test(
        "an odd instruction byte has DO'85' without a padding indicator, an even one DO'87' with",
        arguments: CardCipher.allCases)
    func oddInstruction(_ cipher: CardCipher) throws {
        var (reader, _) = ends(cipher)
        let odd = try reader.protect(APDU.Command(ins: 0xB1, p1: 0, p2: 0, data: [0x54, 1, 0], le: 10))
        let even = try reader.protect(APDU.Command(ins: 0xA4, p1: 0, p2: 0, data: [0x54, 1, 0], le: 10))
        #expect(odd.data.starts(with: [0x85, UInt8(cipher.blockLength)]))
        #expect(even.data.starts(with: [0x87, UInt8(cipher.blockLength + 1), 1]))
    }

    @Test("a repeated, a skipped and an earlier answer are refused", arguments: CardCipher.allCases)
    func order(_ cipher: CardCipher) throws {
        var (reader, chip) = ends(cipher)
        let command = APDU.Command(ins: 0xB0, p1: 0, p2: 0, le: 1)
        var answers: [APDU.Response] = []
        for _ in 0..<2 {
            _ = try chip.open(try #require(ChipCommand(try reader.protect(command).bytes)))
            let closed = try chip.close(ChipAnswer(data: [1], status: 0x9000), odd: false)
            answers.append(try #require(APDU.Response(bytes: closed.bytes)))
            var copy = reader
            _ = try copy.unprotect(answers[answers.count - 1])
            #expect(throws: SecureMessaging.Failure.wrongCode) { try copy.unprotect(answers[0]) }
            reader = copy
            // The failed try moved the copy's counter on: start over from the last good state.
            if answers.count == 1 {
                (reader, chip) = ends(cipher)
                _ = try chip.open(try #require(ChipCommand(try reader.protect(command).bytes)))
                _ = try chip.close(.success, odd: false)
                _ = try reader.unprotect(answers[0])
            }
        }
    }

    @Test("two of one object, none of one that must be there, and a wrong padding indicator are malformed")
    func malformed() throws {
        for text in [
            "99029000", "8E080000000000000000", "990290009902900 08E080000000000000000",
            "990290008E0800000000000000008E080000000000000000", "87010187010199029000 8E080000000000000000",
            "99019000 8E080000000000000000", "8502", "99029000 8E0400000000",
        ] {
            var (reader, _) = ends(.aes128)
            _ = try reader.protect(APDU.Command(ins: 0xB0, p1: 0, p2: 0, le: 1))
            #expect(throws: SecureMessaging.Failure.malformed, "\(text)") {
                try reader.unprotect(APDU.Response(data: hex(text), status: .success))
            }
        }
        var (reader, chip) = ends(.aes128)
        _ = try chip.open(
            try #require(ChipCommand(try reader.protect(APDU.Command(ins: 0xB0, p1: 0, p2: 0, le: 1)).bytes)))
        let closed = try chip.close(ChipAnswer(data: [1], status: 0x9000), odd: true)
        let answer = try #require(APDU.Response(bytes: closed.bytes))
        #expect(try reader.unprotect(answer).data == [1])
    }

    @Test(
        "a reader with short commands: short Le, data up to the limit, more is refused before it is sent",
        arguments: CardCipher.allCases)
    func shortLength(_ cipher: CardCipher) throws {
        var (reader, _) = ends(cipher)
        reader.hasExtendedLength = false
        let limit = reader.longestShortCommandData
        let data = [UInt8](repeating: 1, count: limit)
        let sent = try reader.protect(APDU.Command(ins: 0x86, p1: 0, p2: 0, data: data, le: 256))
        #expect(!sent.isExtended && sent.le == 256)
        #expect(throws: SecureMessaging.Failure.self) {
            try reader.protect(APDU.Command(ins: 0x86, p1: 0, p2: 0, data: data + [1, 1, 1, 1, 1, 1, 1, 1], le: 256))
        }
    }

    @Test("a chip without extended length proves itself to a reader that has it")
    func shortChip() throws {
        var traits = SimulatedChip.Traits()
        traits.takesExtendedLength = false
        traits.protocols = .vietnamese
        traits.protocols?.signature = .rsa(bits: 1024, .sha256)
        var terminal = try ChipTerminal(traits: traits)
        try terminal.openUsually()
        terminal.hasExtendedLength = false
        let infos = try SecurityInfos(dataGroup14: terminal.read(0x010E))
        let group15 = try terminal.read(0x010F)
        terminal.hasExtendedLength = true
        #expect(try terminal.authenticateChip(try #require(infos.chipAuthenticationChoices.first)) == nil)
        var machine = try ActiveAuthentication(dataGroup15: group15, infos: infos)
        guard case .send(let command) = machine.start() else { throw Unexpected() }
        guard case .genuine = machine.receive(try terminal.send(command)) else { throw Unexpected() }
    }
}
