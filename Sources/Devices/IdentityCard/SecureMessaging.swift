import CardCryptography
import SmartCard

/// The reader's end of a secure channel (ICAO 9303-11, 9.8): wraps commands, unwraps responses, and keeps the send
/// sequence counter exact. Pure.
public struct SecureMessaging: Sendable {
    public enum Failure: Error, Sendable, Equatable {
        /// The card answered without protection: it has ended the session.
        case sessionLost(APDU.StatusWord)
        /// The code does not belong to the response: somebody else answered, or a byte was altered.
        case wrongCode
        case malformed
        case cryptography(CryptographyError)
    }

    public let cipher: CardCipher
    private let encryptionKey: [UInt8]
    private let authenticationKey: [UInt8]
    private var counter: [UInt8]

    /// - Parameter counter: the start value, a block long: RND.IC and RND.IFD halves after BAC, zeros after PACE.
    public init(cipher: CardCipher, encryptionKey: [UInt8], authenticationKey: [UInt8], counter: [UInt8]? = nil) {
        self.cipher = cipher
        self.encryptionKey = encryptionKey
        self.authenticationKey = authenticationKey
        self.counter = counter ?? cipher.zeroBlock
    }

    /// The longest plain response that fits a protected short one of 256 bytes: DO'87' with padding, DO'99', DO'8E'.
    public var longestShortAnswer: Int { cipher == .tripleDES ? 231 : 223 }

    /// The longest plain data of a command whose protected form is still a short one.
    public var longestShortCommandData: Int { cipher == .tripleDES ? 231 : 223 }

    /// Whether the reader and the chip take extended length. Without it every command goes with a short Le, and longer
    /// answers come in pieces by GET RESPONSE.
    public var hasExtendedLength = true

    /// Bytes that protection may add to a response, at most.
    public static let overhead = 16 + 5 + 4 + 10 + 2

    public mutating func protect(_ command: APDU.Command) throws(Failure) -> APDU.Command {
        increment()
        var protected = command
        protected.cla = command.cla & 0xF0 | 0x0C
        let header = [protected.cla, command.ins, command.p1, command.p2]
        var objects: [UInt8] = []
        if !command.data.isEmpty {
            let cryptogram = try run { () throws(CryptographyError) in
                try cipher.encrypt(
                    ISOPadding.added(to: command.data, block: cipher.blockLength), key: encryptionKey,
                    initializationVector: initializationVector())
            }
            // With an odd instruction byte the data is itself TLV and goes without a padding indicator (ISO 7816-4, 6.2).
            let isOdd = command.ins & 1 != 0
            objects += TLV.encode(isOdd ? 0x85 : 0x87, (isOdd ? [] : [0x01]) + cryptogram)
        }
        if let le = command.le {
            let short = le <= 256 && command.data.count <= 255
            let value = [UInt8(truncatingIfNeeded: le >> 8), UInt8(truncatingIfNeeded: le)]
            objects += TLV.encode(0x97, short ? [value[1]] : value)
        }
        let input = counter + ISOPadding.added(to: header, block: cipher.blockLength) + objects
        objects += TLV.encode(0x8E, try code(of: input))
        protected.data = objects
        // The outer Le covers whatever protection adds; 256 and 65,536 mean "all there is". Only a read gives exactly what
        // it was asked for; elsewhere an Le of 256 is no reason for a form that the chip may not know.
        let isRead = command.ins & 0xFE == 0xB0
        let needsExtendedLength = objects.count > 255 || (command.le ?? 0) > (isRead ? longestShortAnswer : 256)
        protected.le = needsExtendedLength && hasExtendedLength ? 65_536 : 256
        guard hasExtendedLength || objects.count <= 255 else {
            throw .cryptography(.badInput("command of \(objects.count) bytes for a reader with short commands"))
        }
        return protected
    }

    public mutating func unprotect(_ response: APDU.Response) throws(Failure) -> APDU.Response {
        guard !response.data.isEmpty else { throw .sessionLost(response.status) }
        increment()
        var authenticated: [UInt8] = []
        var cryptogram: TLV?
        var status: TLV?
        var received: TLV?
        let objects: [TLV]
        do { objects = try TLV.all(in: response.data[...]) } catch { throw .malformed }
        for object in objects {
            switch object.tag {
            case 0x85, 0x87:
                guard cryptogram == nil else { throw .malformed }
                cryptogram = object
            case 0x99:
                guard status == nil else { throw .malformed }
                status = object
            case 0x8E:
                guard received == nil else { throw .malformed }
                received = object
            default: break
            }
            if object.tag != 0x8E { authenticated += object.encoded }
        }
        guard let status, status.value.count == 2, let received, received.value.count == 8 else { throw .malformed }
        guard ConstantTime.equal(try code(of: counter + authenticated), received.bytes) else { throw .wrongCode }
        let word = status.bytes
        return APDU.Response(
            data: try cryptogram.map { object throws(Failure) in try decrypt(object) } ?? [],
            status: APDU.StatusWord(UInt16(word[0]) << 8 | UInt16(word[1])))
    }

    private func decrypt(_ object: TLV) throws(Failure) -> [UInt8] {
        var cryptogram = object.bytes
        if object.tag == 0x87 {
            guard cryptogram.first == 0x01 else { throw .malformed }
            cryptogram.removeFirst()
        }
        let padded = try run { () throws(CryptographyError) in
            try cipher.decrypt(
                cryptogram, key: encryptionKey, initializationVector: initializationVector())
        }
        guard let data = ISOPadding.removed(from: padded) else { throw .malformed }
        return data
    }

    /// 3DES: zeros. AES: the encrypted counter (9.8.6.2).
    private func initializationVector() throws(CryptographyError) -> [UInt8] {
        cipher == .tripleDES ? cipher.zeroBlock : try cipher.encryptBlock(counter, key: encryptionKey)
    }

    /// The input is padded whatever its length; the retail MAC pads by itself.
    private func code(of input: [UInt8]) throws(Failure) -> [UInt8] {
        try run { () throws(CryptographyError) in
            try cipher.authenticationCode(
                of: cipher == .tripleDES ? input : ISOPadding.added(to: input, block: cipher.blockLength),
                key: authenticationKey)
        }
    }

    private func run(
        _ body: () throws(CryptographyError) -> [UInt8]
    ) throws(Failure) -> [UInt8] {
        do { return try body() } catch { throw .cryptography(error) }
    }

    private mutating func increment() {
        for index in counter.indices.reversed() {
            counter[index] &+= 1
            if counter[index] != 0 { return }
        }
    }
}
