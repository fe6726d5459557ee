/// Command and response units of ISO/IEC 7816-4.
public enum APDU {
    public struct Command: Sendable, Hashable {
        public var cla: UInt8
        public var ins: UInt8
        public var p1: UInt8
        public var p2: UInt8
        public var data: [UInt8]
        /// The number of bytes expected, 1 to 65,536; nil when none is expected.
        public var le: Int?

        public init(cla: UInt8 = 0, ins: UInt8, p1: UInt8, p2: UInt8, data: [UInt8] = [], le: Int? = nil) {
            self.cla = cla
            self.ins = ins
            self.p1 = p1
            self.p2 = p2
            self.data = data
            self.le = le
        }

        /// Whether Lc or Le needs the three-byte form.
        public var isExtended: Bool { data.count > 255 || (le ?? 0) > 256 }

        /// ISO/IEC 7816-4, 5.2: short form where both fit, extended form otherwise.
        public var bytes: [UInt8] {
            var bytes = [cla, ins, p1, p2]
            if isExtended {
                if !data.isEmpty {
                    bytes += [0, UInt8(truncatingIfNeeded: data.count >> 8), UInt8(truncatingIfNeeded: data.count)]
                    bytes += data
                }
                if let le {
                    if data.isEmpty { bytes.append(0) }
                    bytes += [UInt8(truncatingIfNeeded: le >> 8), UInt8(truncatingIfNeeded: le)]
                }
            } else {
                if !data.isEmpty { bytes += [UInt8(truncatingIfNeeded: data.count)] + data }
                if let le { bytes.append(UInt8(truncatingIfNeeded: le)) }
            }
            return bytes
        }
    }

    public struct Response: Sendable, Hashable {
        public var data: [UInt8]
        public var status: StatusWord

        public init(data: [UInt8] = [], status: StatusWord) {
            self.data = data
            self.status = status
        }

        /// - Returns: nil when there are not even two bytes of status.
        public init?(bytes: [UInt8]) {
            guard bytes.count >= 2 else { return nil }
            data = Array(bytes.dropLast(2))
            status = StatusWord(UInt16(bytes[bytes.count - 2]) << 8 | UInt16(bytes[bytes.count - 1]))
        }
    }

    /// SW1-SW2 (ISO/IEC 7816-4, 5.6).
    public struct StatusWord: Sendable, Hashable, CustomStringConvertible {
        public var value: UInt16
        public init(_ value: UInt16) { self.value = value }

        public static let success = StatusWord(0x9000)
        public var isSuccess: Bool { value == 0x9000 }
        public var sw1: UInt8 { UInt8(value >> 8) }
        public var sw2: UInt8 { UInt8(value & 0xFF) }

        public var description: String {
            let digits = String(value, radix: 16, uppercase: true)
            return String(repeating: "0", count: 4 - digits.count) + digits
        }
    }
}

/// A way to one card: send a command, get its response. The CCID driver is one; secure messaging wraps another.
public protocol CardChannel: Sendable {
    /// The longest command and response, in bytes, that one exchange carries: 261 and 258 for short APDUs.
    var maximumCommandLength: Int { get async }
    /// The answer to reset (ISO/IEC 7816-3, 8.2); empty where nobody knows it. Contactless readers make one up:
    /// `3B 8n 80 01 …` (PC/SC part 3, 3.1.3.2.3).
    var answerToReset: [UInt8] { get async }
    func transmit(_ command: APDU.Command, deadline: Duration) async throws(SmartCardError) -> APDU.Response
    /// Powers the card down and up again: every session with it is over.
    func resetCard() async throws(SmartCardError)
}

extension CardChannel {
    public var answerToReset: [UInt8] { get async { [] } }
}

public enum SmartCardError: Error, Sendable, Equatable {
    case noCard
    /// The card left during the exchange.
    case removed
    /// The card does not answer (CCID error FEh), even after the reader was reset.
    case mute
    case readerGone
    /// Another program holds the reader, usually pcscd; its name where that is known.
    case busy(String?)
    case accessDenied(String)
    /// A reader of a kind that this driver does not serve; the text says which and what to use instead.
    case notSupported(String)
    case timedOut
    /// The reader refused or broke the protocol; the text is for the log.
    case reader(String)
    case cancelled
}
