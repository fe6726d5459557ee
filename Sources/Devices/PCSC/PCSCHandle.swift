import CPCSC

/// A card connected through pcscd. Its calls block, `transmit` for as long as pcscd likes: use it on a thread of its own.
struct PCSCHandle: Sendable {
    private let handle: SCARDHANDLE

    /// MAX_BUFFER_SIZE_EXTENDED of pcsc-lite: 65,536 bytes and what an APDU adds to them.
    private static let longestAnswer = 4 + 3 + 65_536 + 3 + 2

    init(_ handle: SCARDHANDLE) { self.handle = handle }

    func disconnect() { SCardDisconnect(handle, DWORD(SCARD_UNPOWER_CARD)) }

    /// Waits until no other program has a transaction with the card.
    func beginTransaction() throws(PCSCError) {
        try PCSCContext.check(SCardBeginTransaction(handle), "beginning a transaction")
    }

    /// Powers the card down and up again.
    func coldReset() throws(PCSCError) {
        var used: DWORD = 0
        try PCSCContext.check(
            SCardReconnect(
                handle, DWORD(SCARD_SHARE_SHARED), DWORD(SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1),
                DWORD(SCARD_UNPOWER_CARD), &used),
            "resetting the card")
    }

    /// The answer to reset, and the protocol in use.
    func status() throws(PCSCError) -> (answerToReset: [UInt8], transmission: UInt) {
        var state: DWORD = 0
        var used: DWORD = 0
        var bytes = [UInt8](repeating: 0, count: Int(MAX_ATR_SIZE))
        var length = DWORD(bytes.count)
        var nameLength: DWORD = 0
        try PCSCContext.check(
            SCardStatus(handle, nil, &nameLength, &state, &used, &bytes, &length), "asking for the card's state")
        return (Array(bytes.prefix(Int(length))), UInt(used))
    }

    func transmit(_ command: [UInt8], transmission: UInt) throws(PCSCError) -> [UInt8] {
        var header = SCARD_IO_REQUEST(
            dwProtocol: transmission, cbPciLength: UInt(MemoryLayout<SCARD_IO_REQUEST>.size))
        var answer = [UInt8](repeating: 0, count: Self.longestAnswer)
        var length = DWORD(answer.count)
        try PCSCContext.check(
            SCardTransmit(handle, &header, command, DWORD(command.count), nil, &answer, &length),
            "sending a command")
        return Array(answer.prefix(Int(length)))
    }

    /// A request to the reader itself (PC/SC part 10).
    func control(_ code: UInt, _ bytes: [UInt8] = []) throws(PCSCError) -> [UInt8] {
        var answer = [UInt8](repeating: 0, count: 264)
        var length: DWORD = 0
        try PCSCContext.check(
            SCardControl(
                handle, DWORD(code), bytes, DWORD(bytes.count), &answer, DWORD(answer.count), &length),
            "asking the reader for its features")
        return Array(answer.prefix(Int(length)))
    }
}
