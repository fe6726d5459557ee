/// What a chip turned out to take, beyond what the standards say. The next chip of the same kind is read like that from the
/// first command on, see `ChipProfiles`.
public struct ChipHabits: Sendable, Equatable {
    /// The longest response, in bytes, that the chip gives and the way to it carries; nil when one of them has short
    /// commands only.
    public var extendedResponse: Int?
    /// nil until a channel to the chip stood once.
    public var block: BlockSize?
    /// Files are read by their short identifier, without SELECT; nil while unknown.
    public var readsByShortIdentifier: Bool?
    /// A read that reaches beyond the end of a file is answered with what there is (9000 or 6282), so that a small file costs
    /// one command. nil while unknown.
    public var answersBeyondEnd: Bool?
    /// MSE:Set AT wants the domain parameters named (tag 84).
    public var namesParameter = false

    public init() {}
}
