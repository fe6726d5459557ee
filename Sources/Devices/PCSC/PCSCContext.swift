import CPCSC
import Foundation

/// A connection to pcscd. Its calls block, and pcsc-lite runs one at a time on a context: use it on one thread of its own.
/// Only `cancel` may come from another.
struct PCSCContext: Sendable {
    private let handle: SCARDCONTEXT

    init() throws(PCSCError) {
        var handle: SCARDCONTEXT = 0
        try Self.check(SCardEstablishContext(DWORD(SCARD_SCOPE_SYSTEM), nil, nil, &handle), "connecting to pcscd")
        self.handle = handle
    }

    func release() { SCardReleaseContext(handle) }

    /// Ends a `waitForChange` that runs on another thread; does nothing when none runs.
    func cancel() { SCardCancel(handle) }

    static func check(_ code: LONG, _ doing: String) throws(PCSCError) {
        // Some builds of pcsc-lite sign-extend the 32-bit code.
        let code = Int(UInt32(truncatingIfNeeded: code))
        if code != 0 { throw PCSCError(code: code, doing: doing) }
    }

    /// The names of all readers; none is no error.
    func readers() throws(PCSCError) -> [String] {
        // The list may grow between the question for its length and the question for it.
        var length = DWORD(Self.longestList)
        var bytes = [CChar](repeating: 0, count: Self.longestList)
        let code = SCardListReaders(handle, nil, &bytes, &length)
        do {
            try Self.check(code, "listing readers")
        } catch  where error.code == PCSCError.noReadersAvailable {
            return []
        }
        return bytes.prefix(Int(length)).split(separator: 0).map { name in
            String(decoding: name.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    /// pcsc-lite serves 16 readers with names of at most 128 bytes.
    private static let longestList = 4096

    /// Waits until a state differs from the one given, or a reader comes or goes, at most `limit`.
    /// - Returns: the states as they are then; nil when nothing changed.
    func waitForChange(
        _ states: [PCSCReaderState], within limit: Duration, watchesPlugging: Bool = true
    ) throws(PCSCError) -> [PCSCReaderState]? {
        var entries = states.map { SCARD_READERSTATE($0) }
        // pcsc-lite, SCardGetStatusChange: this name stands for readers coming and going.
        if watchesPlugging { entries.append(SCARD_READERSTATE(PCSCReaderState(name: #"\\?PnP?\Notification"#))) }
        defer { for entry in entries { free(UnsafeMutablePointer(mutating: entry.szReader)) } }
        let milliseconds = DWORD(limit / .milliseconds(1))
        do {
            try Self.check(
                SCardGetStatusChange(handle, milliseconds, &entries, DWORD(entries.count)), "waiting for a card")
        } catch  where error.code == PCSCError.timeout {
            return nil
        }
        return zip(states, entries).map { PCSCReaderState($0.name, $1) }
    }

    /// Connects to the card of a reader.
    func connect(_ reader: String) throws(PCSCError) -> PCSCHandle {
        var card: SCARDHANDLE = 0
        var used: DWORD = 0
        try Self.check(
            SCardConnect(
                handle, reader, DWORD(SCARD_SHARE_SHARED), DWORD(SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1), &card, &used),
            "connecting to the card")
        return PCSCHandle(card)
    }
}
