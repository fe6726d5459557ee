import CPCSC
import Foundation

/// What pcscd knows of one reader.
struct PCSCReaderState: Sendable, Equatable {
    var name: String
    /// SCARD_STATE_ bits; in the upper half pcsc-lite counts events.
    var bits: UInt
    /// The answer to reset of the card; empty without one.
    var answerToReset: [UInt8]

    init(name: String, bits: UInt = 0, answerToReset: [UInt8] = []) {
        self.name = name
        self.bits = bits
        self.answerToReset = answerToReset
    }

    var hasCard: Bool { bits & UInt(SCARD_STATE_PRESENT) != 0 }
    var isUsable: Bool { bits & UInt(SCARD_STATE_UNKNOWN | SCARD_STATE_UNAVAILABLE) == 0 }
    /// How often a card came or went since pcscd runs.
    var events: Int { Int(bits >> 16 & 0xFFFF) }
    var isMute: Bool { bits & UInt(SCARD_STATE_MUTE) != 0 }
}

extension PCSCReaderState {
    init(_ name: String, _ entry: SCARD_READERSTATE) {
        let length = min(Int(entry.cbAtr), Int(MAX_ATR_SIZE))
        let bytes = withUnsafeBytes(of: entry.rgbAtr) { Array($0.prefix(length)) }
        self.init(
            name: name, bits: UInt(entry.dwEventState) & ~UInt(SCARD_STATE_CHANGED), answerToReset: bytes)
    }
}

extension SCARD_READERSTATE {
    /// The name is a copy that the caller frees.
    init(_ state: PCSCReaderState) {
        self.init()
        szReader = UnsafePointer(strdup(state.name))
        dwCurrentState = DWORD(state.bits)
    }
}
