/// The card on a reader, for the length of one session; afterwards every command throws `.removed`.
public struct CCIDCard: CardChannel {
    private let reader: CCIDReader
    private let session: Int
    /// The answer to reset. Contactless readers make one up: `3B 8n 80 01 …` (PC/SC part 3, 3.1.3.2.3).
    public let answerToReset: [UInt8]
    public let maximumCommandLength: Int

    init(reader: CCIDReader, session: Int, answerToReset: [UInt8], maximumCommandLength: Int) {
        self.reader = reader
        self.session = session
        self.answerToReset = answerToReset
        self.maximumCommandLength = maximumCommandLength
    }

    public func transmit(
        _ command: APDU.Command, deadline: Duration
    ) async throws(SmartCardError) -> APDU.Response {
        try await reader.transmit(command, session: session, deadline: deadline)
    }

    public func resetCard() async throws(SmartCardError) { try await reader.resetCard(session: session) }
}
