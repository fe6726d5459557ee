/// A way to whatever card lies on a reader. The CCID driver is one, PC/SC is another.
public protocol CardTerminal: Sendable {
    /// Powers the card up, hands its channel to `body`, and powers it down again. One session runs at a time; a second
    /// call waits for the first.
    ///
    /// - Throws: `.noCard` and whatever keeps the card from being powered; `body` puts its own failures into its result.
    func withCard<Outcome: Sendable>(
        _ body: @Sendable (any CardChannel) async -> Outcome
    ) async throws(SmartCardError) -> Outcome
}
