import CardCryptography

/// The chip's end of secure messaging (ICAO 9303-11, 9.8), written from the chip's side.
struct ChipMessaging: Sendable {
    private let cipher: CardCipher
    private let encryption: [UInt8]
    private let authentication: [UInt8]
    /// The send sequence counter, most significant byte first.
    private var counter: [UInt8]

    init(cipher: CardCipher, secret: [UInt8], counter: [UInt8]) throws {
        self.cipher = cipher
        encryption = try KeyDerivation.key(.encryption, from: secret, for: cipher)
        authentication = try KeyDerivation.key(.authentication, from: secret, for: cipher)
        self.counter = counter
    }

    /// The keys themselves, for the published examples.
    init(cipher: CardCipher, encryption: [UInt8], authentication: [UInt8], counter: [UInt8]) {
        self.cipher = cipher
        self.encryption = encryption
        self.authentication = authentication
        self.counter = counter
    }

    /// The longest data whose protected answer has 256 bytes: DO'87' with a padding indicator and at least one byte of padding,
    /// DO'99', DO'8E'.
    var longestShortData: Int { (256 - 4 - 10 - 4) / cipher.blockLength * cipher.blockLength - 1 }

    /// Checks and opens a command. The status of a refusal goes out unprotected, and the session is over: 6987 an object is
    /// missing, 6988 an object is wrong.
    mutating func open(_ command: ChipCommand) throws -> ChipCommand {
        advance()
        guard let objects = ChipTLV.parse(command.data) else { throw Refusal(status: 0x6988) }
        var protected: [UInt8] = []
        var code: [UInt8]?
        var plain = command
        plain.cla = command.cla & 0xF3
        plain.data = []
        plain.le = nil
        for (tag, content) in objects {
            switch tag {
            case 0x8E: code = content
            case 0x87:
                guard content.first == 1 else { throw Refusal(status: 0x6988) }
                plain.data = try decipher(Array(content.dropFirst()))
            case 0x85: plain.data = try decipher(content)
            case 0x97:
                guard (1...2).contains(content.count) else { throw Refusal(status: 0x6988) }
                let value = content.reduce(0) { $0 * 256 + Int($1) }
                plain.le = value != 0 ? value : content.count == 1 ? 256 : 65_536
            default: throw Refusal(status: 0x6988)
            }
            if tag != 0x8E { protected += ChipTLV.object(tag, content) }
        }
        guard let code else { throw Refusal(status: 0x6987) }
        let header = padded([command.cla, command.ins, command.p1, command.p2])
        guard try authenticator(over: header + protected) == code else { throw Refusal(status: 0x6988) }
        return plain
    }

    mutating func close(_ answer: ChipAnswer, odd: Bool) throws -> ChipAnswer {
        advance()
        var objects: [UInt8] = []
        if !answer.data.isEmpty {
            let cryptogram = try cipher.encrypt(
                padded(answer.data), key: encryption, initializationVector: initialVector())
            objects += odd ? ChipTLV.object(0x85, cryptogram) : ChipTLV.object(0x87, [1] + cryptogram)
        }
        objects += ChipTLV.object(0x99, [UInt8(answer.status >> 8), UInt8(answer.status & 0xFF)])
        objects += ChipTLV.object(0x8E, try authenticator(over: objects))
        return ChipAnswer(data: objects, status: answer.status)
    }

    struct Refusal: Error { var status: UInt16 }

    private func decipher(_ cryptogram: [UInt8]) throws -> [UInt8] {
        guard !cryptogram.isEmpty, cryptogram.count.isMultiple(of: cipher.blockLength) else {
            throw Refusal(status: 0x6988)
        }
        let clear = try cipher.decrypt(cryptogram, key: encryption, initializationVector: initialVector())
        guard let marker = clear.lastIndex(of: 0x80), clear[(marker + 1)...].allSatisfy({ $0 == 0 }) else {
            throw Refusal(status: 0x6988)
        }
        return Array(clear[..<marker])
    }

    private func initialVector() throws -> [UInt8] {
        switch cipher {
        case .tripleDES: [UInt8](repeating: 0, count: 8)
        default: try cipher.encryptBlock(counter, key: encryption)
        }
    }

    private func authenticator(over message: [UInt8]) throws -> [UInt8] {
        let input = counter + message
        // The retail MAC pads by itself, CMAC takes what it gets.
        return try cipher.authenticationCode(of: cipher == .tripleDES ? input : padded(input), key: authentication)
    }

    private func padded(_ bytes: [UInt8]) -> [UInt8] {
        var result = bytes + [0x80]
        while result.count % cipher.blockLength != 0 { result.append(0) }
        return result
    }

    private mutating func advance() {
        var index = counter.count - 1
        while index >= 0 {
            if counter[index] < 0xFF {
                counter[index] += 1
                return
            }
            counter[index] = 0
            index -= 1
        }
    }
}
