import Peripherals

/// Puts into words what goes to and comes from an ESC/POS printer, for a technician. Pictures are told by their size,
/// never by their content, and neither is text.
public struct PrinterWords: Sendable {
    /// The beginning of a command whose end has not gone out.
    private var command: [UInt8] = []
    /// Bytes of a picture that are still to come.
    private var pictureLeft = 0
    private var zeros = 0
    /// What the last `DLE EOT` asked for.
    private var question: ESCPOSStatus.Request?

    public init() {}

    /// - Returns: the commands that are complete with these bytes.
    public mutating func sent(_ bytes: [UInt8]) -> [PrinterExchange] {
        var exchanges: [PrinterExchange] = []
        var at = 0
        while at < bytes.count {
            if pictureLeft > 0 {
                let taken = min(pictureLeft, bytes.count - at)
                pictureLeft -= taken
                at += taken
                continue
            }
            let byte = bytes[at]
            at += 1
            if command.isEmpty, byte == 0 {
                zeros += 1
                continue
            }
            if zeros > 0 { exchanges.append(takeZeros()) }
            command.append(byte)
            if let text = completed() {
                exchanges.append(PrinterExchange(isFromPrinter: false, text: text, bytes: command.count + pictureLeft))
                command = []
            }
        }
        if zeros > 0 { exchanges.append(takeZeros()) }
        return exchanges
    }

    private mutating func takeZeros() -> PrinterExchange {
        defer { zeros = 0 }
        return PrinterExchange(isFromPrinter: false, text: "\(zeros) zeros", bytes: zeros)
    }

    /// The command in words when it is complete.
    private mutating func completed() -> String? {
        switch command[0] {
        case ESCPOS.dle: return realTime()
        case ESCPOS.esc: return escape()
        case ESCPOS.gs: return group()
        case 0x0A: return "LF"
        default: return "a byte of text"
        }
    }

    private mutating func realTime() -> String? {
        guard command.count >= 3 else { return nil }
        switch command[1] {
        case ESCPOS.eot:
            question = ESCPOSStatus.Request(rawValue: command[2])
            return "DLE EOT \(command[2])" + (question.map { " (\($0.words)?)" } ?? "")
        case 0x05: return "DLE ENQ \(command[2])" + (command[2] == 2 ? " (recover, and forget)" : "")
        case 0x14 where command[2] == 8:
            return command.count < ESCPOS.clearBuffers.count ? nil : "DLE DC4 8 (clear the buffers)"
        default: return "DLE \(Self.hexadecimal(command.dropFirst()))"
        }
    }

    private func escape() -> String? {
        guard command.count >= 2 else { return nil }
        switch command[1] {
        case 0x40: return "ESC @ (initialise)"
        case 0x4A: return command.count < 3 ? nil : "ESC J \(command[2]) (feed)"
        default: return "ESC \(Self.hexadecimal(command.dropFirst()))"
        }
    }

    private mutating func group() -> String? {
        guard command.count >= 3 else { return nil }
        switch command[1] {
        case 0x56:
            if command[2] < 65 { return "GS V \(command[2]) (cut)" }
            return command.count < 4 ? nil : "GS V \(command[2]) \(command[3]) (feed and cut)"
        case 0x61: return "GS a \(command[2]) (automatic status \(command[2] == 0 ? "off" : "on"))"
        case 0x72: return "GS r \(command[2]) (paper?)"
        case 0x76: return picture()
        case 0x28: return function()
        default: return "GS \(Self.hexadecimal(command.dropFirst()))"
        }
    }

    private mutating func picture() -> String? {
        guard command.count == 8 else { return nil }
        let (width, height) = (Self.word(command, 4), Self.word(command, 6))
        pictureLeft = width * height
        return "GS v 0 (picture of \(width * 8) × \(height) dots)"
    }

    private func function() -> String? {
        guard command.count >= 5 else { return nil }
        let length = Self.word(command, 3)
        guard command.count >= 5 + min(length, 64) else { return nil }
        let letter = String(UnicodeScalar(command[2]))
        if command[2] == 0x48, length == 6 {
            return "GS ( H 48 (fence \(Self.hexadecimal(command.suffix(4), separator: "")))"
        }
        return "GS ( \(letter) of \(length) bytes"
    }

    public mutating func heard(_ answer: ESCPOSAnswer) -> PrinterExchange {
        let (text, bytes): (String, Int) =
            switch answer {
            case .realTime(let byte): (realTimeAnswer(byte), 1)
            case .automatic(let bytes):
                ("ASB \(Self.hexadecimal(bytes)): \(ESCPOSStatus(automatic: bytes).condition.code)", bytes.count)
            case .fence(let id): ("fence \(Self.hexadecimal(id.bytes, separator: "")): printed", 7)
            case .cleared: ("cleared: the buffers are empty", 3)
            case .requested(let byte): ("GS r answer \(Self.hexadecimal([byte]))", 1)
            case .noise(let bytes): ("not understood: \(Self.hexadecimal(bytes.prefix(16)))", bytes.count)
            }
        return PrinterExchange(isFromPrinter: true, text: text, bytes: bytes)
    }

    private mutating func realTimeAnswer(_ byte: UInt8) -> String {
        defer { question = nil }
        guard let question else { return "DLE EOT answer \(Self.hexadecimal([byte])) that nobody asked for" }
        var status = ESCPOSStatus()
        status.apply(byte, to: question)
        return "DLE EOT \(question.rawValue) answer \(Self.hexadecimal([byte])): \(status.condition.code)"
    }

    private static func word(_ bytes: [UInt8], _ at: Int) -> Int { Int(bytes[at]) | Int(bytes[at + 1]) << 8 }

    private static func hexadecimal(_ bytes: some Collection<UInt8>, separator: String = " ") -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined(separator: separator)
    }
}

extension ESCPOSStatus.Request {
    fileprivate var words: String {
        switch self {
        case .printer: "printer"
        case .offlineCause: "why offline"
        case .errorCause: "which error"
        case .paperSensor: "paper"
        }
    }
}
